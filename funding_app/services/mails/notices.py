"""Mails: wanted with a change, written once per person, sent at least once with one Message-ID."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from funding_app.engine import EffectContext
from funding_app.engine.outbox import deliver
from funding_app.models import MailDelivery, Task, new_id
from funding_app.queries.mails.recipients import Recipient, unannounced

ANNOUNCED_AT_ONCE = 200


def request_mail(context: EffectContext, kind: str) -> None:
    """Queues the mails of a kind (`decision`) to the applicants of the case."""
    process = context.process
    payload = {"kind": kind, "process_id": str(process.id)}
    key = f"mails:{kind}:{process.id}:{process.log_seq}"
    deliver(context.session, "write_mails", key, payload, context.when)


def announce_tasks(session: Session, now: datetime) -> int:
    """Queues a mail for each open work item nobody has been told of; returns how many."""
    found = unannounced(session, ANNOUNCED_AT_ONCE)
    for task_id in found:
        payload = {"kind": "task", "task_id": str(task_id)}
        deliver(session, "write_mails", f"mails:task:{task_id}", payload, now)
    session.execute(update(Task).where(Task.id.in_(found)).values(announced_at=now))
    return len(found)


def write_mail(
    session: Session,
    key: str,
    recipient: Recipient,
    words: Mapping[str, str],
    host: str,
    now: datetime,
    *,
    unsubscribe: str = "",
    document_id: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """Writes one person's mail (`subject`, `body`) and queues its sending; a repeat is none.

    Returns the id of a mail that is written.
    """
    dedup_key = f"{key}:{recipient.id}"
    known = select(MailDelivery.id).where(MailDelivery.dedup_key == dedup_key)
    if session.scalars(known).first() is not None:
        return None
    mail_id = new_id()
    session.execute(
        insert(MailDelivery).values(
            id=mail_id,
            dedup_key=dedup_key,
            message_id=f"<{mail_id}@{host}>",
            recipient=recipient.email,
            subject=words["subject"],
            body=words["body"],
            unsubscribe=unsubscribe,
            document_id=document_id,
            state="queued",
            created_at=now,
        )
    )
    deliver(session, "send_mail", f"mail:{mail_id}", {"mail_id": str(mail_id)}, now)
    return mail_id


def mark_sent(session: Session, mail_id: uuid.UUID, now: datetime) -> None:
    """Notes that the mail was handed over."""
    values: dict[str, Any] = {"state": "sent", "sent_at": now}
    session.execute(update(MailDelivery).where(MailDelivery.id == mail_id).values(**values))
