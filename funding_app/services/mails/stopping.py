"""Stopping what is sent about a task, going on with it, and sending a reminder by hand."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.orm import Session

from funding_app.engine import note
from funding_app.engine.outbox import deliver
from funding_app.models import DigestLine, MailDelivery, Task, TaskHold, TaskMail
from funding_app.services.mails.reminders import BY_HAND


def is_held(session: Session, task_id: uuid.UUID) -> bool:
    """Whether nobody is to be written to about a task; until the end of the transaction."""
    session.execute(select(Task.id).where(Task.id == task_id).with_for_update())
    return bool(session.scalar(select(exists().where(TaskHold.task_id == task_id))))


def stop(session: Session, task: Task, actor_id: uuid.UUID, reason: str, now: datetime) -> int:
    """Holds what waits to be sent about a task; returns how many mails were just on their way.

    A mail is on its way once its sending has begun: that can not be called back.
    """
    payload = {"reason": reason, "task": str(task.id)}
    note(session, task.process_id, "mails_stopped", payload, now, actor_id=actor_id, door="page")
    if is_held(session, task.id):
        return 0
    session.add(TaskHold(task_id=task.id, held_by=actor_id, held_at=now, reason=reason))
    of_task = _keep_back(session, task.id, now)
    leaving = select(MailDelivery.id).where(
        MailDelivery.id.in_(of_task), MailDelivery.state == "sending"
    )
    return len(session.scalars(leaving).all())


def _keep_back(session: Session, task_id: uuid.UUID, now: datetime) -> Select[uuid.UUID]:
    """Stops the mails about a task that are not on their way; returns those about it."""
    of_task = select(TaskMail.mail_id).where(TaskMail.task_id == task_id)
    waiting = select(MailDelivery.id).where(
        MailDelivery.id.in_(of_task), MailDelivery.state == "queued"
    )
    session.execute(
        update(TaskMail)
        .where(TaskMail.mail_id.in_(waiting))
        .values(stopped_at=now)
        .execution_options(synchronize_session=False)
    )
    for beginning in (f"reminder:{task_id}:", f"task:{task_id}"):
        session.execute(delete(DigestLine).where(DigestLine.dedup_key.startswith(beginning)))
    return of_task


def resume(session: Session, task: Task, actor_id: uuid.UUID, reason: str, now: datetime) -> None:
    """Goes on with the next stage; what was stopped meanwhile is not made up for."""
    payload = {"reason": reason, "task": str(task.id)}
    note(session, task.process_id, "mails_resumed", payload, now, actor_id=actor_id, door="page")
    session.execute(delete(TaskHold).where(TaskHold.task_id == task.id))


def send_now(session: Session, task: Task, actor_id: uuid.UUID, reason: str, now: datetime) -> bool:
    """Queues a reminder, once a minute at most; `False` where the task is held."""
    if is_held(session, task.id):
        return False
    payload = {"reason": reason, "task": str(task.id)}
    note(session, task.process_id, "reminded", payload, now, actor_id=actor_id, door="page")
    minute = now.strftime("%Y-%m-%dT%H:%M")
    wanted = {"kind": "reminder", "task_id": str(task.id), "stage": BY_HAND, "at": minute}
    deliver(session, "write_mails", f"mails:reminder:{task.id}:{minute}", wanted, now)
    return True


def withdraw(session: Session, process_id: uuid.UUID, now: datetime) -> None:
    """Keeps back whatever waits to be sent about a process's open task, which another takes on."""
    of_process = select(Task.id).where(Task.process_id == process_id, Task.done_at.is_(None))
    for task_id in session.scalars(of_process).all():
        _keep_back(session, task_id, now)


def _is_over(session: Session, task_id: uuid.UUID) -> bool:
    held = is_held(session, task_id)
    done = select(Task.done_at).where(Task.id == task_id)
    return held or session.scalar(done) is not None


def begin_sending(session: Session, mail_id: uuid.UUID, now: datetime) -> bool:
    """Marks a mail as on its way; `False` where it is about a task that is held or done."""
    about = session.get(TaskMail, mail_id, populate_existing=True)
    if about is not None and (_is_over(session, about.task_id) or about.stopped_at):
        about.stopped_at = about.stopped_at or now
        return False
    session.execute(update(MailDelivery).where(MailDelivery.id == mail_id).values(state="sending"))
    return True
