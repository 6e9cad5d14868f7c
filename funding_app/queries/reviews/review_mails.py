"""What reviewers are sent about their open reviews: so far, next, and what is stopped."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Person, visible_to
from funding_app.models import (
    Call,
    MailDelivery,
    Process,
    Task,
    TaskHold,
    TaskMail,
    UserAccount,
)
from workflows.vocabulary.tags import Record

AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open review with its task, its reviewer's name, and who stopped its mails and why."""

    review: Process
    task: Task
    reviewer: str
    hold: TaskHold | None
    held_by: str | None
    mails: list[Any] = field(default_factory=list)


def open_reviews(session: Session, person: Person, call: Call, first: int) -> Sequence[Waiting]:
    """A page of the reviews that reviewers owe in a call, the most urgent first; one more waits."""
    keeper = UserAccount.__table__.alias("keeper")
    rows = session.execute(
        select(Process, Task, UserAccount.name, TaskHold, keeper.c.name)
        .join(Task, (Task.process_id == Process.id) & Task.done_at.is_(None))
        .join(UserAccount, UserAccount.id == Process.assignee_id)
        .outerjoin(TaskHold, TaskHold.task_id == Task.id)
        .outerjoin(keeper, keeper.c.id == TaskHold.held_by)
        .where(
            Process.call_id == call.id,
            Process.record == Record.REVIEW,
            Task.role == "reviewer",
            visible_to(person),
        )
        .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
        .offset(first)
        .limit(AT_ONCE + 1)
    )
    found = [Waiting(*row) for row in rows]
    by_task = {each.task.id: each for each in found}
    for row in _mails(session, list(by_task)):
        by_task[row.TaskMail.task_id].mails.append(row)
    return found


def _mails(session: Session, tasks: Sequence[uuid.UUID]) -> Sequence[Any]:
    return session.execute(
        select(TaskMail, MailDelivery.recipient, MailDelivery.state, MailDelivery.sent_at)
        .join(MailDelivery, MailDelivery.id == TaskMail.mail_id)
        .where(TaskMail.task_id.in_(tasks))
        .order_by(MailDelivery.created_at, MailDelivery.id)
    ).all()


def review_task(session: Session, person: Person, task_id: uuid.UUID) -> tuple[Task, Call] | None:
    """An open task of a reviewer in a case the person may see, with its call."""
    row = session.execute(
        select(Task, Call)
        .join(Process, Process.id == Task.process_id)
        .join(Call, Call.id == Process.call_id)
        .where(
            Task.id == task_id,
            Task.done_at.is_(None),
            Task.role == "reviewer",
            Process.record == Record.REVIEW,
            visible_to(person),
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def next_mail(waiting: Waiting, stages: dict[int, datetime]) -> tuple[int, datetime | None] | None:
    """What is sent next without anybody doing anything, and when; nothing while it is stopped."""
    if waiting.hold is not None:
        return None
    if waiting.task.announced_at is None:
        return 0, None
    coming = [(stage, at) for stage, at in stages.items() if stage > waiting.task.reminded]
    return min(coming) if coming else None
