"""Issued documents and mails, with what makes a repeated delivery harmless."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, UtcDateTime


class Document(Base):
    """A letter or receipt: first its plain values (`context`), then the issued bytes' hash."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("process_id", "kind", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    kind: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(Json)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None]
    size: Mapped[int | None]


class MailDelivery(Base):
    """A mail with its fixed Message-ID; `unknown` after a crash between sending and noting it."""

    __tablename__ = "mail_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'unknown')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    dedup_key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
