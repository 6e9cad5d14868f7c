"""Which applications of a call want reviews, and whom one would rather not ask for them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from funding_app.matching import Applicant, Wanted, suspicions
from funding_app.matching.regions import region_of
from funding_app.models import (
    AnswerSection,
    ApplicationNote,
    Call,
    Organisation,
    PlannedReview,
    Process,
)
from funding_app.models.types import tagged
from funding_app.queries.calls.forms import find_form
from funding_app.queries.people.people import members_of
from funding_app.queries.reviews.reviewers import Reviewing, reviewers
from workflows import Registry
from workflows.definition import Definition, Transition
from workflows.vocabulary.tags import HELD, Record

ASKED_FOR = ("field_of_action", "partners", "postal_code", "contact_email")
EFFECT = "open_review"
LOT = 500
NOBODY = Applicant("")
Asking: TypeAlias = Mapping[tuple[str, int], Mapping[str, str]]
"""The events that ask for a review, by definition with its version and by state."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application for which reviews can be opened, by the event `event`.

    `held` reviews are under way or count. What follows is known once the details were read:
    `asked` is everyone who ever was asked for one, `note` the office's own.
    """

    id: uuid.UUID
    reference: str
    title: str
    organisation_id: uuid.UUID
    event: str
    held: int
    minimum: int
    organisation: str = ""
    fields: tuple[str, ...] = ()
    region: str = ""
    applicant: Applicant = NOBODY
    asked: frozenset[str] = frozenset()
    note: ApplicationNote | None = None

    @property
    def needed(self) -> int:
        """How many reviews are missing."""
        return max(self.minimum - self.held, 0)

    def wanted(self, barred: Collection[str] = ()) -> Wanted:
        """As the assignment takes the application."""
        fields, asked = frozenset(self.fields), self.asked | frozenset(barred)
        return Wanted(str(self.id), self.needed, fields, self.region, asked)


@dataclass(frozen=True, slots=True)
class Situation:
    """A call's applications in the order of their numbers, and all who may review.

    `states` are those in which reviews can be opened.
    """

    candidates: Sequence[Candidate]
    people: Sequence[Reviewing]
    states: frozenset[str] = frozenset()

    def suspected(self, candidate: Candidate) -> dict[str, tuple[str, ...]]:
        """Why whom one would rather not ask, by the person's id."""
        found = {
            str(person.id): suspicions(candidate.applicant, person.referee())
            for person in self.people
        }
        return {person: reasons for person, reasons in found.items() if reasons}

    def wanted(self) -> list[Wanted]:
        """What is to be assigned; the candidates' details have to be known."""
        return [each.wanted(self.suspected(each).keys()) for each in self.candidates if each.needed]


def situation(session: Session, definitions: Registry, call: Call) -> Situation:
    """Who wants reviews and who gives them, without the details of the applications."""
    asking = _asking(session, definitions, call)
    states = frozenset(state for events in asking.values() for state in events)
    candidates = _candidates(session, call, asking, states)
    return Situation(candidates, reviewers(session, call.id), states)


def whole_situation(session: Session, definitions: Registry, call: Call) -> Situation:
    """Everything an assignment depends on, in a fixed number of queries."""
    found = situation(session, definitions, call)
    lacking = [each for each in found.candidates if each.needed]
    return Situation(with_details(session, call, lacking), found.people, found.states)


def not_opened(session: Session, call_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """The pairs of application and reviewer that are planned and were not asked yet."""
    rows = session.execute(
        _not_opened(PlannedReview.application_id, PlannedReview.reviewer_id)
        .where(PlannedReview.call_id == call_id)
        .order_by(PlannedReview.application_id, PlannedReview.reviewer_id)
    )
    return [(case, reviewer) for case, reviewer in rows]


def waiting_by_reviewer(
    session: Session, call_id: uuid.UUID, states: Collection[str]
) -> dict[uuid.UUID, int]:
    """How many reviews are planned by reviewer and not open yet, for applications in the states."""
    case = aliased(Process)
    counted = session.execute(
        _not_opened(PlannedReview.reviewer_id, func.count())
        .join(case, case.id == PlannedReview.application_id)
        .where(PlannedReview.call_id == call_id, case.state.in_(states))
        .group_by(PlannedReview.reviewer_id)
    )
    return {reviewer: count for reviewer, count in counted}


def _not_opened(*columns: Any) -> Select[Any]:
    asked = aliased(Process)
    same = and_(
        asked.parent_id == PlannedReview.application_id,
        asked.assignee_id == PlannedReview.reviewer_id,
        asked.record == Record.REVIEW,
    )
    return (
        select(*columns).select_from(PlannedReview).outerjoin(asked, same).where(asked.id.is_(None))
    )


def events_that_ask(definition: Definition) -> dict[str, str]:
    """The event that opens a review, by the states in which there is one."""
    return {
        state: arrow.event
        for state in definition.states
        for arrow in definition.arrows_from(state)
        if opens_review(arrow)
    }


def opens_review(arrow: Transition) -> bool:
    """Whether an event asks somebody for a review."""
    return any(effect.name == EFFECT for effect in arrow.effects)


def _asking(session: Session, definitions: Registry, call: Call) -> Asking:
    kinds = session.execute(
        select(Process.definition_key, Process.definition_version)
        .where(Process.call_id == call.id, Process.is_root)
        .distinct()
    )
    return {
        (key, version): events_that_ask(definitions.get(key, version)) for key, version in kinds
    }


def _candidates(
    session: Session, call: Call, asking: Asking, states: Collection[str]
) -> list[Candidate]:
    held = _held(session, call)
    rows = session.execute(
        select(
            Process.id,
            Process.reference,
            Process.title,
            Process.organisation_id,
            Process.definition_key,
            Process.definition_version,
            Process.state,
        )
        .where(Process.call_id == call.id, Process.is_root, Process.state.in_(states))
        .order_by(Process.reference, Process.id)
    )
    return [
        Candidate(
            row.id,
            row.reference or "",
            row.title or "",
            row.organisation_id,
            asking[row.definition_key, row.definition_version][row.state],
            held.get(row.id, 0),
            call.minimum_reviews,
        )
        for row in rows
        if row.state in asking[row.definition_key, row.definition_version]
    ]


def _held(session: Session, call: Call) -> dict[uuid.UUID | None, int]:
    counted = (
        select(Process.parent_id, func.count())
        .where(
            Process.call_id == call.id,
            Process.record == Record.REVIEW,
            tagged(Process.tags, *HELD),
        )
        .group_by(Process.parent_id)
    )
    return {parent: count for parent, count in session.execute(counted)}


def with_details(session: Session, call: Call, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with their fields, region, people, partners and those asked already."""
    ids = [each.id for each in candidates]
    organisations = {each.organisation_id for each in candidates}
    facts = _Facts(
        {row.id: row for row in _found(session, Organisation, Organisation.id, organisations)},
        {
            row.application_id: row
            for row in _found(session, ApplicationNote, ApplicationNote.application_id, ids)
        },
        _answers(session, call, ids),
        _asked(session, ids),
        _emails(session, organisations),
    )
    return [facts.complete(each) for each in candidates]


@dataclass(frozen=True, slots=True)
class _Facts:
    organisations: Mapping[uuid.UUID, Organisation]
    notes: Mapping[uuid.UUID, ApplicationNote]
    answers: Mapping[uuid.UUID, Mapping[str, Any]]
    asked: Mapping[uuid.UUID | None, set[str]]
    emails: Mapping[uuid.UUID, set[str]]

    def complete(self, candidate: Candidate) -> Candidate:
        organisation = self.organisations[candidate.organisation_id]
        answers = self.answers.get(candidate.id, {})
        note = self.notes.get(candidate.id)
        postal_code = str(answers.get("postal_code") or organisation.postal_code)
        emails = self.emails.get(organisation.id, set())
        return replace(
            candidate,
            organisation=organisation.name_de,
            fields=_fields(answers, note),
            region=(note.region if note else "") or region_of(postal_code),
            applicant=_applicant(organisation, answers, emails),
            asked=frozenset(self.asked.get(candidate.id, ())),
            note=note,
        )


def _found(session: Session, model: Any, column: Any, ids: Collection[uuid.UUID]) -> list[Any]:
    return [
        row
        for part in _parts(ids)
        for row in session.scalars(select(model).where(column.in_(part)))
    ]


def _parts(ids: Collection[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """The ids in lots that one statement may name."""
    ordered = sorted(ids)
    for first in range(0, len(ordered), LOT):
        yield ordered[first : first + LOT]


def _emails(session: Session, organisations: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = {}
    for part in _parts(organisations):
        for member in members_of(session, part):
            found.setdefault(member.organisation_id, set()).add(member.email)
    return found


def _fields(answers: Mapping[str, Any], note: ApplicationNote | None) -> tuple[str, ...]:
    """The field of action first, then what the office noted; another field says nothing."""
    own = str(answers.get("field_of_action") or "")
    given = [own] if own and own != "other" else []
    return tuple(dict.fromkeys([*given, *(note.fields if note else ())]))


def _applicant(
    organisation: Organisation, answers: Mapping[str, Any], emails: set[str]
) -> Applicant:
    rows = answers.get("partners")
    partners = [row.get("name") for row in rows] if isinstance(rows, list) else []
    contact = str(answers.get("contact_email") or "")
    return Applicant(
        str(organisation.id),
        organisation.name_de,
        frozenset(emails | {contact, organisation.email, f"@{organisation.email_domain}"}),
        frozenset(str(name) for name in partners if name),
    )


def _answers(
    session: Session, call: Call, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """The answers that matter here, of the sections of the call's form that ask for them."""
    form = find_form(session, call.form_key, call.form_version)
    sections = [
        section.id
        for section in form.sections
        if any(field.id in ASKED_FOR for field in section.fields)
    ]
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for part in _parts(ids):
        saved = select(AnswerSection.process_id, AnswerSection.answers).where(
            AnswerSection.process_id.in_(part), AnswerSection.section.in_(sections)
        )
        for process_id, answers in session.execute(saved):
            known = {name: answers[name] for name in ASKED_FOR if name in answers}
            found.setdefault(process_id, {}).update(known)
    return found


def _asked(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID | None, set[str]]:
    found: dict[uuid.UUID | None, set[str]] = {}
    for part in _parts(ids):
        children = select(Process.parent_id, Process.assignee_id).where(
            Process.parent_id.in_(part), Process.record == Record.REVIEW
        )
        for parent, person in session.execute(children):
            found.setdefault(parent, set()).add(str(person))
    return found
