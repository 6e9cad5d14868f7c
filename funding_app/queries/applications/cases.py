"""Cases as lists and single ones, always within what a person may see."""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Uuid,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from funding_app.access import (
    APPLICANT_ROLES,
    MINISTRY_ROLES,
    REVIEW_ROLES,
    Person,
    readable_by,
    visible_to,
)
from funding_app.models import (
    Application,
    Approval,
    Call,
    CoSignature,
    Document,
    LogRecord,
    Organisation,
    PaymentRequest,
    Process,
    Report,
    Review,
    Submission,
    Task,
    Timer,
    UserAccount,
)
from funding_app.models.engine import NEVER
from workflows.vocabulary.tags import Record

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
    call: str = ""
    search: str = ""
    sort: str = ""
    after: str | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Order:
    """A column that sorts, with the reader of its value in a cursor; ties go by `key`.

    Every order has its index; where a value may be missing, the index has the same expression,
    so what stands for it is a literal and no parameter. `roots` keeps child processes out; where
    another table sorts, it is written so that it invites no index of the process.
    """

    column: ColumnElement[Any]
    descending: bool
    read: Callable[[str], Any]
    key: ColumnElement[uuid.UUID] = Process.__table__.c.id
    roots: ColumnElement[bool] = Process.__table__.c.is_root


ORDERS: Mapping[str, Order] = {
    "": Order(Process.__table__.c.updated_at, True, datetime.fromisoformat),
    "due": Order(
        func.coalesce(Process.due_at, literal_column(NEVER)), False, datetime.fromisoformat
    ),
    "amount": Order(
        func.coalesce(Application.requested, literal_column("0")),
        True,
        Decimal,
        Application.__table__.c.id,
        func.coalesce(Process.is_root, false()),
    ),
    "reference": Order(Process.__table__.c.reference, False, str),
}


def encode_cursor(value: Any, process_id: uuid.UUID) -> str:
    """The place behind a row, opaque to its bearer."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, str(process_id)]).encode()).decode()


def decode_cursor(
    cursor: str, read: Callable[[str], Any] = datetime.fromisoformat
) -> tuple[Any, uuid.UUID] | None:
    """The place a cursor stands for; `None` for one that is none."""
    try:
        value, process_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return read(value), uuid.UUID(process_id)
    except (ValueError, TypeError, ArithmeticError):
        return None


def list_cases(session: Session, person: Person, wanted: CaseFilter) -> Page:
    """Cases with applicant and amount, by default the last changed first."""
    order = ORDERS.get(wanted.sort, ORDERS[""])
    way = order.column.desc() if order.descending else order.column.asc()
    tie = order.key.desc() if order.descending else order.key.asc()
    statement = (
        select(
            Process.id,
            Process.reference,
            Process.title,
            Process.definition_key,
            Process.definition_version,
            Process.state,
            Process.due_at,
            Process.updated_at,
            Application.requested,
            Organisation.name_de.label("organisation"),
            order.column.label("place"),
        )
        .join(Application, Application.id == Process.id)
        .join(Organisation, Organisation.id == Process.organisation_id)
        .where(order.roots, visible_to(person), *_narrowed(wanted), *_behind(wanted.after, order))
        .order_by(way, tie)
        .limit(wanted.limit + 1)
    )
    rows = session.execute(statement).all()
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return Page(rows, encode_cursor(rows[-1].place, rows[-1].id) if more else None)


def _behind(after: str | None, order: Order) -> list[ColumnElement[bool]]:
    """The condition that only rows behind the cursor's place fulfil."""
    place = decode_cursor(after, order.read) if after else None
    if place is None:
        return []
    value = literal(place[0], order.column.type)
    here, there = tuple_(order.column, order.key), tuple_(value, literal(place[1], Uuid()))
    if order.descending:
        return [order.column <= value, here < there]
    return [order.column >= value, here > there]


NUMBERED = re.compile(r"[A-Z]+-[0-9]{4}-[0-9]+")
"""A reference or its beginning: then its index answers, and no title is looked at."""


def _narrowed(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state:
        conditions.append(Process.state == wanted.state)
    if wanted.definition:
        conditions.append(Process.definition_key == wanted.definition)
    if wanted.call:
        call_id = select(Call.id).where(Call.ref == wanted.call).scalar_subquery()
        conditions.append(Process.call_id == call_id)
    if NUMBERED.fullmatch(wanted.search.strip().upper()):
        begun = wanted.search.strip().upper()
        conditions += [Process.reference >= begun, Process.reference < f"{begun}z"]
    elif wanted.search:
        text = wanted.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        reference = Process.reference.startswith(wanted.search, autoescape=True)
        conditions.append(or_(reference, Process.title.ilike(f"%{text}%", escape="\\")))
    return conditions


def find_process(session: Session, person: Person, process_id: uuid.UUID) -> Process | None:
    """The process if the person may see it; a foreign one looks like an unknown one."""
    return session.scalars(
        select(Process).where(Process.id == process_id, visible_to(person))
    ).one_or_none()


def find_with_record(
    session: Session, person: Person, process_id: uuid.UUID
) -> tuple[Process, Application | None] | None:
    """The process if the person may see it, with the record of its case where it belongs to one."""
    row = session.execute(
        select(Process, Application)
        .outerjoin(Application, Application.id == Process.root_id)
        .where(Process.id == process_id, visible_to(person))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def children_of(session: Session, person: Person, process_id: uuid.UUID) -> Sequence[Process]:
    """The visible child processes, oldest first."""
    return session.scalars(
        select(Process)
        .where(Process.parent_id == process_id, visible_to(person))
        .order_by(Process.id)
    ).all()


def children_with_names(session: Session, person: Person, process_id: uuid.UUID) -> Sequence[Any]:
    """The visible child processes, oldest first, each with what its line on the page says."""
    return session.execute(
        select(
            Process,
            Organisation.short_name.label("ministry"),
            UserAccount.name.label("assignee"),
            PaymentRequest.amount,
            Review.declined_for,
        )
        .outerjoin(Organisation, Organisation.id == Process.ministry_id)
        .outerjoin(UserAccount, UserAccount.id == Process.assignee_id)
        .outerjoin(PaymentRequest, PaymentRequest.id == Process.id)
        .outerjoin(Review, Review.id == Process.id)
        .where(Process.parent_id == process_id, visible_to(person))
        .order_by(Process.id)
    ).all()


RECORDS: Mapping[str, type[CoSignature | Review | PaymentRequest | Report]] = {
    Record.CO_SIGNATURE: CoSignature,
    Record.REVIEW: Review,
    Record.PAYMENT_REQUEST: PaymentRequest,
    Record.REPORT: Report,
}


def record_beside(session: Session, process: Process) -> Any:
    """The domain record of a child process: the signature, review, payment, report or proposal."""
    if process.record == Record.APPROVAL:
        return session.execute(
            select(Approval, UserAccount.name.label("proposer"))
            .join(UserAccount, UserAccount.id == Approval.proposer_id)
            .where(Approval.id == process.id)
        ).one_or_none()
    record = RECORDS.get(process.record)
    return session.get(record, process.id) if record else None


def ministry_names(session: Session) -> dict[str, str]:
    """The ministries' names by id (as text)."""
    named = select(Organisation.id, Organisation.name_de).where(Organisation.kind == "ministry")
    return {str(row.id): row.name_de for row in session.execute(named)}


def receipt_of(session: Session, process_id: uuid.UUID) -> Any:
    """The last submission of a process with the log record that was written with it."""
    return session.execute(
        select(Submission, LogRecord.hash.label("log_head"))
        .join(
            LogRecord,
            (LogRecord.process_id == Submission.process_id) & (LogRecord.seq == Submission.log_seq),
        )
        .where(Submission.process_id == process_id)
        .order_by(Submission.number.desc())
        .limit(1)
    ).one_or_none()


def timers_of(session: Session, process_id: uuid.UUID) -> Sequence[Timer]:
    """What time itself will bring about on a process, the next first."""
    return session.scalars(
        select(Timer)
        .where(Timer.process_id == process_id, Timer.closed_at.is_(None))
        .order_by(Timer.due_at, Timer.id)
    ).all()


def path_of(session: Session, process_id: uuid.UUID) -> list[str]:
    """The states a process went through, the last being its present one."""
    states = session.scalars(
        select(LogRecord.to_state).where(LogRecord.process_id == process_id).order_by(LogRecord.seq)
    ).all()
    return [state for place, state in enumerate(states) if place == 0 or states[place - 1] != state]


def steps_of(session: Session, process_id: uuid.UUID) -> Sequence[Any]:
    """When a process came into which state, oldest first, without anybody's name."""
    moved = LogRecord.from_state != LogRecord.to_state
    return session.execute(
        select(LogRecord.at, LogRecord.to_state.label("state"))
        .where(LogRecord.process_id == process_id, moved)
        .order_by(LogRecord.seq)
    ).all()


def documents_of(session: Session, process_id: uuid.UUID, person: Person) -> Sequence[Document]:
    """The issued documents of a process that the person may read, newest first."""
    return session.scalars(
        select(Document)
        .where(Document.process_id == process_id, Document.sha256.is_not(None), readable_by(person))
        .order_by(Document.issued_at.desc(), Document.id)
    ).all()


def find_document(session: Session, person: Person, document_id: uuid.UUID) -> Document | None:
    """An issued document that the person may read, if its process is visible."""
    return session.scalars(
        select(Document).where(
            Document.id == document_id, Document.sha256.is_not(None), readable_by(person)
        )
    ).one_or_none()


def open_tasks_for(
    session: Session, person: Person, limit: int = PAGE, after: str | None = None
) -> Page:
    """Open work items of the person's roles on processes they may see, the most urgent first.

    Asked for role by role. What an office does is found in the order of urgency, whose index ends
    early; what one organisation or reviewer does is found from their processes, which are few.
    """
    parts = [
        select(_tasks_of(person, role, limit + 1, after).subquery())
        for role in sorted(person.roles)
    ]
    if not parts:
        return Page([], None)
    found = union_all(*parts).subquery()
    ordered = select(found).order_by(found.c.urgency, found.c.id).limit(limit + 1)
    rows = session.execute(ordered).all()
    more, rows = len(rows) > limit, rows[:limit]
    return Page(rows, encode_cursor(rows[-1].urgency, rows[-1].id) if more else None)


SOON = timedelta(days=7)
"""What is due within this time is shown as urgent."""
URGENCY = Order(
    func.coalesce(Task.due_at, literal_column(NEVER)),
    False,
    datetime.fromisoformat,
    Task.__table__.c.id,
)


def _tasks_of(person: Person, role: str, limit: int, after: str | None) -> Any:
    tasks = (
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
            URGENCY.column.label("urgency"),
        )
        .join(Process, Process.id == Task.process_id)
        .where(Task.done_at.is_(None), *_behind(after, URGENCY))
    )
    # an expression, which no index has: the way goes from the processes to their tasks
    own = tasks.where(Task.role.concat("") == role)
    if role in APPLICANT_ROLES:
        return own.where(Process.organisation_id.in_(person.organisations([role])))
    if role in REVIEW_ROLES:
        return own.where(Process.assignee_id == person.id)
    tasks = tasks.where(Task.role == role)
    if role in MINISTRY_ROLES:
        tasks = tasks.where(Process.ministry_id.in_(person.organisations([role])))
    return tasks.where(visible_to(person)).order_by(URGENCY.column, URGENCY.key).limit(limit)
