"""Values of the law with their dates, and reports of barriers."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import UtcDateTime


class RuleValue(Base):
    """A parameter's value from a day on, with its source.

    One with `proposed_by` and without `confirmed_at` waits for a second person and does not hold.
    """

    __tablename__ = "rule_value"

    key: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str]
    source: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BarrierReport(Base):
    """A report without an account (§ 12b Abs. 2 BGG); an address only where an answer is wanted."""

    __tablename__ = "barrier_report"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    text: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
