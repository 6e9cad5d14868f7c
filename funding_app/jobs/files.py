"""The jobs around an uploaded file: scan, thumbnail, clean copy, names in it, removal."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.clock import system_clock
from funding_app.adapters.file_type import ending_of
from funding_app.adapters.redaction import NotCleanable, clean_apart, read_apart
from funding_app.adapters.scanning import ScannerUnreachable
from funding_app.engine.outbox import NotYet
from funding_app.jobs.workplace import Finish, Payload, Workplace, nothing_left
from funding_app.models import Attachment
from funding_app.queries.files.attachments import READABLE
from funding_app.rules.naming import named_in
from funding_app.services.applications.drafts import forget
from funding_app.services.files.redacted_copies import record_copy
from funding_app.services.files.scans import record_scan
from funding_app.services.files.thumbnails import record_thumbnail
from funding_app.services.reviews.reviewers_files import names_of_applicant, record_look

log = structlog.get_logger()

SETTLED = timedelta(minutes=1)
"""So long after they came bytes may belong to an upload that is not recorded yet."""


def scan_file(place: Workplace, payload: Payload) -> Finish:
    """Asks the scanner; what it says is left to the last transaction.

    Raises `NotYet` while nobody answers at its address, `ScanFailed` where it has no verdict.
    Where there is no scanner any more, the file is given free as those that come now.
    """
    attachment_id = uuid.UUID(payload["attachment_id"])
    if place.scanner is None:
        return lambda session, now: record_scan(session, attachment_id, "skipped", "", now)
    with place.database.read() as session:
        file = session.get(Attachment, attachment_id)
    if file is None:
        return nothing_left  # deleted with its draft
    try:
        malware = place.scanner.scan(place.storage.get(file.sha256))
    except ScannerUnreachable as reason:
        raise NotYet(str(reason)) from reason
    state = "infected" if malware else "clean"
    if malware:
        log.warning("file_infected", attachment=str(attachment_id), malware=malware)
    return lambda session, now: record_scan(session, attachment_id, state, malware, now)


def draw_thumbnail(place: Workplace, payload: Payload) -> Finish:
    """Stores the picture beside the file; recording it is left to the last transaction.

    Raises `NotYet` while the file waits for the virus scanner; an infected one is not drawn, nor
    one that was deleted.
    """
    attachment_id = uuid.UUID(payload["attachment_id"])
    with place.database.read() as session:
        file = session.get(Attachment, attachment_id)
    if file is None or file.scan == "infected":
        return nothing_left
    if file.scan not in READABLE:
        raise NotYet("the file waits for the virus scanner")
    content = place.storage.get(file.sha256)
    picture = place.examiner.thumbnail(content, ending_of(file.file_name))
    if picture is None:
        log.info("thumbnail_missing", attachment=str(attachment_id))
        return lambda session, now: _record_thumbnail(session, attachment_id, None, now)
    stored = place.storage.put(picture)
    return lambda session, now: _record_thumbnail(session, attachment_id, stored, now)


def _record_thumbnail(
    session: Session, attachment_id: uuid.UUID, sha256: str | None, now: datetime
) -> None:
    """Unless the file was deleted meanwhile."""
    if session.get(Attachment, attachment_id, with_for_update=True) is not None:
        record_thumbnail(session, attachment_id, sha256, now)


def clean_copy(place: Workplace, payload: Payload) -> Finish:
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


def look_for_names(place: Workplace, payload: Payload) -> Finish:
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


def forget_files(place: Workplace, payload: Payload) -> Finish:
    """Removes what nothing names any more. Raises `NotYet` while the same bytes have just come."""
    hashes = list(payload["sha256"])
    come = [at for each in hashes if (at := place.storage.came_at(each)) is not None]
    if come and max(come) > system_clock() - SETTLED:
        raise NotYet("the same bytes have just been uploaded")

    def remove(session: Session, _now: datetime) -> None:
        log.info("files_forgotten", files=forget(session, place.storage, hashes))

    return remove
