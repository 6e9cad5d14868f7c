"""When a rule value changes: the cases whose dates hang on it are dated anew, in parts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from funding_app.engine import Machinery, outbox
from funding_app.engine.maintenance.redating import redate
from funding_app.engine.tasks import dating_facts
from funding_app.models import Process, new_id
from workflows import Registry

PART = 100


def order_redating(session: Session, definitions: Registry, reason: str, now: datetime) -> int:
    """Queues every running process in a state that a fact dates; returns how many these are."""
    dated = [
        (Process.definition_key == one.key) & (Process.state == state.id)
        for one in definitions.all()
        for state in one.states.values()
        if dating_facts(state)
    ]
    found = select(Process.id).where(~Process.is_terminal, or_(*dated)).order_by(Process.id)
    waiting = session.scalars(found).all()
    key = f"redate:{new_id()}"
    for first in range(0, len(waiting), PART):
        part = [str(one) for one in waiting[first : first + PART]]
        payload = {"processes": part, "reason": reason}
        outbox.deliver(session, "redate", f"{key}:{first}", payload, now)
    return len(waiting)


def redate_part(
    session: Session, machinery: Machinery, payload: Mapping[str, Any], now: datetime
) -> int:
    """Dates one queued part anew; returns how many processes changed."""
    return sum(
        redate(session, machinery, uuid.UUID(one), payload["reason"], now)
        for one in payload["processes"]
    )
