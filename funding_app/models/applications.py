"""Applications and what belongs to them: answers, requested information, shares, messages."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, Money, UtcDateTime


class Application(Base):
    """The record of a case, from the first draft to the settled grant (all programmes share it)."""

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_ranking", "call_id", "score"),
        Index("ix_application_amount", text("coalesce(requested, 0)"), "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    form_key: Mapped[str]
    form_version: Mapped[int]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(default="")
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    requested: Mapped[Decimal | None] = mapped_column(Money)
    expenditure: Mapped[Decimal | None] = mapped_column(Money)
    aid_basis: Mapped[str] = mapped_column(default="")
    assessment: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    information_requested: Mapped[str] = mapped_column(default="")
    score: Mapped[Decimal | None] = mapped_column(Money)
    first_criterion_mean: Mapped[Decimal | None] = mapped_column(Money)
    score_spread: Mapped[Decimal | None] = mapped_column(Money)
    lot: Mapped[int] = mapped_column(default=0)
    recommendation: Mapped[str] = mapped_column(default="")
    recommended_amount: Mapped[Decimal | None] = mapped_column(Money)
    round: Mapped[int] = mapped_column(default=0)
    content_hash: Mapped[str] = mapped_column(default="")
    decision_kind: Mapped[str] = mapped_column(default="")
    decision_reason: Mapped[str] = mapped_column(default="")
    granted: Mapped[Decimal | None] = mapped_column(Money)
    decided_on: Mapped[date | None]
    channel: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date | None]
    retrieved_on: Mapped[date | None]
    notified_on: Mapped[date | None]
    final_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waived_on: Mapped[date | None]
    iban: Mapped[str] = mapped_column(default="")
    account_holder: Mapped[str] = mapped_column(default="")
    bank_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    final_grant: Mapped[Decimal | None] = mapped_column(Money)
    indicators: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    closed_on: Mapped[date | None]
    is_public: Mapped[bool] = mapped_column(default=False, index=True)
    consortium_id: Mapped[uuid.UUID | None] = mapped_column(index=True)


class FundingShare(Base):
    """What one ministry bears of one application: the percentage, and the cents by year.

    `amounts` maps a year to euro with two places, as text.
    """

    __tablename__ = "funding_share"

    application_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("application.id"), primary_key=True
    )
    ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    position: Mapped[int]
    percent: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    amounts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    budget_title: Mapped[str]


class AnswerSection(Base):
    """A section of a form being filled in, saved at any time, complete or not."""

    __tablename__ = "answer_section"

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))


class InformationRequest(Base):
    """What the office asked an applicant to add, in its words; a line is an item."""

    __tablename__ = "information_request"

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Submission(Base):
    """The answers as they were handed in, frozen with their hash (canonical JSON, RFC 8785).

    `log_seq` is the number of the log record that was written with it.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str]
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    log_seq: Mapped[int]
    submitted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))


class SectionPresence(Base):
    """When somebody was last seen in a section of a form that is being filled in."""

    __tablename__ = "section_presence"

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Message(Base):
    """A message on a case: among the people of the applicant (`own`), or with the office (`both`).

    `section` names the section of the form it is about, empty for the case as a whole.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_process_id", "process_id", "id"),
        CheckConstraint("audience IN ('own', 'both')", name="audience"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    section: Mapped[str] = mapped_column(default="")
    audience: Mapped[str]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
