"""What people do together on a case: who is where, and what they write to each other."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import UtcDateTime


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
