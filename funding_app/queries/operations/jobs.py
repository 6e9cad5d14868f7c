"""Queued work that waits, runs or was given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from funding_app.models import OutboxAct, OutboxMessage, UserAccount

SHOWN = 200
ACTS = 50


def open_jobs(session: Session) -> Sequence[OutboxMessage]:
    """Everything that is not done: what was given up first, then by when it is due."""
    failed = (OutboxMessage.state == "dead") & OutboxMessage.stopped_at.is_(None)
    failed_first = case((failed, 0), else_=1)
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


def acts(session: Session) -> Sequence[Any]:
    """What was done to jobs last, the newest first: each with the job and who did it."""
    return session.execute(
        select(OutboxAct, OutboxMessage.job, UserAccount.name)
        .join(OutboxMessage, OutboxMessage.id == OutboxAct.message_id)
        .join(UserAccount, UserAccount.id == OutboxAct.actor_id)
        .order_by(OutboxAct.id.desc())
        .limit(ACTS)
    ).all()
