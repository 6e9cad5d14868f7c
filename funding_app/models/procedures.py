"""The records of the child processes: reviews, co-signatures, payments, reports."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, Money, UtcDateTime


class Review(Base):
    """One reviewer's assessment. A discarded one is kept and not counted (§ 20 VwVfG).

    `declined_for` is a choice of the definition's event `decline`, `declined_words` what was
    written with it. A review that was handed over is the `predecessor_id` of another, to which
    notes may be `passed_on`.
    """

    __tablename__ = "review"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declaration: Mapped[str] = mapped_column(default="")
    scores: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    comments: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    score: Mapped[Decimal | None] = mapped_column(Money)
    recommended_amount: Mapped[Decimal | None] = mapped_column(Money)
    discarded_reason: Mapped[str] = mapped_column(default="")
    declined_for: Mapped[str] = mapped_column(default="")
    declined_words: Mapped[str] = mapped_column(default="")
    predecessor_id: Mapped[uuid.UUID | None] = mapped_column(index=True, unique=True)
    passed_on: Mapped[str] = mapped_column(default="")


class ReviewNote(Base):
    """A reviewer's own notes beside a review: for nobody else, and gone once it is handed in."""

    __tablename__ = "review_note"

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CoSignature(Base):
    """One ministry's signature in one round, over the hash of one content (§ 15 GGO)."""

    __tablename__ = "co_signature"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    round: Mapped[int]
    content_hash: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    amount: Mapped[Decimal] = mapped_column(Money)
    signed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statement: Mapped[str] = mapped_column(default="")


class PaymentRequest(Base):
    """Money drawn from a grant, and how it was split between the ministries."""

    __tablename__ = "payment_request"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    needed_by: Mapped[date | None]
    paid_on: Mapped[date | None]
    use_by: Mapped[date | None]
    parts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)


class Report(Base):
    """An interim report, a proof of use or a short report."""

    __tablename__ = "report"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str]
    year: Mapped[int | None]
    due_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_expenditure: Mapped[Decimal | None] = mapped_column(Money)
    recognised_expenditure: Mapped[Decimal | None] = mapped_column(Money)
    new_other_funds: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    in_depth: Mapped[bool] = mapped_column(default=False)
    finding: Mapped[str] = mapped_column(default="")


class Procedure(Base):
    """What the events of a process have recorded, by field: the whole record of most procedures.

    `day` is the day that was set last; it dates the state's limit.
    """

    __tablename__ = "procedure"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    day: Mapped[date | None]


class Receipt(Base):
    """Money paid back on a recovery."""

    __tablename__ = "receipt"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), index=True)
    received_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Money)


class LabCapacity(Base):
    """The hours that experts of one skill can give in one month (its first day)."""

    __tablename__ = "lab_capacity"

    skill: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("reserved >= 0 AND reserved <= hours", name="covered"),)


class LabHours(Base):
    """The hours reserved for one project, and how many of them were worked."""

    __tablename__ = "lab_hours"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    skill: Mapped[str]
    month: Mapped[date]
    reserved: Mapped[int]
    logged: Mapped[int] = mapped_column(default=0)
