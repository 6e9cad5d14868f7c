"""What a state brings along: the work item of its owner, its limit, its timers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from funding_app.engine.machinery import ProcessRow
from funding_app.models import Task, Timer, new_id
from funding_app.rules.periods import add_working_days, end_of_period
from workflows.definition import Limit, State

BERLIN = ZoneInfo("Europe/Berlin")
PERSONLESS = ("system", "children")

PERIODS: Mapping[str, Callable[[date, int], date]] = {
    "working_days": lambda start, amount: add_working_days(start, amount, "DE-BE"),
    "days": lambda start, amount: end_of_period(start, days=amount),
    "weeks": lambda start, amount: end_of_period(start, weeks=amount),
    "months": lambda start, amount: end_of_period(start, months=amount),
}

_insert_task = insert(Task.__table__)  # type: ignore[arg-type]
_insert_timer = insert(Timer.__table__)  # type: ignore[arg-type]


def end_of_day(day: date) -> datetime:
    """The end of a local day: the following local midnight, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), BERLIN).astimezone(UTC)


def due_at(limit: Limit | None, since: datetime, facts: Mapping[str, Any]) -> datetime | None:
    """When a limit that began at `since` is over; `None` without a limit or without its fact."""
    if limit is None:
        return None
    if limit.unit == "fact":
        value = facts.get(limit.fact or "")
        return end_of_day(value) if type(value) is date else value
    start = since.astimezone(BERLIN).date()
    return end_of_day(PERIODS[limit.unit](start, limit.amount))


def enter(
    session: Session, process: ProcessRow, state: State, when: datetime, facts: Mapping[str, Any]
) -> datetime | None:
    """Opens the task and sets the timers of a state just entered; returns its due time."""
    due = due_at(state.limit, when, facts)
    if state.owner and state.owner not in PERSONLESS and state.task:
        values = {"process_id": process.id, "state": state.id, "role": state.owner}
        session.execute(_insert_task, {"id": new_id(), **values, "opened_at": when, "due_at": due})
    for timer in state.timers:
        set_timer(session, process, timer.event, timer.law, due_at(timer.limit, when, facts), when)
    return due


def leave(session: Session, process: ProcessRow, when: datetime) -> None:
    """Closes the task and the timers of the state being left."""
    session.execute(
        update(Task)
        .where(Task.process_id == process.id, Task.done_at.is_(None))
        .values(done_at=when)
    )
    close_timers(session, process, when)


def close_timers(session: Session, process: ProcessRow, when: datetime) -> None:
    """Closes the open timers of a process."""
    session.execute(
        update(Timer)
        .where(Timer.process_id == process.id, Timer.closed_at.is_(None))
        .values(closed_at=when)
    )


def set_timer(
    session: Session,
    process: ProcessRow,
    event: str,
    law: str,
    due: datetime | None,
    entered_at: datetime,
) -> None:
    """Sets a timer, unless its instant is not known yet."""
    if due is None:
        return
    values = {"process_id": process.id, "event": event, "law": law, "due_at": due}
    session.execute(_insert_timer, {"id": new_id(), **values, "entered_at": entered_at})
