"""What a state brings along: the work item of its owner, its limit, its timers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from funding_app.engine.registry import ProcessRow
from funding_app.engine.storage.prepared import Statement
from funding_app.models import Timer, new_id
from funding_app.rules.periods import add_working_days, end_of_period
from workflows.definition import Limit, State

BERLIN = ZoneInfo("Europe/Berlin")
PERSONLESS = ("system", "children")

SEAT = "DE-BE"
"""The region whose holidays count where no authority is known."""
PERIODS: Mapping[str, Callable[[date, int, str], date]] = {
    "working_days": add_working_days,
    "days": lambda start, amount, region: end_of_period(start, days=amount, region=region),
    "weeks": lambda start, amount, region: end_of_period(start, weeks=amount, region=region),
    "months": lambda start, amount, region: end_of_period(start, months=amount, region=region),
}

_timer = cast(Table, Timer.__table__)
_insert_timer = Statement(
    insert(_timer).inline(), ("id", "process_id", "event", "law", "due_at", "entered_at")
)
_close_timers = Statement(
    update(_timer).where(_timer.c.process_id == bindparam("of"), _timer.c.closed_at.is_(None)),
    ("closed_at",),
)


def end_of_day(day: date) -> datetime:
    """The end of a local day: the following local midnight, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), BERLIN).astimezone(UTC)


def due_at(
    limit: Limit | None, since: datetime, facts: Mapping[str, Any], region: str
) -> datetime | None:
    """When a limit that began at `since` is over; `None` without a limit or without its fact.

    `region` (ISO 3166-2) is the seat of the authority, whose holidays count.
    """
    if limit is None:
        return None
    if limit.unit == "fact":
        value = facts.get(limit.fact or "")
        return end_of_day(value) if type(value) is date else value
    return _end_of_period(limit.unit, limit.amount, since.astimezone(BERLIN).date(), region)


@lru_cache(maxsize=1024)
def _end_of_period(unit: str, amount: int, start: date, region: str) -> datetime:
    return end_of_day(PERIODS[unit](start, amount, region))


def dating_facts(state: State) -> list[str]:
    """The facts that date the state's limit and timers."""
    limits = (state.limit, *(timer.limit for timer in state.timers))
    return [limit.fact for limit in limits if limit is not None and limit.fact]


def has_task(state: State) -> bool:
    """Whether somebody has to act in the state."""
    return bool(state.task and state.owner and state.owner not in PERSONLESS)


def task_of(process: ProcessRow, state: State, when: datetime) -> dict[str, Any] | None:
    """The work item of a state just entered, due when the process is."""
    if not has_task(state):
        return None
    return {
        "id": new_id(),
        "process_id": process.id,
        "state": state.id,
        "role": state.owner,
        "opened_at": when,
        "due_at": process.due_at,
    }


def set_timers(
    session: Session, process: ProcessRow, state: State, when: datetime, facts: Mapping[str, Any]
) -> None:
    """Sets the timers of a state just entered."""
    for timer in state.timers:
        due = due_at(timer.limit, when, facts, process.region)
        set_timer(session, process, timer.event, timer.law, due, when)


def close_timers(session: Session, process: ProcessRow, when: datetime) -> None:
    """Closes the open timers of a process."""
    _close_timers.run(session, {"of": process.id, "closed_at": when})


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
    timer = {"id": new_id(), **values, "entered_at": entered_at}
    _insert_timer.run(session, timer)
