"""Reports of barriers: taken from everyone, within reason, and seen to by the office."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from funding_app.models import BarrierReport
from funding_app.queries.operations.accessibility_reports import reported_since

MOST, SPAN = 40, timedelta(hours=1)
"""Nobody signs in to report, so that many reports in that time are enough."""


class TooManyReports(Exception):
    """More reports came within the last hour than people write."""


def report_barrier(session: Session, answers: Mapping[str, Any], now: datetime) -> None:
    """Keeps a report. Raises `TooManyReports`."""
    if reported_since(session, now, SPAN) >= MOST:
        raise TooManyReports
    session.add(
        BarrierReport(
            text=answers["barrier"],
            place=answers.get("barrier_place") or "",
            email=answers.get("reply_to") or "",
            reported_at=now,
        )
    )


def see_to(session: Session, report_id: uuid.UUID, actor_id: uuid.UUID, now: datetime) -> bool:
    """Notes that the office has seen to a report; whether there was one still open."""
    still_open = update(BarrierReport).where(
        BarrierReport.id == report_id, BarrierReport.done_at.is_(None)
    )
    done = session.execute(
        still_open.values(done_at=now, done_by=actor_id).returning(BarrierReport.id)
    )
    return done.first() is not None
