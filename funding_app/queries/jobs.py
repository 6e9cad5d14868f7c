"""Queued work that waits, runs or was given up."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from funding_app.models import OutboxMessage, UserAccount

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


def names_of(session: Session, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of some people."""
    rows = session.execute(
        select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(user_ids))
    )
    return {user_id: name for user_id, name in rows}
