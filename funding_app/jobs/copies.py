"""The jobs that make a reviewer's copy of an uploaded file, and look for names in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.file_type import ending_of
from funding_app.adapters.redaction import NotCleanable, clean_apart, read_apart
from funding_app.engine.outbox import NotYet
from funding_app.models import Attachment
from funding_app.queries.files.attachments import READABLE
from funding_app.rules.naming import named_in
from funding_app.services.files.redacted_copies import record_copy
from funding_app.services.reviews.reviewers_files import names_of_applicant, record_look

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


def look_for_names(
    place: Workplace, payload: Mapping[str, Any]
) -> Callable[[Session, datetime], None]:
    """Finds who applies in the text and the properties of a file; pictures have no text.

    Raises `NotYet` while the file waits for the virus scanner.
    """
    attachment_id = uuid.UUID(payload["attachment_id"])
    with place.database.read() as session:
        file = session.get_one(Attachment, attachment_id)
        sha256, ending, scan = file.sha256, ending_of(file.file_name), file.scan
        names = names_of_applicant(session, file.process_id)
    if scan == "pending":
        raise NotYet("the file waits for the virus scanner")
    try:
        text = read_apart(place.storage.get(sha256), ending) if scan in READABLE else ""
    except NotCleanable:
        text = ""
    found = named_in(text, names)
    is_read = bool(text)
    return lambda session, now: record_look(session, attachment_id, found, now, is_read=is_read)
