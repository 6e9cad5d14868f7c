"""The jobs around mails: finding whom to write to, and sending."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from funding_app.documents.mails import compose, message
from funding_app.models import Process
from funding_app.queries import mails as queries
from funding_app.services import mails
from funding_app.services.reminders import ESCALATED
from workflows.vocabulary import ROLES

if TYPE_CHECKING:
    from funding_app.jobs.drain import Workplace

Finish = Callable[[Session, datetime], None]
Letter = tuple[str, queries.Recipient, dict[str, str]]


def write_mails(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Finds the people and words; the mails are recorded in the last transaction."""
    with place.database.read() as session:
        written = _written(place, session, payload)
    host = urlsplit(place.base_url).hostname or "localhost"

    def record(session: Session, now: datetime) -> None:
        for key, recipient, words in written:
            mails.write_mail(session, key, recipient, words, host, now)

    return record


def _written(place: Workplace, session: Session, payload: Mapping[str, Any]) -> list[Letter]:
    if payload["kind"] == "task":
        return _about_task(place, session, uuid.UUID(payload["task_id"]))
    if payload["kind"] == "reminder":
        return _reminding(place, session, uuid.UUID(payload["task_id"]), payload["stage"])
    if payload["kind"] == "message":
        return _of_message(place, session, uuid.UUID(payload["message_id"]))
    return _to_applicants(place, session, payload["kind"], uuid.UUID(payload["process_id"]))


def _values(place: Workplace, process: Process, recipient: queries.Recipient) -> dict[str, str]:
    return {
        "name": recipient.name,
        "title": process.title,
        "reference": process.reference,
        "link": f"{place.base_url}/cases/{process.id}",
        "site": place.site_name,
    }


def _about_task(place: Workplace, session: Session, task_id: uuid.UUID) -> list[Letter]:
    found = queries.for_task(session, task_id)
    if found is None:
        return []
    task, process, people = found
    definition = place.definitions.get(process.definition_key, process.definition_version)
    state = definition.states[task.state]
    written = []
    for each in people:
        language = each.language if each.language in ("de", "en") else "de"
        values = _values(place, process, each) | {
            "task": (state.task or state.title)[language],
            "due": queries.last_day(task.due_at, language) if task.due_at else "",
        }
        written.append((f"task:{task_id}", each, compose("task", language, values)))
    return written


def _reminding(place: Workplace, session: Session, task_id: uuid.UUID, stage: int) -> list[Letter]:
    """To those whose task it is; an escalation also to those who answer for them."""
    found = queries.for_task(session, task_id, escalated=stage == ESCALATED)
    if found is None:
        return []
    task, process, people = found
    definition = place.definitions.get(process.definition_key, process.definition_version)
    state = definition.states[task.state]
    written = []
    for each in people:
        language = each.language if each.language in ("de", "en") else "de"
        values = _values(place, process, each) | {
            "task": (state.task or state.title)[language],
            "due": queries.last_day(task.due_at, language) if task.due_at else "",
            "owner": ROLES[task.role][language],
            "stage": str(stage),
        }
        written.append((f"reminder:{task_id}:{stage}", each, compose("reminder", language, values)))
    return written


def _of_message(place: Workplace, session: Session, message_id: uuid.UUID) -> list[Letter]:
    """To the other side; what was written stays on the portal."""
    author, process, people = queries.for_message(session, message_id)
    return [
        (
            f"message:{message_id}",
            each,
            compose("message", each.language, _values(place, process, each) | {"author": author}),
        )
        for each in people
    ]


def _to_applicants(
    place: Workplace, session: Session, kind: str, process_id: uuid.UUID
) -> list[Letter]:
    process, people = queries.for_applicants(session, process_id)
    received = queries.received_at(session, process_id)
    written = []
    for each in people:
        language = each.language if each.language in ("de", "en") else "de"
        at = queries.moment(received, language) if received else ""
        values = _values(place, process, each) | {"received": at}
        key = f"{kind}:{process_id}:{received.isoformat() if received else ''}"
        written.append((key, each, compose(kind, language, values)))
    return written


def send_mail(place: Workplace, payload: Mapping[str, Any]) -> Finish:
    """Sends a mail unless it is sent; a crash before it is noted repeats the same Message-ID."""
    mail_id = uuid.UUID(payload["mail_id"])
    with place.database.read() as session:
        mail = queries.delivery(session, mail_id)
        host = mail.message_id.strip("<>").partition("@")[2]
    if mail.state != "sent":
        place.mailer.send(
            message(
                sender=f"{place.site_name} <portal@{host}>",
                recipient=mail.recipient,
                subject=mail.subject,
                body=mail.body,
                message_id=mail.message_id,
                at=mail.created_at,
            )
        )
    return lambda session, now: mails.mark_sent(session, mail_id, now)
