"""The application as its reviewers read it, and what the system suspects before they do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from forms.schema import Field, FormSchema, tells_identity, visible_answers_of, without_identity
from funding_app.access import Person
from funding_app.engine import rows
from funding_app.models import Process
from funding_app.queries import reviewing
from funding_app.rules import conflicts
from funding_app.services.answers import answers_of, form_of

Seen = tuple[FormSchema, dict[str, Any]]


def application_seen(session: Session, case_id: uuid.UUID, *, is_blind: bool) -> Seen | None:
    """The form with its answers; blind without what tells who applies, files as clean copies."""
    form = form_of(session, rows.load(session, case_id))
    if form is None:
        return None
    shown = without_identity(form) if is_blind else form
    answers = answers_of(session, case_id)
    seen = visible_answers_of(shown, answers) if is_blind else answers
    return shown, seen | _files(session, shown, case_id, is_blind=is_blind)


def _files(
    session: Session, form: FormSchema, case_id: uuid.UUID, *, is_blind: bool
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {
        field.id: [] for field in form.fields if field.type == "file"
    }
    for file in reviewing.seen_files(session, case_id) if found else ():
        if file.field in found:
            found[file.field].append(file.as_answer(is_blind=is_blind))
    return found


def file_seen(
    session: Session, person: Person, case_id: uuid.UUID, attachment_id: uuid.UUID
) -> tuple[reviewing.SeenFile, str] | None:
    """A copy for a reviewer of the case and its name for the download; `None` without a right."""
    review = reviewing.own_review_of(session, person, case_id)
    if review is None:
        return None
    is_blind = reviewing.is_blind(session, review)
    form = form_of(session, rows.load(session, case_id))
    hidden = (
        {each.id for each in form.fields if is_blind and tells_identity(each)} if form else set()
    )
    for file in reviewing.seen_files(session, case_id):
        if file.id == attachment_id and file.field not in hidden and file.sha256:
            return file, file.neutral_name if is_blind else file.name
    return None


def suspicions(session: Session, review: Process) -> list[conflicts.Suspicion]:
    """What suggests that the person asked for a review is biased."""
    assert review.assignee_id is not None and review.parent_id is not None
    found = reviewing.reviewer_side(session, review.assignee_id)
    names = {name for row in found for name in (row.name_de, row.name_en) if name}
    domains = {conflicts.domain_of(row.email) for row in found}
    domains |= {row.email_domain or "" for row in found}
    reviewer = conflicts.Side(
        organisations=frozenset(names),
        people=frozenset(row.name for row in found),
        domains=frozenset(domains - {""}),
    )
    return conflicts.suspicions(reviewer, _applicant(session, review.parent_id))


def _applicant(session: Session, case_id: uuid.UUID) -> conflicts.Side:
    """Who applies, by the organisation that is registered and by the answers that tell it."""
    form = form_of(session, rows.load(session, case_id))
    answers = answers_of(session, case_id)
    told = list(_told(form.fields, answers)) if form else []
    own = reviewing.applying(session, case_id)
    names = {own.name_de, own.name_en} if own else set()
    texts = {value for kind, value in told if kind == "text"}
    addresses = {value for kind, value in told if kind == "email"} | ({own.email} if own else set())
    domains = {conflicts.domain_of(each) for each in addresses}
    domains |= {own.email_domain} if own else set()
    return conflicts.Side(
        organisations=frozenset((names | texts) - {""}),
        people=frozenset(texts),
        domains=frozenset(domains - {""}),
        partners=frozenset(value for kind, value in told if kind == "partner"),
    )


def _told(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts that tell who takes part, as `text`, `email` or (in a row) `partner`."""
    for each in fields:
        value = answers.get(each.id)
        if each.type == "partners":
            yield from _partners(each, value)
        elif isinstance(value, str) and value and tells_identity(each):
            yield ("email" if each.type == "email" else "text", value)


def _partners(field: Field, rows_given: Any) -> Iterator[tuple[str, str]]:
    columns = [column.id for column in field.columns if field.identity or tells_identity(column)]
    for row in rows_given if isinstance(rows_given, list) else ():
        for column in columns:
            if isinstance(row, Mapping) and row.get(column):
                yield "partner", str(row[column])


def partners_of(session: Session, case_id: uuid.UUID) -> list[str]:
    """Who applies and who takes part, by name: what may be known before the declaration."""
    own, side = reviewing.applying(session, case_id), _applicant(session, case_id)
    return [*([own.name_de] if own else []), *sorted(side.partners)]
