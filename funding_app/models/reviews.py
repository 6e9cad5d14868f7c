"""Reviews, who could be asked for them, sample applications, and discussions."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, Money, UtcDateTime

USUAL_LOAD = 8
"""Reviews that one is asked in one call as long as nothing else is agreed."""


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


class CalibrationSample(Base):
    """An invented application of a call, with the scores and reasons it would get.

    `scores` and `comments` are by criterion. Once somebody has scored it, it stays as it is.
    """

    __tablename__ = "calibration_sample"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    title: Mapped[str]
    text: Mapped[str]
    scores: Mapped[dict[str, int]] = mapped_column(Json)
    comments: Mapped[dict[str, str]] = mapped_column(Json)


class CalibrationScore(Base):
    """What a reviewer gave a sample, once and for all; it counts in no ranking."""

    __tablename__ = "calibration_score"

    sample_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("calibration_sample.id"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    scores: Mapped[dict[str, Any]] = mapped_column(Json)
    comments: Mapped[dict[str, Any]] = mapped_column(Json)
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Discussion(Base):
    """What the office has decided on an application's discussion; without a row nothing yet.

    `is_open` is `None` where the discussion opens and ends by itself; until `mail_due_at` a mail
    is waiting that tells of every contribution written before it.
    """

    __tablename__ = "discussion"

    application_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("application.id"), primary_key=True
    )
    is_open: Mapped[bool | None]
    mail_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Contribution(Base):
    """Something said in a discussion, or that the office opened or closed it. Nothing is changed.

    `review_id` is the review in whose name a reviewer speaks, empty where the office does.
    """

    __tablename__ = "discussion_contribution"
    __table_args__ = (
        Index("ix_discussion_contribution_application", "application_id", "id"),
        CheckConstraint("kind IN ('said', 'opened', 'closed')", name="kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    review_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("review.id"))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(default="said")
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
