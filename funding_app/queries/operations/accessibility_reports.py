"""Reports of barriers, as the office reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.models import BarrierReport

SHOWN = 200


def barrier_reports(session: Session) -> Sequence[BarrierReport]:
    """The reports: what is open first, then the newest."""
    order = (BarrierReport.done_at.is_not(None), BarrierReport.reported_at.desc(), BarrierReport.id)
    return session.scalars(select(BarrierReport).order_by(*order).limit(SHOWN)).all()


def reported_since(session: Session, now: datetime, span: timedelta) -> int:
    """How many reports came within the last span."""
    since = BarrierReport.reported_at > now - span
    return session.scalar(select(func.count(BarrierReport.id)).where(since)) or 0
