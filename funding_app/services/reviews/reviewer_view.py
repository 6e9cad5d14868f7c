"""The application as its reviewers read it, and what the system suspects before they do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from forms.schema import Field, FormSchema, tells_identity, visible_answers_of, without_identity
from funding_app.access import Person
from funding_app.engine.storage import statements
from funding_app.matching import Applicant, Referee, suspicions
from funding_app.models import Process
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.people.people import members_of
from funding_app.queries.reviews import readable
from funding_app.services.applications.answers import form_of

Seen = tuple[FormSchema, dict[str, Any]]


def application_seen(session: Session, case_id: uuid.UUID, *, is_blind: bool) -> Seen | None:
    """The form with its answers; blind without what tells who applies, files as clean copies."""
    form = form_of(session, statements.load(session, case_id))
    if form is None:
        return None
    shown = without_identity(form) if is_blind else form
    answers = answers_of(session, case_id)
    seen = visible_answers_of(shown, answers) if is_blind else answers
    names = [each.id for each in shown.fields if each.type == "file" and answers.get(each.id)]
    return shown, seen | _files(session, names, case_id, is_blind=is_blind)


def _files(
    session: Session, names: Sequence[str], case_id: uuid.UUID, *, is_blind: bool
) -> dict[str, list[dict[str, Any]]]:
    """The files of some fields as entries of answers."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for file in readable.seen_files(session, case_id) if found else ():
        if file.field in found:
            found[file.field].append(file.as_answer(is_blind=is_blind))
    return found


def file_seen(
    session: Session, person: Person, case_id: uuid.UUID, attachment_id: uuid.UUID
) -> tuple[readable.SeenFile, str] | None:
    """A copy for a reviewer of the case and its name for the download; `None` without a right."""
    review = readable.own_review_of(session, person, case_id)
    if review is None:
        return None
    is_blind = readable.is_blind(session, review)
    hidden = hidden_fields(session, case_id) if is_blind else set()
    for file in readable.seen_files(session, case_id):
        if file.id == attachment_id and file.field not in hidden and file.sha256:
            return file, file.neutral_name if is_blind else file.name
    return None


def hidden_fields(session: Session, case_id: uuid.UUID) -> set[str]:
    """The fields of a case's form whose answers and files no blind reviewer gets."""
    form = form_of(session, statements.load(session, case_id))
    return {each.id for each in form.fields if tells_identity(each)} if form else set()


def suspected(session: Session, review: Process, applicant: Applicant) -> list[str]:
    """Codes of what suggests that the person asked for a review is biased (§§ 20, 21 VwVfG)."""
    assert review.assignee_id is not None, "a review is asked of somebody"
    known = readable.reviewer_side(session, review.assignee_id)
    declared = readable.declared_against(session, review.assignee_id)
    homes = {name for row in known for name in (row.name_de, row.name_en, row.affiliation) if name}
    found = {
        reason
        for home in homes or {""}
        for reason in suspicions(
            applicant,
            Referee(
                email=known[0].email,
                affiliation=home,
                organisations=frozenset(str(row.organisation_id) for row in known),
                declared=frozenset(map(str, declared)),
            ),
        )
    }
    return sorted(found)


def parties_of(applicant: Applicant) -> list[str]:
    """Who applies and who takes part, by name: what may be known before the declaration."""
    return [applicant.name, *sorted(applicant.partners)]


def applicant_of(session: Session, case_id: uuid.UUID) -> Applicant:
    """Who applies, by the organisation that is registered and by the answers that tell it."""
    form = form_of(session, statements.load(session, case_id))
    told = list(_told(form.fields, answers_of(session, case_id))) if form else []
    own = readable.applying(session, case_id)
    addresses = {value for kind, value in told if kind == "email"}
    addresses |= {member.email for member in members_of(session, {own.id})}
    return Applicant(
        organisation=str(own.id),
        name=own.name_de,
        emails=frozenset(addresses | {own.email, f"@{own.email_domain}"}),
        partners=frozenset(value for kind, value in told if kind == "partner"),
    )


def _told(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The answers that name a mail address (`email`) or, in a row, a `partner`."""
    for each in fields:
        value = answers.get(each.id)
        if each.type == "partners":
            yield from (("partner", name) for name in _named(each, value))
        elif each.type == "email" and isinstance(value, str):
            yield "email", value


def _named(field: Field, given: Any) -> Iterator[str]:
    """Of each row the first column that tells who it is."""
    column = next((each.id for each in field.columns if tells_identity(each)), None)
    for row in given if isinstance(given, list) else ():
        if column and isinstance(row, Mapping) and row.get(column):
            yield str(row[column])
