"""The job that draws a small picture of an uploaded file."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.file_type import ending_of
from funding_app.engine.outbox import NotYet
from funding_app.models import Attachment
from funding_app.queries.files.attachments import READABLE
from funding_app.services.files.thumbnails import record_thumbnail

if TYPE_CHECKING:
    from funding_app.jobs.drain import Workplace

log = structlog.get_logger()


def draw_thumbnail(
    place: Workplace, payload: Mapping[str, Any]
) -> Callable[[Session, datetime], None]:
    """Stores the picture beside the file; recording it is left to the last transaction.

    Raises `NotYet` while the file waits for the virus scanner; an infected one is not drawn, nor
    one that was deleted.
    """
    attachment_id = uuid.UUID(payload["attachment_id"])
    with place.database.read() as session:
        file = session.get(Attachment, attachment_id)
    if file is None or file.scan == "infected":
        return lambda session, now: None
    if file.scan not in READABLE:
        raise NotYet("the file waits for the virus scanner")
    content = place.storage.get(file.sha256)
    picture = place.examiner.thumbnail(content, ending_of(file.file_name))
    if picture is None:
        log.info("thumbnail_missing", attachment=str(attachment_id))
        return lambda session, now: _record(session, attachment_id, None, now)
    stored = place.storage.put(picture)
    return lambda session, now: _record(session, attachment_id, stored, now)


def _record(session: Session, attachment_id: uuid.UUID, sha256: str | None, now: datetime) -> None:
    """Unless the file was deleted meanwhile."""
    if session.get(Attachment, attachment_id, with_for_update=True) is not None:
        record_thumbnail(session, attachment_id, sha256, now)
