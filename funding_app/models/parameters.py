"""What the rules need to know and no statute text in code may fix: values with their dates."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base
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
