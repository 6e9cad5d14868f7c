"""An uploaded file as a person may have it: as it came, or for reviewers the copy made of it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from funding_app.access import Person, Rights
from funding_app.engine import Machinery
from funding_app.models import Attachment, Process
from funding_app.queries.applications.cases import find_process
from funding_app.queries.files.attachments import Stored, handed_in
from funding_app.services.reviews.reviewer_view import file_seen


def readable_file(
    session: Session, machinery: Machinery, person: Person, attachment_id: uuid.UUID
) -> Stored | None:
    """The bytes of a file with the name the person may know; `None` without a right to them.

    What the virus scan says of it is for the caller to look at.
    """
    found = session.get(Attachment, attachment_id)
    if found is None:
        return None
    process = find_process(session, person, found.process_id)
    if process is not None:
        rights = Rights(person, process, machinery.definition_of(process))
        if rights.reads_answers:
            stored = Stored(found.sha256, found.media_type, found.file_name, found.scan)
            return stored if _is_shown(session, process, rights, found) else None
    seen = file_seen(session, person, found.process_id, found.id)
    if seen is None:
        return None
    file, name = seen
    return Stored(file.sha256 or "", file.media_type, name, is_blind=name != file.name)


def _is_shown(session: Session, process: Process, rights: Rights, file: Attachment) -> bool:
    """A file is for those who write, and for others once it was handed in."""
    return rights.reads_drafts or file.sha256 in handed_in(session, process.id)
