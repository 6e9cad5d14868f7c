"""Uploaded files: kept under their hash, checked by name and content, replaced but not lost."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms.messages import message
from forms.schema import Field
from forms.values import file_problem
from funding_app.adapters.file_type import MEDIA_TYPES, ending_of, is_what_it_says
from funding_app.adapters.inspection import Examiner
from funding_app.adapters.storage import Storage
from funding_app.models import Attachment, new_id
from funding_app.services.files.scans import order_scan
from funding_app.services.files.thumbnails import order_thumbnail

LONGEST_NAME = 120
NO_NAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f/\\:*?\"<>|\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    r"\ufeff\ufff9-\uffff\ud800-\udfff]+"
)
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever its ending."""


class FileRefused(Exception):
    """A file that is not kept; says why in the reader's language."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def words(self, language: str) -> str:
        """The reason, and what would be right."""
        return message(self.code, language, **self.params)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed the checks and whose bytes are stored."""

    field: str
    name: str
    media_type: str
    size: int
    sha256: str


def clean_name(name: str) -> str:
    """The name without path, control and direction characters; never empty, long or a device."""
    bare = NO_NAME.sub(
        " ", unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    )
    bare = RESERVED.sub(r"_\g<0>", bare.strip(), count=1) if RESERVED.match(bare.strip()) else bare
    stem, dot, ending = bare.strip().rstrip(" .").rpartition(".")
    if not dot:
        return (ending or "datei")[:LONGEST_NAME]
    return f"{(stem.strip() or 'datei')[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def receive(
    storage: Storage, examiner: Examiner, field: Field, name: str, content: bytes
) -> Upload:
    """Checks a file for a field and stores its bytes. Raises `FileRefused` with the reason."""
    shown = clean_name(name)
    problem = file_problem(field, shown, len(content))
    if problem:
        raise FileRefused(*problem)
    if not content:
        raise FileRefused("file_empty", {"name": shown})
    if not is_what_it_says(shown, content):
        raise FileRefused("file_content", {"name": shown, "ending": ending_of(shown).upper()})
    if found := examiner.problem(content, ending_of(shown)):
        raise FileRefused(found, {"name": shown})
    sha256 = storage.put(content)
    return Upload(field.id, shown, MEDIA_TYPES[ending_of(shown)], len(content), sha256)


def most_files(field: Field) -> int:
    """How many files a field takes: one, where it does not say otherwise."""
    return int(field.max or 1)


def surplus(field: Field, kept: int, name: str) -> FileRefused | None:
    """Why one more file is not taken: a field of several is full; a single one is replaced."""
    most = most_files(field)
    return FileRefused("file_surplus", {"name": name, "most": most}) if 1 < most <= kept else None


def attach(
    session: Session,
    process_id: uuid.UUID,
    field: Field,
    kept: Sequence[Mapping[str, Any]],
    uploads: Sequence[Upload],
    *,
    actor_id: uuid.UUID,
    when: datetime,
    is_scanned: bool,
) -> list[dict[str, Any]]:
    """Records files under a field; returns the field's new answer.

    The newest count: what is beyond the field's number becomes an earlier version. Where there is
    a scanner (`is_scanned`) nobody reads a file before it has spoken.
    """
    made = [
        Attachment(
            id=new_id(),
            process_id=process_id,
            field=field.id,
            file_name=upload.name,
            media_type=upload.media_type,
            size=upload.size,
            sha256=upload.sha256,
            scan="pending" if is_scanned else "skipped",
            uploaded_at=when,
            uploaded_by=actor_id,
        )
        for upload in uploads
    ]
    session.add_all(made)
    session.flush()
    order = order_scan if is_scanned else order_thumbnail
    for attachment in made:
        order(session, attachment.id, when)
    return _counting(session, process_id, field, [*kept, *map(as_answer, made)], when)


def as_answer(file: Attachment) -> dict[str, Any]:
    """A file as an entry of its field's answer."""
    return {"id": str(file.id), "name": file.file_name, "size": file.size, "sha256": file.sha256}


def _counting(
    session: Session,
    process_id: uuid.UUID,
    field: Field,
    files: Sequence[Mapping[str, Any]],
    when: datetime,
) -> list[dict[str, Any]]:
    """The last of the files, as many as the field takes; the others become earlier versions."""
    answer = list(map(dict, files))[-most_files(field) :]
    remain = {file.get("id") for file in answer}
    remove(session, process_id, [file for file in files if file.get("id") not in remain], when)
    return answer


def restore(
    session: Session,
    process_id: uuid.UUID,
    field: Field,
    kept: Sequence[Mapping[str, Any]],
    attachment_id: uuid.UUID,
    when: datetime,
) -> list[dict[str, Any]]:
    """Lets an earlier version of a field's file count again; returns the field's new answer.

    A foreign, a present and an infected file change nothing. Raises `FileRefused` where the field
    is full.
    """
    file = session.get(Attachment, attachment_id)
    ours = file is not None and (file.process_id, file.field) == (process_id, field.id)
    if file is None or not ours or file.removed_at is None or file.scan == "infected":
        return list(map(dict, kept))
    if full := surplus(field, len(kept), file.file_name):
        raise full
    file.removed_at = None
    session.flush()
    return _counting(session, process_id, field, [*kept, as_answer(file)], when)


def choose(
    session: Session, process_id: uuid.UUID, field: Field, named: Any, when: datetime
) -> list[dict[str, Any]]:
    """Lets exactly the named files of a field count (`[{"id": …}]`); returns its new answer.

    Raises `FileRefused` for what is no list of files that were uploaded for this field, and for
    more than it takes.
    """
    ids = [_id_in(each) for each in named] if isinstance(named, list) else [None] * bool(named)
    rows = session.scalars(
        select(Attachment).where(Attachment.process_id == process_id, Attachment.field == field.id)
    )
    known = {file.id: file for file in rows}
    if len(set(ids)) < len(ids) or not set(ids) <= set(known):
        raise FileRefused("file_unknown", {})
    if len(ids) > most_files(field):
        last = known[ids[-1]].file_name  # type: ignore[index]
        raise FileRefused("file_surplus", {"name": last, "most": most_files(field)})
    for file in known.values():
        counts = file.id in ids
        file.removed_at = None if counts else file.removed_at or when
    session.flush()
    return [as_answer(known[each]) for each in ids if each]


def _id_in(entry: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(entry["id"]))
    except (TypeError, KeyError, ValueError):
        return None


def remove(
    session: Session, process_id: uuid.UUID, files: Sequence[Mapping[str, Any]], when: datetime
) -> None:
    """Marks files as removed; a file of another process is left alone."""
    ids = [uuid.UUID(str(file["id"])) for file in files if file.get("id")]
    if ids:
        session.execute(
            update(Attachment)
            .where(Attachment.id.in_(ids), Attachment.process_id == process_id)
            .values(removed_at=when)
        )


def kept_files(session: Session, process_id: uuid.UUID, field_id: str) -> list[dict[str, Any]]:
    """The present files of a field, oldest first, as its answer."""
    rows = session.scalars(
        select(Attachment)
        .where(
            Attachment.process_id == process_id,
            Attachment.field == field_id,
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.id)
    )
    return list(map(as_answer, rows))
