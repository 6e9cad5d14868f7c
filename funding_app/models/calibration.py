"""Calibration: sample applications with reference scores, and what each reviewer gave them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, UtcDateTime


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
