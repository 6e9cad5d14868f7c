"""New dates for what waits: limits and timers computed again, after a rule has changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from funding_app.engine import tasks
from funding_app.engine.creation import note
from funding_app.engine.registry import Machinery, ProcessRow
from funding_app.engine.storage import statements
from funding_app.models import Process, Task, Timer
from workflows.definition import State
from workflows.definition import Timer as Timing


def redate(
    session: Session, machinery: Machinery, process_id: uuid.UUID, reason: str, when: datetime
) -> bool:
    """Dates the open limit and timers of a process anew; a change is logged with its reason.

    What has happened already stays: only what is still pending is dated.
    """
    process = statements.lock(session, process_id)
    state = machinery.definition_of(process).states[process.state]
    if state.terminal:
        return False
    facts = machinery.read_facts(session, process, when, tasks.dating_facts(state))
    changes = _limit(session, process, state, facts) | _timers(session, process, state, facts)
    if changes:
        note(session, process_id, "redated", {"reason": reason, "dates": changes}, when)
    return bool(changes)


def _limit(
    session: Session, process: ProcessRow, state: State, facts: dict[str, Any]
) -> dict[str, Any]:
    due = tasks.due_at(state.limit, process.entered_at, facts, process.region)
    if due == process.due_at:
        return {}
    before, process.due_at = process.due_at, due
    session.execute(
        update(Process)
        .where(Process.id == process.id)
        .values(due_at=due)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Task)
        .where(Task.process_id == process.id, Task.done_at.is_(None))
        .values(due_at=due, reminded=0)
        .execution_options(synchronize_session=False)
    )
    return {"limit": [before, due]}


def _timers(
    session: Session, process: ProcessRow, state: State, facts: dict[str, Any]
) -> dict[str, Any]:
    pending = select(Timer).where(Timer.process_id == process.id, Timer.closed_at.is_(None))
    running = {timer.event: timer for timer in session.scalars(pending)}
    changes: dict[str, Any] = {}
    for timing in _set_by(state.timers, running):
        due = tasks.due_at(timing.limit, process.entered_at, facts, process.region)
        timer = running[timing.event]
        if due is not None and due != timer.due_at:
            changes[timing.event] = [timer.due_at, due]
            timer.due_at = due
    session.flush()
    return changes


def _set_by(timings: Iterable[Timing], running: Iterable[str]) -> list[Timing]:
    return [timing for timing in timings if timing.event in running]
