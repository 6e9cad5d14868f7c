"""Reviewers' copies of uploaded files: ordered when they are needed, made after the commit."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from funding_app.engine import outbox
from funding_app.models import CleanCopy
from funding_app.models.database import upsert
from funding_app.queries.reviews import readable
from funding_app.queries.reviews.reviewers_files import unlooked


def prepare_copies(session: Session, case_id: uuid.UUID, now: datetime) -> None:
    """Has a copy made of every file of the case that has none; that is done after the commit."""
    for attachment_id in readable.uncleaned(session, case_id):
        key, payload = f"clean:{attachment_id}", {"attachment_id": str(attachment_id)}
        outbox.deliver(session, "clean_copy", key, payload, now)
    order_looks(session, case_id, now)


def order_looks(session: Session, case_id: uuid.UUID, now: datetime) -> None:
    """Has names looked for in the files of a case that is reviewed blind; after the commit."""
    for attachment_id in unlooked(session, case_id):
        payload = {"attachment_id": str(attachment_id)}
        outbox.deliver(session, "look_for_names", f"look:{attachment_id}", payload, now)


def record_copy(
    session: Session, attachment_id: uuid.UUID, sha256: str | None, size: int, now: datetime
) -> None:
    """Records a copy, or that there can be none."""
    values = {"attachment_id": attachment_id, "sha256": sha256, "size": size, "made_at": now}
    row = upsert(session, CleanCopy).values(values)
    session.execute(row.on_conflict_do_nothing(index_elements=["attachment_id"]))
