"""Uploaded files: what is known of each, which count now, which came before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Rights
from funding_app.models import Attachment, Submission, Thumbnail, UserAccount

READABLE = ("clean", "skipped")
"""States of the virus scan in which a file may be given out."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An uploaded file as those see it who may read the answers."""

    id: uuid.UUID
    field: str
    name: str
    media_type: str
    size: int
    sha256: str
    scan: str
    malware: str
    uploaded_at: datetime
    uploaded_by: str
    removed_at: datetime | None
    thumbnail: str | None

    @property
    def is_readable(self) -> bool:
        return self.scan in READABLE


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored bytes with the name and kind under which a person may have them."""

    sha256: str
    media_type: str
    name: str
    scan: str = "skipped"
    is_blind: bool = False


class Files:
    """The files of one process."""

    def __init__(self, files: Iterable[KeptFile] = ()) -> None:
        self.all = list(files)
        self._by_id = {str(file.id): file for file in self.all}

    def get(self, entry: Mapping[str, Any]) -> KeptFile | None:
        """What is known of a file that an answer names."""
        return self._by_id.get(str(entry.get("id")))

    def earlier(self, field: str) -> list[KeptFile]:
        """The files of a field that were replaced or removed, the last first."""
        gone = [file for file in self.all if file.field == field and file.removed_at]
        return sorted(gone, key=lambda file: (file.removed_at, file.id), reverse=True)

    @property
    def infected(self) -> list[Infected]:
        """The present files in which malware was found."""
        return [
            Infected(file.field, file.name, file.malware)
            for file in self.all
            if file.scan == "infected" and file.removed_at is None
        ]

    def in_answers(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The answers, each file in them with what the virus scan has said."""
        return {name: self._told(value) for name, value in answers.items()}

    def _told(self, value: Any) -> Any:
        if not self.all or not isinstance(value, list):
            return value
        return [
            entry | {"scan": found.scan, "malware": found.malware}
            if isinstance(entry, dict) and (found := self.get(entry))
            else entry
            for entry in value
        ]


def files_of(
    session: Session, process_id: uuid.UUID, *, drafts: bool, is_written: bool = True
) -> Files:
    """The files of a process in the order of their arrival.

    Without `drafts` those are left out that were never handed in: they stay with those who write.
    Where nobody writes (`is_written`), all that are there were handed in.
    """
    rows = session.execute(
        select(Attachment, UserAccount.name, Thumbnail.sha256)
        .outerjoin(UserAccount, UserAccount.id == Attachment.uploaded_by)
        .outerjoin(Thumbnail, Thumbnail.attachment_id == Attachment.id)
        .where(Attachment.process_id == process_id)
        .order_by(Attachment.id)
    ).all()
    files = [_kept(file, name or "", thumbnail) for file, name, thumbnail in rows]
    gone = any(file.removed_at for file in files)
    if drafts or not files or not (is_written or gone):
        return Files(files)
    sent = handed_in(session, process_id)
    return Files(file for file in files if file.sha256 in sent)


def files_seen(
    session: Session, process_id: uuid.UUID, rights: Rights, *, is_written: bool = True
) -> Files:
    """The files of a process as somebody with these rights on it sees them.

    A reviewer sees none: what reviewers get are copies, and no earlier versions.
    """
    if rights.is_reviewer:
        return Files()
    return files_of(session, process_id, drafts=rights.reads_drafts, is_written=is_written)


def _kept(file: Attachment, name: str, thumbnail: str | None) -> KeptFile:
    return KeptFile(
        id=file.id,
        field=file.field,
        name=file.file_name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        scan=file.scan,
        malware=file.malware,
        uploaded_at=file.uploaded_at,
        uploaded_by=name,
        removed_at=file.removed_at,
        thumbnail=thumbnail,
    )


def handed_in(session: Session, process_id: uuid.UUID) -> set[str]:
    """The hashes of all files that were ever part of a submission of the process."""
    lists = session.scalars(select(Submission.files).where(Submission.process_id == process_id))
    return {str(file["sha256"]) for files in lists for file in files}


class Infected(NamedTuple):
    """A present file in which malware was found."""

    field: str
    name: str
    malware: str


def infected(session: Session, process_id: uuid.UUID) -> list[Infected]:
    """The present files of a process in which malware was found."""
    rows = session.execute(
        select(Attachment.field, Attachment.file_name, Attachment.malware)
        .where(
            Attachment.process_id == process_id,
            Attachment.removed_at.is_(None),
            Attachment.scan == "infected",
        )
        .order_by(Attachment.id)
    )
    return [Infected(*row) for row in rows]
