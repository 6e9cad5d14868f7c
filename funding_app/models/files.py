"""Uploaded files with their pictures and copies."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, UtcDateTime


class Attachment(Base):
    """An uploaded file, kept under its hash; a removed one is marked, not deleted.

    `scan` says what the virus scanner has said, `malware` what it found.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_process_id", "process_id", "field"),
        CheckConstraint("scan IN ('pending', 'clean', 'infected', 'skipped')", name="scan"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    field: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    scan: Mapped[str] = mapped_column(default="skipped")
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    malware: Mapped[str] = mapped_column(default="")
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Thumbnail(Base):
    """A small picture of what an uploaded file shows first (PNG).

    Without `sha256` there is none: the file is damaged, takes too long or is of another kind.
    """

    __tablename__ = "thumbnail"

    attachment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    sha256: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewersFile(Base):
    """What an office has to know and decide about a file where reviewers judge blind.

    `names` are those of who applies that were found in it; `is_read` is false where it has no
    text, such as a picture, and nobody knows. `decision` is empty, `withheld` or `replaced` by the
    attachment `replaced_by`.
    """

    __tablename__ = "reviewers_file"
    __table_args__ = (CheckConstraint("decision IN ('', 'withheld', 'replaced')", name="decision"),)

    attachment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    names: Mapped[list[str]] = mapped_column(Json, default=list)
    is_read: Mapped[bool] = mapped_column(default=False)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    replaced_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("attachment.id"))


class CleanCopy(Base):
    """A copy of an uploaded file without properties, for reviewers.

    Without `sha256` the file could not be cleaned and is withheld.
    """

    __tablename__ = "clean_copy"

    attachment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("attachment.id"), primary_key=True)
    sha256: Mapped[str | None]
    size: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
