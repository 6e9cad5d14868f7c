"""Programmes and calls, the ministries' shares in them, and forms as the office writes them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, Money, UtcDateTime


class Programme(Base):
    """A funding programme under a guideline, led by one ministry."""

    __tablename__ = "programme"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    title_de: Mapped[str]
    title_en: Mapped[str]
    summary_de: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(default="")
    guideline: Mapped[str] = mapped_column(default="")
    lead_ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))


class Call(Base):
    """A call for applications: its texts, dates, amounts, criteria and workflow.

    `closes_at` with `closes_inclusive` is the cut-off of `rules.deadlines`, `None` for a rolling
    call. `criteria` is a list of `{key, title: {de, en}, weight, anchors, knock_out}`;
    weights add up to 100, and the panel addresses what fails a criterion that knocks out.
    In a call that `is_blind` reviewers learn nothing of who applies; in one that `calibrates` they
    score its samples before their first review.
    `terms` holds the profile of Nebenbestimmungen and other parameters of the letters,
    `eligibility` whom the call is for (read by `queries.eligibility`). Texts named `…_plain` are
    German in plain language (Leichte Sprache).
    """

    __tablename__ = "call"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ref: Mapped[str] = mapped_column(unique=True)
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    definition_key: Mapped[str]
    form_key: Mapped[str]
    form_version: Mapped[int]
    title_de: Mapped[str]
    title_en: Mapped[str]
    summary_de: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(default="")
    description_de: Mapped[str] = mapped_column(default="")
    description_en: Mapped[str] = mapped_column(default="")
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_inclusive: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=False)
    strict_deadline: Mapped[bool] = mapped_column(default=True)
    minimum_amount: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    maximum_amount: Mapped[Decimal] = mapped_column(Money)
    quarterly_ceiling: Mapped[Decimal | None] = mapped_column(Money)
    financing_type: Mapped[str] = mapped_column(default="pro_rata")
    own_share_percent: Mapped[int] = mapped_column(default=0)
    minimum_reviews: Mapped[int] = mapped_column(default=2)
    is_blind: Mapped[bool] = mapped_column(default=False, server_default=false())
    calibrates: Mapped[bool] = mapped_column(default=False, server_default=false())
    reserve_until: Mapped[date | None]
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    terms: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    eligibility: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    title_plain: Mapped[str] = mapped_column(default="", server_default="")
    summary_plain: Mapped[str] = mapped_column(default="", server_default="")
    description_plain: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    lead_ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))


class CallShare(Base):
    """A ministry's part in a call; the lead ministry stands at position 0."""

    __tablename__ = "call_share"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), primary_key=True)
    ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    position: Mapped[int]
    percent: Mapped[int]
    budget_title: Mapped[str]


class FormVersion(Base):
    """One version of a form: a draft that is edited, then published for good by two persons.

    `content` is the definition as plain data, `edition` counts its changes, `based_on` names the
    form it began as. Triggers refuse any change of a published version.
    """

    __tablename__ = "form_version"
    __table_args__ = (
        CheckConstraint("published_at IS NULL OR sha256 <> ''", name="sealed"),
        CheckConstraint("published_by IS NULL OR published_by <> proposed_by", name="four_eyes"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[str] = mapped_column(default="")
    edited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
