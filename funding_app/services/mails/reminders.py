"""Reminders of tasks: ahead of the limit, when it is over, and an escalation some days later.

A reminder decides nothing and moves nothing (`architecture.md`: time only does what the law
attaches to it); it is one mail per stage and person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from funding_app.engine.outbox import deliver
from funding_app.engine.tasks import end_of_day
from funding_app.models import Process, Task, TaskHold
from funding_app.rules.periods import add_working_days
from funding_app.services.operations.clock import local_day

AHEAD, OVER, ESCALATED = 1, 2, 3
BY_HAND = -1
WORKING_DAYS = 3
WINDOW = timedelta(days=14)
AT_ONCE = 200


def stages(due_at: datetime, region: str) -> dict[int, datetime]:
    """When each stage of reminding begins: three working days ahead, at the limit, three after."""
    last = local_day(due_at - timedelta(microseconds=1))
    return {
        AHEAD: end_of_day(add_working_days(last, -WORKING_DAYS, region)),
        OVER: due_at,
        ESCALATED: end_of_day(add_working_days(last, WORKING_DAYS, region)),
    }


def stage_at(due_at: datetime, region: str, now: datetime) -> int:
    """The stage that a task has reached; 0 while there is time."""
    return max((stage for stage, at in stages(due_at, region).items() if at <= now), default=0)


def remind(session: Session, now: datetime) -> int:
    """Queues a mail for each open task that has reached its next stage; returns how many.

    What was missed, because nothing ran for days, is not made up for: the latest stage counts.
    """
    waiting = session.execute(
        select(Task.id, Task.due_at, Task.reminded, Process.region)
        .join(Process, Process.id == Task.process_id)
        .where(
            Task.done_at.is_(None),
            Task.reminded < ESCALATED,
            Task.due_at <= now + WINDOW,
            ~exists().where(TaskHold.task_id == Task.id),
        )
        .order_by(Task.due_at)
        .with_for_update(skip_locked=True, of=Task)
    )
    sent = 0
    for task_id, due_at, reminded, region in waiting:
        stage = stage_at(due_at, region, now) if due_at else 0
        if due_at is None or stage <= reminded:
            continue
        # a limit that was moved reminds anew
        at = f"{stage}:{local_day(due_at)}"
        payload = {"kind": "reminder", "task_id": str(task_id), "stage": stage, "at": at}
        deliver(session, "write_mails", f"mails:reminder:{task_id}:{at}", payload, now)
        session.execute(update(Task).where(Task.id == task_id).values(reminded=stage))
        sent += 1
        if sent == AT_ONCE:
            break
    return sent
