"""Cases as lists and single ones, always within what a person may see."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from funding_app.access import Person, visible_to
from funding_app.models import (
    Application,
    Document,
    LogPayload,
    LogRecord,
    Organisation,
    Process,
    Task,
    UserAccount,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the cursor of the next ones."""

    rows: Sequence[Any]
    next: str | None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; empty means everything visible."""

    state: str = ""
    definition: str = ""
    search: str = ""
    after: str | None = None
    limit: int = PAGE


def encode_cursor(at: datetime, process_id: uuid.UUID) -> str:
    """The place behind a row, opaque to its bearer."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(process_id)]).encode()).decode()


def decode_cursor(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    """The place a cursor stands for; `None` for one that is none."""
    try:
        at, process_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(at), uuid.UUID(process_id)
    except (ValueError, TypeError):
        return None


def list_cases(session: Session, person: Person, wanted: CaseFilter) -> Page:
    """Cases, the last changed first, with applicant and amount."""
    statement = (
        select(
            Process.id,
            Process.reference,
            Process.title,
            Process.definition_key,
            Process.state,
            Process.due_at,
            Process.updated_at,
            Application.requested,
            Organisation.name_de.label("organisation"),
        )
        .join(Application, Application.id == Process.id)
        .join(Organisation, Organisation.id == Process.organisation_id)
        .where(Process.is_root, visible_to(person))
        .order_by(Process.updated_at.desc(), Process.id.desc())
        .limit(wanted.limit + 1)
    )
    if wanted.state:
        statement = statement.where(Process.state == wanted.state)
    if wanted.definition:
        statement = statement.where(Process.definition_key == wanted.definition)
    if wanted.search:
        text = wanted.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = statement.where(
            or_(
                Process.reference.startswith(wanted.search, autoescape=True),
                Process.title.ilike(f"%{text}%", escape="\\"),
            )
        )
    place = decode_cursor(wanted.after) if wanted.after else None
    if place is not None:
        at, process_id = place
        statement = statement.where(
            or_(Process.updated_at < at, and_(Process.updated_at == at, Process.id < process_id))
        )
    rows = session.execute(statement).all()
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return Page(rows, encode_cursor(rows[-1].updated_at, rows[-1].id) if more else None)


def find_process(session: Session, person: Person, process_id: uuid.UUID) -> Process | None:
    """The process if the person may see it; a foreign one looks like an unknown one."""
    return session.scalars(
        select(Process).where(Process.id == process_id, visible_to(person))
    ).one_or_none()


def children_of(session: Session, person: Person, process_id: uuid.UUID) -> Sequence[Process]:
    """The visible child processes, oldest first."""
    return session.scalars(
        select(Process)
        .where(Process.parent_id == process_id, visible_to(person))
        .order_by(Process.id)
    ).all()


def log_of(session: Session, process_id: uuid.UUID) -> Sequence[Any]:
    """The log of a process with the names of those who acted, newest first."""
    return session.execute(
        select(LogRecord, UserAccount.name, LogPayload.payload)
        .outerjoin(UserAccount, UserAccount.id == LogRecord.actor_id)
        .outerjoin(
            LogPayload,
            (LogPayload.process_id == LogRecord.process_id) & (LogPayload.seq == LogRecord.seq),
        )
        .where(LogRecord.process_id == process_id)
        .order_by(LogRecord.seq.desc())
    ).all()


def documents_of(session: Session, process_id: uuid.UUID) -> Sequence[Document]:
    """The issued documents of a process, newest first."""
    return session.scalars(
        select(Document)
        .where(Document.process_id == process_id, Document.sha256.is_not(None))
        .order_by(Document.issued_at.desc(), Document.id)
    ).all()


def open_tasks_for(session: Session, person: Person, limit: int = 200) -> Sequence[Any]:
    """Open work items of the person's roles on processes they may see, the most urgent first."""
    return session.execute(
        select(
            Task.id,
            Task.state,
            Task.role,
            Task.due_at,
            Process.id.label("process_id"),
            Process.definition_key,
            Process.definition_version,
            Process.reference,
            Process.title,
        )
        .join(Process, Process.id == Task.process_id)
        .where(
            Task.done_at.is_(None),
            Task.role.in_(person.roles),
            visible_to(person) | _own_draft(person),
            _for_this_person(person),
        )
        .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
        .limit(limit)
    ).all()


def _own_draft(person: Person) -> Any:
    own = person.organisations(("applicant_editor", "applicant_signatory"))
    return Process.organisation_id.in_(own)


def _for_this_person(person: Person) -> Any:
    """A reviewer's and a ministry's task is for those who stand in that relation."""
    ministries = person.organisations(
        ("ministry_expert", "budget_officer", "ministry_signatory", "lead_signatory")
    )
    by_ministry = ("ministry_expert", "budget_officer", "ministry_signatory", "lead_signatory")
    return and_(
        or_(Task.role != "reviewer", Process.assignee_id == person.id),
        or_(Task.role.not_in(by_ministry), Process.ministry_id.in_(ministries)),
    )
