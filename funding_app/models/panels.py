"""Meetings of a panel: seats, agenda, recusals and ballots."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, UtcDateTime


class PanelMeeting(Base):
    """When and where a panel meets on a call; `rules` are those of voting, fixed at the start."""

    __tablename__ = "panel_meeting"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("call.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str]
    is_online: Mapped[bool]
    rules: Mapped[dict[str, Any]] = mapped_column(Json)


class PanelSeat(Base):
    """A member of a meeting; `attended` stays true for whoever leaves early."""

    __tablename__ = "panel_seat"

    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_meeting.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True, index=True
    )
    may_vote: Mapped[bool]
    is_chair: Mapped[bool]
    is_present: Mapped[bool] = mapped_column(default=False)
    attended: Mapped[bool] = mapped_column(default=False)


class PanelItem(Base):
    """An application on the agenda: what is moved, what was said, and what came of it.

    `motion` and `outcome` are events of the application's definition (`workflows.panel`).
    `tally` holds the counted votes once there is an `outcome`; nobody changes either again.
    """

    __tablename__ = "panel_item"
    __table_args__ = (UniqueConstraint("meeting_id", "application_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_meeting.id"))
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    motion: Mapped[str]
    notes: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str | None]
    tally: Mapped[dict[str, Any] | None] = mapped_column(Json)


class PanelRecusal(Base):
    """A member who takes no part in an item, and why (§§ 20, 21 VwVfG)."""

    __tablename__ = "panel_recusal"
    __table_args__ = (Index("ix_panel_recusal_user", "user_id", "item_id"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_item.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    ground: Mapped[str]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PanelLiftedRecusal(Base):
    """A recusal that was a mistake: what was recorded, and which two persons lifted it and why."""

    __tablename__ = "panel_lifted_recusal"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_item.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    ground: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PanelBallot(Base):
    """One member's vote on one item; the key lets nobody vote twice."""

    __tablename__ = "panel_ballot"
    __table_args__ = (CheckConstraint("choice IN ('yes', 'no', 'abstain')", name="choice"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("panel_item.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    choice: Mapped[str]
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
