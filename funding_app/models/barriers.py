"""Reports of barriers: what somebody could not use, and whether the office has seen to it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import UtcDateTime


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
