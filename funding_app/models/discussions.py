"""Discussions of an application among its reviewers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import UtcDateTime


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
