"""What a process's steps state, kept beside it: by field, and the day that it waits for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.engine.creation import Creation, begin, create
from funding_app.engine.registry import EffectContext, Machinery, ProcessRow
from funding_app.models import Procedure
from funding_app.models.database import upsert

DAY_FIELD = "until"


def recorded(session: Session, process_id: uuid.UUID) -> dict[str, Any]:
    """What the events of a process have recorded so far, by field."""
    found = session.scalar(select(Procedure.data).where(Procedure.id == process_id))
    return dict(found or {})


def record(context: EffectContext, values: Mapping[str, Any]) -> None:
    """Keeps values with the process; one of the field `until` is also its day."""
    session, process = context.session, context.process
    data = recorded(session, process.id) | dict(values)
    day = {"day": date.fromisoformat(str(values[DAY_FIELD]))} if values.get(DAY_FIELD) else {}
    row = upsert(session, Procedure).values(id=process.id, data=data, **day)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"data": data, **day}))
    held = session.get(Procedure, process.id)
    if held is not None:
        session.refresh(held)


def begin_procedure(
    session: Session,
    machinery: Machinery,
    creation: Creation,
    data: Mapping[str, Any] | None = None,
) -> ProcessRow:
    """A new procedure, at once with what is known about it; its field `until` is its day."""
    process = create(session, machinery, creation)
    until = (data or {}).get(DAY_FIELD)
    day = date.fromisoformat(until) if until else None
    session.add(Procedure(id=process.id, data=dict(data or {}), day=day))
    begin(session, machinery, process)
    return process
