"""Small pictures of uploaded files: ordered once a file may be read, made after the commit."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from funding_app.engine import outbox
from funding_app.models import Thumbnail
from funding_app.models.database import upsert


def order_thumbnail(session: Session, attachment_id: uuid.UUID, now: datetime) -> None:
    """Has a picture drawn; that is done after the commit."""
    payload = {"attachment_id": str(attachment_id)}
    outbox.deliver(session, "draw_thumbnail", f"thumbnail:{attachment_id}", payload, now)


def record_thumbnail(
    session: Session, attachment_id: uuid.UUID, sha256: str | None, now: datetime
) -> None:
    """Records the picture, or that there can be none."""
    row = upsert(session, Thumbnail).values(attachment_id=attachment_id, sha256=sha256, made_at=now)
    session.execute(row.on_conflict_do_nothing(index_elements=["attachment_id"]))
