"""Who gets a mail, and what it says in plain values."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from babel.dates import format_date, format_datetime, get_timezone
from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Grant, roles_on
from funding_app.access.relations import APPLICANT_ROLES
from funding_app.models import (
    Document,
    MailDelivery,
    Message,
    Process,
    RoleAssignment,
    Submission,
    Task,
    UserAccount,
)
from workflows.vocabulary import ROLES

LOCALES = {"de": "de_DE", "en": "en_GB"}
ZONE = get_timezone("Europe/Berlin")
MOST = 50


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be written to."""

    id: uuid.UUID
    email: str
    name: str
    language: str


def recipient_of(account: UserAccount) -> Recipient:
    """The person of an account, with a language that mails are written in."""
    language = account.language if account.language in LOCALES else "de"
    return Recipient(account.id, account.email, account.name, language)


def people_on(session: Session, process: Process, roles: Sequence[str]) -> list[Recipient]:
    """Active people in whom one of the roles counts on the process (at most `MOST`)."""
    rows = session.execute(
        select(UserAccount, RoleAssignment.role, RoleAssignment.organisation_id)
        .join(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
        .where(UserAccount.is_active, RoleAssignment.role.in_(roles))
        .order_by(UserAccount.email)
    )
    found = {
        row.UserAccount.id: recipient_of(row.UserAccount)
        for row in rows
        if roles_on([Grant(row.role, row.organisation_id)], row.UserAccount.id, process)
    }
    return list(found.values())[:MOST]


def for_task(
    session: Session, task_id: uuid.UUID, *, escalated: bool = False
) -> tuple[Task, Process, list[Recipient]] | None:
    """An open work item with its process and its people; a case's officer alone where named.

    Where it is `escalated`, those who answer for it are among them.
    """
    task = session.get(Task, task_id)
    if task is None or task.done_at is not None:
        return None
    process = session.get_one(Process, task.process_id)
    people = people_on(session, process, [task.role])
    if task.role == "case_officer" and process.officer_id:
        people = [each for each in people if each.id == process.officer_id] or people
    if escalated:
        above = people_on(session, process, [ROLES[task.role].escalates_to])
        people += [each for each in above if each not in people]
    return task, process, people


def for_applicants(session: Session, process_id: uuid.UUID) -> tuple[Process, list[Recipient]]:
    """A case with the people of the applying organisation."""
    process = session.get_one(Process, process_id)
    return process, people_on(session, process, sorted(APPLICANT_ROLES))


def for_message(session: Session, message_id: uuid.UUID) -> tuple[str, Process, list[Recipient]]:
    """The name of a message's author, its case, and whom it is for.

    That is the other side, or the author's own people where it is a comment among them.
    """
    message = session.get_one(Message, message_id)
    author = session.get_one(UserAccount, message.author_id)
    process, applicants = for_applicants(session, message.process_id)
    if message.audience == "own":
        return author.name, process, [each for each in applicants if each.id != author.id]
    if author.id not in {each.id for each in applicants}:
        return author.name, process, applicants
    office = people_on(session, process, ["case_officer"])
    named = [each for each in office if each.id == process.officer_id]
    return author.name, process, named or office


def received_at(session: Session, process_id: uuid.UUID) -> datetime | None:
    """When a case was last handed in."""
    return session.scalar(
        select(Submission.received_at)
        .where(Submission.process_id == process_id)
        .order_by(Submission.number.desc())
        .limit(1)
    )


def unannounced(session: Session, limit: int) -> Sequence[uuid.UUID]:
    """Open work items nobody has been told of, oldest first."""
    return session.scalars(
        select(Task.id)
        .where(Task.announced_at.is_(None), Task.done_at.is_(None))
        .order_by(Task.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def delivery(session: Session, delivery_id: uuid.UUID) -> MailDelivery:
    """A mail to be sent."""
    return session.get_one(MailDelivery, delivery_id)


class Carried(NamedTuple):
    """An issued document that a mail carries: the hash of its bytes, and the file's name."""

    sha256: str
    name: str


def carried(session: Session, mail: MailDelivery) -> Carried | None:
    """The document of a mail, if it carries one."""
    row = session.execute(
        select(Document.sha256, Document.kind, Process.reference)
        .join(Process, Process.id == Document.process_id)
        .where(Document.id == mail.document_id, Document.sha256.is_not(None))
    ).one_or_none()
    return Carried(row.sha256, f"{row.reference}-{row.kind}.pdf") if row else None


def moment(at: datetime, language: str) -> str:
    """An instant in words, in local time with its zone."""
    pattern = "d. MMMM y, HH:mm:ss 'Uhr' zzz" if language == "de" else "d MMMM y, HH:mm:ss zzz"
    return format_datetime(at, pattern, tzinfo=ZONE, locale=LOCALES[language])


def last_day(at: datetime, language: str) -> str:
    """The last day of a limit that ends at a local midnight."""
    day = (at - timedelta(microseconds=1)).astimezone(ZONE)
    return format_date(day, "d. MMMM y" if language == "de" else "d MMMM y", LOCALES[language])
