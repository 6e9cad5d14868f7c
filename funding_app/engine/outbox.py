"""The outbox: what is to be done after the commit, never lost and never done twice.

A row is written with the change that wants it. It is dispatched under a lease, claimed with a
token, and marked done in the transaction of its own effect, if the token is still the current one.
Whatever happens to a worker or the broker, the lease or the epoch brings the row back.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from funding_app.models import OutboxAct, OutboxMessage, new_id
from funding_app.models.database import upsert

LEASE = timedelta(seconds=20)
WINDOW = 64
BACKOFF_STEPS = 4
LATER = timedelta(seconds=30)
"""After this what had to wait for something else is tried again."""

_outbox = OutboxMessage.__table__
_open: ColumnElement[bool] = literal_column("state <> 'done'")
_going: ColumnElement[bool] = OutboxMessage.stopped_at.is_(None)


class NotYet(Exception):
    """A job that has to wait for something outside of it; the text says for what."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in the hands of one worker."""

    id: uuid.UUID
    job: str
    payload: dict[str, Any]
    token: str


def deliver(
    session: Session, job: str, dedup_key: str, payload: Mapping[str, Any], due_at: datetime
) -> None:
    """Writes a message; a second one with the same key changes nothing."""
    values = {
        "id": new_id(),
        "job": job,
        "dedup_key": dedup_key,
        "payload": dict(payload),
        "state": "pending",
        "due_at": due_at,
        "attempts": 0,
        "max_attempts": 8,
        "created_at": due_at,
    }
    statement = upsert(session, OutboxMessage).values(values)
    session.execute(statement.on_conflict_do_nothing(index_elements=["dedup_key"]))
    session.info["doorbell"] = True


def dispatch(
    session: Session, epoch: str, now: datetime, business: datetime | None = None
) -> list[uuid.UUID]:
    """Leases what is due, up to the window; returns the ids to hand to the broker.

    What is due is due by business time, which a test lets stand; `now` is real time, as for
    everything else here.
    """
    under_way = session.scalar(
        select(func.count())
        .select_from(_outbox)
        .where(_open, OutboxMessage.state.in_(("dispatched", "running")))
    )
    room = WINDOW - (under_way or 0)
    if room <= 0:
        return []
    due = (
        select(OutboxMessage.id)
        .where(_open, OutboxMessage.state == "pending", _going)
        .where(OutboxMessage.due_at <= (business or now))
        .where(func.coalesce(OutboxMessage.lease_until, now) <= now)
        .order_by(OutboxMessage.due_at)
        .limit(room)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(
            state="dispatched",
            lease_until=now + LEASE,
            epoch=epoch,
            attempts=OutboxMessage.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    return ids


def claim(session: Session, message_id: uuid.UUID, now: datetime) -> Claimed | None:
    """Takes a dispatched message; `None` where another has it or it is done."""
    token = secrets.token_hex(12)
    row = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == "dispatched", _going)
        .values(state="running", token=token, lease_until=now + LEASE)
        .returning(OutboxMessage.job, OutboxMessage.payload)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claimed(message_id, row.job, row.payload, token) if row else None


def finish(session: Session, claimed: Claimed, now: datetime) -> bool:
    """Marks the message done in the effect's own transaction; `False` if the lease was lost."""
    done = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == claimed.id,
            OutboxMessage.state == "running",
            OutboxMessage.token == claimed.token,
            _going,
        )
        .values(state="done", done_at=now, lease_until=None, last_error=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return done.one_or_none() is not None


def fail(session: Session, claimed: Claimed, error: str, now: datetime) -> None:
    """Puts the message back, later each time; after the last attempt it is dead and visible."""
    row = session.execute(
        select(OutboxMessage.attempts, OutboxMessage.max_attempts).where(
            OutboxMessage.id == claimed.id, OutboxMessage.token == claimed.token
        )
    ).one_or_none()
    if row is None:
        return
    dead = row.attempts >= row.max_attempts
    wait = LEASE * 2 ** min(row.attempts - 1, BACKOFF_STEPS) / 4
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == claimed.id, OutboxMessage.token == claimed.token)
        .values(
            state="dead" if dead else "pending",
            lease_until=None if dead else now + wait,
            last_error=error[:2000],
        )
        .execution_options(synchronize_session=False)
    )


def postpone(session: Session, claimed: Claimed, reason: str, now: datetime) -> None:
    """Puts the message back for a while; waiting is no attempt, however long it takes."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == claimed.id, OutboxMessage.token == claimed.token)
        .values(
            state="pending",
            lease_until=now + LATER,
            attempts=OutboxMessage.attempts - 1,
            last_error=reason[:2000],
        )
        .execution_options(synchronize_session=False)
    )


def sweep(session: Session, epoch: str, now: datetime) -> int:
    """Brings back what a dead worker or an emptied broker has left behind; returns how many."""
    stuck = or_(
        OutboxMessage.lease_until < now,
        (OutboxMessage.state == "dispatched") & (OutboxMessage.epoch != epoch),
    )
    over = OutboxMessage.attempts >= OutboxMessage.max_attempts
    rows = session.execute(
        update(OutboxMessage)
        .where(_open, OutboxMessage.state.in_(("dispatched", "running")), stuck)
        .values(
            state=case((over, "dead"), else_="pending"),
            lease_until=None,
            last_error=case((over, "the worker was lost each time"), else_=None),
        )
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something to a message, when and why; it is kept beside the message."""

    actor_id: uuid.UUID
    at: datetime
    reason: str = ""


def _keep(session: Session, message_id: uuid.UUID, act: str, by: Act) -> None:
    session.add(
        OutboxAct(message_id=message_id, act=act, actor_id=by.actor_id, at=by.at, reason=by.reason)
    )


def stop(session: Session, message_id: uuid.UUID, by: Act) -> bool:
    """Keeps a message from being done, also one that a worker has in its hands.

    What that worker does outside of the database (sending a mail) may have happened already; its
    transaction is taken back. `False` where the message is done or stopped.
    """
    row = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state != "done", _going)
        .values(stopped_at=by.at, stopped_by=by.actor_id)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    if row.one_or_none() is None:
        return False
    _keep(session, message_id, "stopped", by)
    return True


def revive(session: Session, message_id: uuid.UUID, by: Act) -> bool:
    """Goes on with a stopped message, or gives a dead one a new set of attempts.

    A message that was given up before it was stopped gets both. `False` where there is nothing
    to revive.
    """
    row = session.execute(
        select(OutboxMessage.state, OutboxMessage.stopped_at)
        .where(OutboxMessage.id == message_id, or_(OutboxMessage.state == "dead", ~_going))
        .with_for_update()
    ).one_or_none()
    if row is None:
        return False
    values: dict[str, Any] = {"stopped_at": None, "stopped_by": None}
    if row.state == "dead":
        values |= {"state": "pending", "attempts": 0, "due_at": by.at}
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
    _keep(session, message_id, "resumed" if row.stopped_at else "retried", by)
    session.info["doorbell"] = True
    return True


def status(session: Session) -> dict[str, int]:
    """How many messages are in each state other than done; those that are stopped count as that."""
    state = case((_going, OutboxMessage.state), else_="stopped").label("state")
    open_ones = select(state).where(_open).subquery()
    counted = session.execute(select(open_ones.c.state, func.count()).group_by(open_ones.c.state))
    return {state: count for state, count in counted}


def failures(session: Session) -> list[dict[str, str]]:
    """The messages that were given up, the oldest first: id, job and the last error.

    Without those that somebody stopped: they wait for a person, who knows of them.
    """
    dead = session.execute(
        select(OutboxMessage.id, OutboxMessage.job, OutboxMessage.last_error)
        .where(_open, OutboxMessage.state == "dead", _going)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
    )
    return [{"id": str(row.id), "job": row.job, "error": row.last_error or ""} for row in dead]


__all__ = [
    "Act",
    "Claimed",
    "NotYet",
    "claim",
    "deliver",
    "dispatch",
    "fail",
    "failures",
    "finish",
    "postpone",
    "revive",
    "status",
    "stop",
    "sweep",
]
