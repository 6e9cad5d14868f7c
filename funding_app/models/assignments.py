"""Who could review what: reviewers, notes on applications, and the proposal of a call."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base
from funding_app.models.types import Json, UtcDateTime

USUAL_LOAD = 8
"""Reviews that one is asked in one call as long as nothing else is agreed."""


class ReviewerProfile(Base):
    """A reviewer's home institution and its region, fields of expertise, and most reviews a call.

    `fields` are codes of the list `expertise`; `region` is an ISO 3166-2 code or empty.
    """

    __tablename__ = "reviewer_profile"
    __table_args__ = (CheckConstraint("most >= 0", name="most"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    affiliation: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[str]] = mapped_column(Json, default=list)
    most: Mapped[int] = mapped_column(default=USUAL_LOAD)


class ApplicationNote(Base):
    """What an office notes on an application for its review, beside what the answers say."""

    __tablename__ = "application_note"

    application_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("application.id"), primary_key=True
    )
    region: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[str]] = mapped_column(Json, default=list)


class AssignmentPlan(Base):
    """The proposal of a call: ordered, computed, changed by hand, confirmed.

    `order_number` counts the orders, so that only the newest one's result is kept. `outcome` says
    what the proposal lacks and how close to the optimum it is.
    """

    __tablename__ = "assignment_plan"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    order_number: Mapped[int]
    ordered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class PlannedReview(Base):
    """A pair of the proposal; `by_hand` where a person chose it."""

    __tablename__ = "planned_review"

    application_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("application.id"), primary_key=True
    )
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    by_hand: Mapped[bool] = mapped_column(default=False)
