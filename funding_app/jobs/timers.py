"""Firing what the law attaches to time itself, once its instant has come."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from funding_app import services
from funding_app.engine import Command, Machinery, Refused
from funding_app.models import Timer
from funding_app.models.database import Database

RETRY = timedelta(hours=6)


def run_due(database: Database, machinery: Machinery, now: datetime) -> int:
    """Fires the timers that are due; returns how many events happened."""
    with database.read() as session:
        due = session.execute(
            select(Timer.id, Timer.process_id, Timer.event)
            .where(Timer.closed_at.is_(None), Timer.due_at <= now)
            .order_by(Timer.due_at, Timer.id)
        ).all()
    fired = 0
    for timer in due:
        command = Command(timer.process_id, timer.event, None, now, door="timer")
        try:
            with database.write() as session:
                services.fire(session, machinery, command)
                _close(session, timer.id, now)
            fired += 1
        except Refused:
            with database.write() as session:
                session.execute(
                    update(Timer).where(Timer.id == timer.id).values(due_at=now + RETRY)
                )
    return fired


def _close(session: Session, timer_id: uuid.UUID, now: datetime) -> None:
    """An event that stays in its state leaves its timer open; it has happened all the same."""
    fired = update(Timer).where(Timer.id == timer_id, Timer.closed_at.is_(None))
    session.execute(fired.values(closed_at=now))
