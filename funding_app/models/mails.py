"""Mails that were written, and what people chose to hear of."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import UtcDateTime


class MailDelivery(Base):
    """A mail with its fixed Message-ID; `unknown` after a crash between sending and noting it.

    `unsubscribe` is the address that ends mails of its kind, empty where there is no choice;
    `document_id` the issued document that it carries.
    """

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
    unsubscribe: Mapped[str] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(default="queued")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NotificationChoice(Base):
    """How a person wants to hear of a topic; without a row the topic's default holds."""

    __tablename__ = "notification_choice"
    __table_args__ = (CheckConstraint("way IN ('at_once', 'daily', 'none')", name="way"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str]


class DigestLine(Base):
    """Something that waits for a person's next daily mail, which takes it out of this table."""

    __tablename__ = "digest_line"
    __table_args__ = (Index("ix_digest_line_created_at", "created_at", "user_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    dedup_key: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    topic: Mapped[str]
    text: Mapped[str]
    link: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TaskMail(Base):
    """Which task a mail is about, and its stage: 0 the first, 1 to 3 reminders, -1 by hand.

    `stopped_at` says when it was kept from being sent.
    """

    __tablename__ = "task_mail"

    mail_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mail_delivery.id"), primary_key=True)
    task_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("task.id"), index=True)
    stage: Mapped[int]
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
