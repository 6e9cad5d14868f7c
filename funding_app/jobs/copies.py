"""The job that makes a reviewer's copy of an uploaded file."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.cleaning import NotCleanable, clean_apart
from funding_app.adapters.content import ending_of
from funding_app.engine.outbox import NotYet
from funding_app.models import Attachment
from funding_app.queries.attachments import READABLE
from funding_app.services.copies import record_copy

if TYPE_CHECKING:
    from funding_app.jobs.drain import Workplace

log = structlog.get_logger()


def clean_copy(place: Workplace, payload: Mapping[str, Any]) -> Callable[[Session, datetime], None]:
    """Stores the copy; that there is one, or can be none, is left to the last transaction.

    Raises `NotYet` while the file waits for the virus scanner; an infected one gets no copy.
    """
    attachment_id = uuid.UUID(payload["attachment_id"])
    with place.database.read() as session:
        file = session.get_one(Attachment, attachment_id)
        sha256, ending, scan = file.sha256, ending_of(file.file_name), file.scan
    if scan == "pending":
        raise NotYet("the file waits for the virus scanner")
    if scan not in READABLE:
        return lambda session, now: record_copy(session, attachment_id, None, 0, now)
    try:
        content = clean_apart(place.storage.get(sha256), ending)
    except NotCleanable as reason:
        log.warning("file_withheld", attachment=str(attachment_id), reason=str(reason))
        return lambda session, now: record_copy(session, attachment_id, None, 0, now)
    stored = place.storage.put(content)
    return lambda session, now: record_copy(session, attachment_id, stored, len(content), now)
