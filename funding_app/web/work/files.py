"""Files on a form's page: received with the form, shown with it, and downloaded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, request, send_file
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from forms.builder import AnswerForm
from forms.checks import Errors
from forms.fields import Files
from forms.schema import Field
from funding_app.access import Person
from funding_app.models import Attachment, Process
from funding_app.queries import cases
from funding_app.services.attachments import FileRefused, Upload, attach, receive, remove
from funding_app.services.reviewed import file_seen
from funding_app.web.desk import as_id, language, needs_person, portal, signed_in
from funding_app.web.work.blueprint import may_read_answers, work


@dataclass(frozen=True, slots=True)
class Incoming:
    """What becomes of a file field: files that stay, one that goes, some that come."""

    spec: Field
    kept: Sequence[Mapping[str, Any]]
    removed: Sequence[Mapping[str, Any]]
    uploads: Sequence[Upload]

    def record(self, session: Session, process: Process, person: Person) -> list[dict[str, Any]]:
        """Records it; returns the field's new answer."""
        now = portal().now()
        remove(session, process.id, self.removed, now)
        return attach(
            session, process.id, self.spec, self.kept, self.uploads, actor_id=person.id, when=now
        )


def receive_files(form: AnswerForm) -> tuple[dict[str, Incoming], Errors]:
    """Stores the bytes of the files that were sent; the errors of those refused, by field."""
    incoming, refused = {}, {}
    unwanted = request.form.get("remove", "")
    for field in form.answers():
        if not isinstance(field, Files):
            continue
        gone = [file for file in field.kept if unwanted == f"{field.name}:{file.get('id')}"]
        uploads, errors = _received(field)
        kept = [file for file in field.kept if file not in gone]
        incoming[field.spec.id] = Incoming(field.spec, kept, gone, uploads)
        if errors:
            refused[field.spec.id] = errors
    return incoming, refused


def _received(field: Files) -> tuple[list[Upload], list[str]]:
    uploads, errors = [], []
    for file in field.uploads:
        try:
            uploads.append(received_file(field.spec, file))
        except FileRefused as refusal:
            errors.append(refusal.words(language()))
    return uploads, errors


def received_file(field: Field, file: FileStorage) -> Upload:
    """Checks and stores a file that was sent. Raises `FileRefused`."""
    content, name = file.stream.read(), file.filename or ""
    return receive(portal().storage, portal().examiner, field, name, content)


def show_files(form: AnswerForm, saved: Mapping[str, Any]) -> None:
    """Lets the form show the files as they are kept now."""
    for field in form.answers():
        if isinstance(field, Files):
            field.data = saved.get(field.spec.id) or []


@work.get("/attachments/<attachment_id>")
@needs_person
def attachment(attachment_id: str) -> Response:
    """An uploaded file: always as a download, never shown by the browser."""
    with portal().database.read() as session:
        found = readable_file(session, signed_in(), as_id(attachment_id))
    return send_stored(found) if found else abort(404)


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored bytes with the name and kind under which a person may have them."""

    sha256: str
    media_type: str
    name: str


def readable_file(session: Session, person: Person, attachment_id: uuid.UUID) -> Stored | None:
    """An uploaded file: as it came, or for reviewers the copy that was made of it."""
    found = session.get(Attachment, attachment_id)
    if found is None or found.removed_at is not None:
        return None
    process = cases.find_process(session, person, found.process_id)
    if process is not None and may_read_answers(process, person):
        return Stored(found.sha256, found.media_type, found.file_name)
    seen = file_seen(session, person, found.process_id, found.id)
    return Stored(seen[0].sha256 or "", found.media_type, seen[1]) if seen else None


def send_stored(file: Stored) -> Response:
    """Stored bytes: always as a download, never shown by the browser."""
    path = portal().settings.storage_dir / file.sha256[:2] / file.sha256
    answer = make_response(
        send_file(
            path.resolve(), mimetype=file.media_type, as_attachment=True, download_name=file.name
        )
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
