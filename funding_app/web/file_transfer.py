"""Files that come with a form, and stored ones that are sent: the same for pages and API."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import make_response, request, send_file
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from forms.builder import AnswerForm
from forms.checks import Errors
from forms.fields import Files
from forms.schema import Field
from forms.values import file_problem
from funding_app.access import Person
from funding_app.models import Process
from funding_app.queries.files.attachments import Stored
from funding_app.services.files.attachments import (
    FileRefused,
    Upload,
    attach,
    clean_name,
    receive,
    remove,
    restore,
    surplus,
)
from funding_app.web.request import as_id, language, portal


@dataclass(frozen=True, slots=True)
class Incoming:
    """What becomes of a file field: files that stay, one that goes, some that come."""

    spec: Field
    kept: Sequence[Mapping[str, Any]]
    removed: Sequence[Mapping[str, Any]]
    uploads: Sequence[Upload]
    restored: uuid.UUID | None = None

    def record(self, session: Session, process: Process, person: Person) -> list[dict[str, Any]]:
        """Records it; returns the field's new answer."""
        now = portal().now()
        remove(session, process.id, self.removed, now)
        if self.restored:
            return restore(session, process.id, self.spec, self.kept, self.restored, now)
        return attach(
            session, process.id, self.spec, self.kept, self.uploads,
            actor_id=person.id, when=now, is_scanned=is_scanned(),
        )  # fmt: skip

    def keep_aside(self, session: Session, process: Process, person: Person) -> None:
        """Keeps what came as earlier versions, where the form itself could not be saved."""
        now = portal().now()
        made = attach(
            session, process.id, self.spec, (), self.uploads,
            actor_id=person.id, when=now, is_scanned=is_scanned(),
        )  # fmt: skip
        remove(session, process.id, made, now)


def is_scanned() -> bool:
    """Whether this installation has a virus scanner."""
    return bool(portal().settings.clamd)


def receive_files(form: AnswerForm) -> tuple[dict[str, Incoming], Errors]:
    """Stores the bytes of the files that were sent; the errors of those refused, by field."""
    incoming, refused = {}, {}
    unwanted, missed = request.form.get("remove", ""), request.form.get("restore", "")
    for field in form.answers():
        if not isinstance(field, Files):
            continue
        gone = [file for file in field.kept if unwanted == f"{field.name}:{file.get('id')}"]
        kept = [file for file in field.kept if file not in gone]
        uploads, errors = _received(field, len(kept))
        name, _colon, version = missed.partition(":")
        restored = as_id(version) if name == field.name else None
        if restored and (full := surplus(field.spec, len(kept), _("Die frühere Fassung"))):
            restored, errors = None, [full.words(language())]
        field.was_changed = bool(gone or restored)
        incoming[field.spec.id] = Incoming(field.spec, kept, gone, uploads, restored)
        if errors:
            refused[field.spec.id] = errors
    return incoming, refused


def _received(field: Files, kept: int) -> tuple[list[Upload], list[str]]:
    uploads: list[Upload] = []
    errors: list[str] = []
    for file in field.uploads:
        try:
            uploads.append(received_file(field.spec, file, kept + len(uploads)))
        except FileRefused as refusal:
            errors.append(refusal.words(language()))
    return uploads, errors


def received_file(field: Field, file: FileStorage, kept: int) -> Upload:
    """Checks and stores a file sent for a field that holds some. Raises `FileRefused`.

    One that is too large stays on the disk, where it was spooled, and is never read.
    """
    name = clean_name(file.filename or "")
    if full := surplus(field, kept, name):
        raise full
    size = file.stream.seek(0, io.SEEK_END)
    if problem := file_problem(field, name, size):
        raise FileRefused(*problem)
    file.stream.seek(0)
    content, name = file.stream.read(), file.filename or ""
    return receive(portal().storage, portal().examiner, field, name, content)


def show_files(form: AnswerForm, saved: Mapping[str, Any]) -> None:
    """Lets the form show the files as they are kept now."""
    for field in form.answers():
        if isinstance(field, Files):
            field.data = saved.get(field.spec.id) or []


class FileLost(Exception):
    """Bytes that the database names are not in the storage; an operator has to bring them back."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


def stored_at(sha256: str) -> Path:
    """Where stored bytes lie. Raises `FileLost`."""
    path = (portal().settings.storage_dir / sha256[:2] / sha256).resolve()
    if not path.is_file():
        raise FileLost(sha256)
    return path


def send_stored(file: Stored) -> Response:
    """Stored bytes: always as a download, never shown by the browser."""
    answer = make_response(
        send_file(
            stored_at(file.sha256),
            mimetype=file.media_type,
            as_attachment=True,
            download_name=file.name,
        )
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
