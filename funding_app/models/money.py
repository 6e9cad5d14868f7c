"""The budget, payments and receipts, and the hours of in-kind support."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, Money, UtcDateTime


class BudgetLine(Base):
    """A ministry's title in one year: what is there, reserved, committed and paid out.

    Reserved plus committed never exceed what is available; the CHECK holds it against races.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("ministry_id", "title", "year"),
        CheckConstraint("reserved >= 0 AND committed >= 0 AND disbursed >= 0", name="positive"),
        CheckConstraint("reserved + committed <= available", name="covered"),
        CheckConstraint("disbursed <= committed", name="disbursed_from_commitment"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(default="appropriation")
    available: Mapped[Decimal] = mapped_column(Money)
    reserved: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    committed: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    disbursed: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))


class BudgetEntry(Base):
    """One booking on a budget line by one process; the unique key makes a repeat impossible."""

    __tablename__ = "budget_entry"
    __table_args__ = (
        UniqueConstraint("budget_line_id", "process_id", "kind", "round"),
        CheckConstraint("kind IN ('reserve', 'commit', 'disburse')", name="kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    budget_line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("budget_line.id"), index=True)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), index=True)
    kind: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    amount: Mapped[Decimal] = mapped_column(Money)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


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
