"""Forms as the office writes them, beside the shipped ones."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base
from funding_app.models.types import Json, UtcDateTime


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
