"""Queued work that waits, runs or was given up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from funding_app.models import OutboxMessage

SHOWN = 200


def open_jobs(session: Session) -> Sequence[OutboxMessage]:
    """Everything that is not done: what was given up first, then by when it is due."""
    failed_first = case((OutboxMessage.state == "dead", 0), else_=1)
    return session.scalars(
        select(OutboxMessage)
        .where(literal_column("state <> 'done'"))
        .order_by(failed_first, OutboxMessage.due_at, OutboxMessage.id)
        .limit(SHOWN)
    ).all()


def done_count(session: Session) -> int:
    """How many were done."""
    done = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == "done")
    return session.scalar(done) or 0
