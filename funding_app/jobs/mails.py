"""The jobs around mails: finding whom to write to, and sending."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from funding_app.access import APPLICANT_ROLES
from funding_app.documents.mails import compose, message, one_line
from funding_app.jobs.workplace import Finish, Payload, Workplace, nothing_left
from funding_app.models import Attachment, Process, Task, TaskMail
from funding_app.queries.mails import recipients as queries
from funding_app.queries.mails.preferences import AT_ONCE, DAILY, DIGEST, digest_of, ways_for
from funding_app.queries.reviews.discussions import for_discussion
from funding_app.services.mails import notices, preferences
from funding_app.services.mails.preferences import unsubscribe_token
from funding_app.services.mails.reminders import ESCALATED
from funding_app.services.mails.stopping import begin_sending, is_held
from workflows.definition import Definition
from workflows.vocabulary import ROLE_TITLES


@dataclass(frozen=True, slots=True)
class Written:
    """A mail to one person; with a topic it is one that the person may not want, or not now."""

    key: str
    recipient: queries.Recipient
    kind: str
    values: Mapping[str, str]
    topic: str = ""
    task_id: uuid.UUID | None = None
    stage: int = 0
    document_id: uuid.UUID | None = None


def write_mails(place: Workplace, payload: Payload) -> Finish:
    """Finds the people and words; the mails are recorded in the last transaction."""
    if payload["kind"] == DIGEST:
        return _write_digest(place, uuid.UUID(payload["user_id"]), payload["until"])
    with place.database.read() as session:
        written = KINDS[payload["kind"]](place, session, payload)

    def record(session: Session, now: datetime) -> None:
        topics = {each.topic for each in written if each.topic}
        people = [each.recipient.id for each in written]
        ways = {topic: ways_for(session, topic, people) for topic in topics}
        tasks = {each.task_id for each in written if each.task_id}
        held = {task_id for task_id in tasks if is_held(session, task_id)}
        for each in (one for one in written if one.task_id not in held):
            way = ways[each.topic][each.recipient.id] if each.topic else AT_ONCE
            if way == AT_ONCE:
                _record(place, session, each, now)
            elif way == DAILY:
                _record_line(session, each, now)

    return record


def _record(place: Workplace, session: Session, written: Written, now: datetime) -> None:
    person = written.recipient
    link = _unsubscribe_link(place, person.id, written.topic) if written.topic else ""
    words = compose(written.kind, person.language, {**written.values, "unsubscribe": link})
    host = urlsplit(place.base_url).hostname or "localhost"
    mail_id = notices.write_mail(
        session, written.key, person, words, host, now,
        unsubscribe=link, document_id=written.document_id,
    )  # fmt: skip
    if mail_id and written.task_id:
        session.add(TaskMail(mail_id=mail_id, task_id=written.task_id, stage=written.stage))


def _unsubscribe_link(place: Workplace, user_id: uuid.UUID, topic: str) -> str:
    token = unsubscribe_token(place.secret, user_id, topic)
    return f"{place.base_url}/account/unsubscribe/{token}"


def _record_line(session: Session, written: Written, now: datetime) -> None:
    words = compose(written.kind, written.recipient.language, written.values)
    line = {"topic": written.topic, "text": words["subject"], "link": written.values["link"]}
    preferences.keep_line(session, written.key, written.recipient.id, line, now)


def _write_digest(place: Workplace, user_id: uuid.UUID, until: str) -> Finish:
    """The daily mail; its lines leave their table with it."""

    def record(session: Session, now: datetime) -> None:
        account, lines = digest_of(session, user_id, datetime.fromisoformat(until))
        preferences.take_lines(session, [line.id for line in lines])
        if not lines or not account.is_active:
            return
        person = queries.recipient_of(account)
        values = {
            "name": person.name,
            "count": str(len(lines)),
            "lines": "\n\n".join(f"– {line.text}\n  {line.link}" for line in lines),
            "settings": f"{place.base_url}/account",
            "site": place.site_name,
        }
        _record(place, session, Written(f"digest:{until}", person, DIGEST, values, DIGEST), now)

    return record


def _values(place: Workplace, process: Process, recipient: queries.Recipient) -> dict[str, str]:
    return {
        "name": recipient.name,
        "title": process.title,
        "reference": process.reference,
        "link": f"{place.base_url}/cases/{process.id}",
        "site": place.site_name,
    }


def _definition(place: Workplace, process: Process) -> Definition:
    return place.definitions.get(process.definition_key, process.definition_version)


def _task_values(
    place: Workplace, task: Task, process: Process, recipient: queries.Recipient
) -> dict[str, str]:
    language = recipient.language
    state = _definition(place, process).states[task.state]
    return _values(place, process, recipient) | {
        "task": (state.task or state.title)[language],
        "due": queries.last_day(task.due_at, language) if task.due_at else "",
        "owner": ROLE_TITLES[task.role][language],
    }


def _about_task(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    """To those whose task it is; what the office asks an applicant for by a day is no choice."""
    found = queries.for_task(session, uuid.UUID(payload["task_id"]))
    if found is None:
        return []
    task, process, people = found
    begun = task.state != _definition(place, process).initial or not process.is_root
    asked = bool(begun and task.due_at and task.role in APPLICANT_ROLES)
    kind, topic = ("request", "") if asked else ("task", "tasks")
    return [
        Written(
            f"task:{task.id}", each, kind, _task_values(place, task, process, each), topic, task.id
        )
        for each in people
    ]


def _reminding(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    """To those whose task it is; an escalation also to those who answer for them."""
    stage = payload["stage"]
    found = queries.for_task(session, uuid.UUID(payload["task_id"]), escalated=stage == ESCALATED)
    if found is None:
        return []
    task, process, people = found
    return [
        Written(
            f"reminder:{task.id}:{payload.get('at', stage)}",
            each,
            "reminder",
            _task_values(place, task, process, each) | {"stage": str(stage)},
            "reminders",
            task.id,
            stage,
        )
        for each in people
    ]


def _of_discussion(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    """To those who take part and did not say all of it themselves; what was said stays here."""
    case_id, since = uuid.UUID(payload["case_id"]), payload["since"]
    found = for_discussion(session, place.definitions, case_id, datetime.fromisoformat(since))
    return [
        Written(
            f"discussion:{case_id}:{since}",
            each,
            "discussion",
            _values(place, process, each)
            | {"link": f"{place.base_url}/cases/{process.id}/discussion"},
            "messages",
        )
        for process, each in found
    ]


def _of_message(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    """To the other side, or a comment to the own people; what was written stays on the portal."""
    author, process, people = queries.for_message(session, uuid.UUID(payload["message_id"]))
    topic = "comments" if payload["kind"] == "comment" else "messages"
    return [
        Written(
            f"message:{payload['message_id']}",
            each,
            payload["kind"],
            _values(place, process, each)
            | {"author": author, "link": f"{place.base_url}/cases/{process.id}/messages"},
            topic,
        )
        for each in people
    ]


def _of_infected_file(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    """To the people of the organisation that uploaded it, whatever they want to be told."""
    file = session.get_one(Attachment, uuid.UUID(payload["attachment_id"]))
    process, people = queries.for_applicants(session, file.process_id)
    told = {"file": one_line(file.file_name), "malware": one_line(file.malware)}
    return [
        Written(f"infected:{file.id}", each, "infected", _values(place, process, each) | told)
        for each in people
    ]


def _of_status(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    """To the applicants: where their case, or what hangs on it, stands now.

    That their case has ended is no choice.
    """
    process, people = queries.for_applicants(session, uuid.UUID(payload["process_id"]))
    definition = _definition(place, process)
    state = definition.states[payload["state"]]
    return [
        Written(
            f"status:{process.id}:{payload['state']}:{process.log_seq}",
            each,
            "status",
            _values(place, process, each)
            | {
                "about": "" if process.is_root else definition.title[each.language],
                "state": state.title[each.language],
                "plain": state.plain[each.language],
            },
            "" if process.is_root and state.terminal else "status",
        )
        for each in people
    ]


def _to_applicants(place: Workplace, session: Session, payload: Payload) -> list[Written]:
    kind = payload["kind"]
    process, people = queries.for_applicants(session, uuid.UUID(payload["process_id"]))
    received = queries.received_at(session, process.id)
    document_id = uuid.UUID(payload["document_id"]) if "document_id" in payload else None
    written = []
    for each in people:
        at = queries.moment(received, each.language) if received else ""
        values = _values(place, process, each) | {
            "received": at,
            "attached": "yes" if document_id else "",
            "verify": f"{place.base_url}/verify",
        }
        key = f"{kind}:{process.id}:{received.isoformat() if received else ''}"
        written.append(Written(key, each, kind, values, document_id=document_id))
    return written


KINDS: Mapping[str, Callable[[Workplace, Session, Payload], list[Written]]] = {
    "comment": _of_message,
    "decision": _to_applicants,
    "discussion": _of_discussion,
    "infected": _of_infected_file,
    "message": _of_message,
    "receipt": _to_applicants,
    "reminder": _reminding,
    "status": _of_status,
    "task": _about_task,
}


def send_mail(place: Workplace, payload: Payload) -> Finish:
    """Sends a mail unless it is sent; a crash before it is noted repeats the same Message-ID."""
    mail_id = uuid.UUID(payload["mail_id"])
    with place.database.read() as session:
        mail = queries.delivery(session, mail_id)
        document = queries.carried(session, mail)
        host = mail.message_id.strip("<>").partition("@")[2]
    if mail.state == "sent":
        return nothing_left
    with place.database.write() as session:
        begun = begin_sending(session, mail_id, place.now())
    if not begun:
        return nothing_left
    attached = (document.name, place.storage.get(document.sha256)) if document else None
    place.mailer.send(
        message(
            sender=f"{place.site_name} <portal@{host}>",
            recipient=mail.recipient,
            subject=mail.subject,
            body=mail.body,
            message_id=mail.message_id,
            at=mail.created_at,
            unsubscribe=mail.unsubscribe,
            attached=attached,
        )
    )
    return lambda session, now: notices.mark_sent(session, mail_id, now)
