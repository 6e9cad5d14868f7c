"""Who is in a section of a form just now, so that two people do not write the same twice."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from funding_app.models import SectionPresence
from funding_app.models.database import upsert

STAYS = timedelta(seconds=60)
"""How long somebody counts as present after the last sign of it."""


def note_present(
    session: Session, process_id: uuid.UUID, section: str, user_id: uuid.UUID, now: datetime
) -> None:
    """Notes that the person has the section before them."""
    seen = upsert(session, SectionPresence).values(
        process_id=process_id, section=section, user_id=user_id, seen_at=now
    )
    keys = ["process_id", "section", "user_id"]
    session.execute(seen.on_conflict_do_update(index_elements=keys, set_={"seen_at": now}))
