"""Which applications of a call want reviews, and whom one would rather not ask for them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.matching import Applicant, Wanted, suspicions
from funding_app.matching.regions import region_of
from funding_app.models import (
    AnswerSection,
    Application,
    ApplicationNote,
    Call,
    Organisation,
    PlannedReview,
    Process,
)
from funding_app.queries.forms import find_form
from funding_app.queries.people import members_of
from funding_app.queries.reviewers import HELD, Reviewing, reviewers
from workflows import Registry
from workflows.definition import Definition

ASKED_FOR = ("field_of_action", "partners", "postal_code", "contact_email")
EFFECT = "open_review"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application for which reviews can be opened: what it wants and who stands behind it.

    `held` reviews are under way or count; `asked` is everyone who ever was asked for one. `event`
    opens a review, `note` is the office's own.
    """

    id: uuid.UUID
    reference: str
    title: str
    state: str
    organisation: str
    event: str
    held: int
    minimum: int
    fields: tuple[str, ...]
    region: str
    applicant: Applicant
    asked: frozenset[str]
    note: ApplicationNote | None

    @property
    def needed(self) -> int:
        """How many reviews are missing."""
        return max(self.minimum - self.held, 0)

    def wanted(self, barred: Collection[str] = (), needed: int | None = None) -> Wanted:
        """As the assignment takes the application."""
        return Wanted(
            str(self.id),
            self.needed if needed is None else needed,
            frozenset(self.fields),
            self.region,
            self.asked | frozenset(barred),
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """A call's applications in the order of their numbers, and all who may review."""

    candidates: Sequence[Candidate]
    people: Sequence[Reviewing]

    def suspected(self, candidate: Candidate) -> dict[str, tuple[str, ...]]:
        """Why whom one would rather not ask, by the person's id."""
        found = {
            str(person.id): suspicions(candidate.applicant, person.referee())
            for person in self.people
        }
        return {person: reasons for person, reasons in found.items() if reasons}

    def wanted(self) -> list[Wanted]:
        """What is to be assigned."""
        return [each.wanted(self.suspected(each).keys()) for each in self.candidates if each.needed]


def situation(session: Session, definitions: Registry, call: Call) -> Situation:
    """Everything an assignment depends on, in a fixed number of queries."""
    return Situation(_candidates(session, definitions, call), reviewers(session, call.id))


def planned_of(session: Session, call_id: uuid.UUID) -> Sequence[PlannedReview]:
    """The pairs of a call's proposal, in a fixed order."""
    return session.scalars(
        select(PlannedReview)
        .where(PlannedReview.call_id == call_id)
        .order_by(PlannedReview.application_id, PlannedReview.reviewer_id)
    ).all()


def events_that_ask(definition: Definition) -> dict[str, str]:
    """The event that opens a review, by the states in which there is one."""
    return {
        state: arrow.event
        for state in definition.states
        for arrow in definition.arrows_from(state)
        if any(effect.name == EFFECT for effect in arrow.effects)
    }


@dataclass(slots=True)
class _Asked:
    everyone: set[str] = field(default_factory=set)
    held: int = 0


def _candidates(session: Session, definitions: Registry, call: Call) -> list[Candidate]:
    rows = _rows(session, definitions, call)
    ids = [row.Process.id for row in rows]
    answers = _answers(session, call, ids)
    asked = _asked(session, call)
    people: dict[uuid.UUID, set[str]] = {}
    for member in members_of(session, {row.Organisation.id for row in rows}):
        people.setdefault(member.organisation_id, set()).add(member.email)
    return [
        _candidate(
            row,
            call,
            definitions,
            answers.get(row.Process.id, {}),
            asked.get(row.Process.id, _Asked()),
            people.get(row.Organisation.id, set()),
        )
        for row in rows
    ]


def _rows(session: Session, definitions: Registry, call: Call) -> list[Any]:
    here = (Process.call_id == call.id, Process.is_root)
    kinds = session.execute(
        select(Process.definition_key, Process.definition_version).where(*here).distinct()
    ).all()
    asking = {
        (key, version): events_that_ask(definitions.get(key, version)) for key, version in kinds
    }
    states = {state for events in asking.values() for state in events}
    found = session.execute(
        select(Process, Organisation, ApplicationNote)
        .join(Application, Application.id == Process.id)
        .join(Organisation, Organisation.id == Process.organisation_id)
        .outerjoin(ApplicationNote, ApplicationNote.application_id == Process.id)
        .where(*here, Process.state.in_(states))
        .order_by(Process.reference, Process.id)
    )
    return [
        row
        for row in found
        if row.Process.state in asking[row.Process.definition_key, row.Process.definition_version]
    ]


def _candidate(
    row: Any,
    call: Call,
    definitions: Registry,
    answers: Mapping[str, Any],
    asked: _Asked,
    emails: set[str],
) -> Candidate:
    process, organisation, note = row.Process, row.Organisation, row.ApplicationNote
    definition = definitions.get(process.definition_key, process.definition_version)
    postal_code = str(answers.get("postal_code") or organisation.postal_code)
    return Candidate(
        id=process.id,
        reference=process.reference or "",
        title=process.title or "",
        state=process.state,
        organisation=organisation.name_de,
        event=events_that_ask(definition)[process.state],
        held=asked.held,
        minimum=call.minimum_reviews,
        fields=_fields(answers, note),
        region=(note.region if note else "") or region_of(postal_code),
        applicant=_applicant(organisation, answers, emails),
        asked=frozenset(asked.everyone),
        note=note,
    )


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
        frozenset(emails | {contact, organisation.email}),
        frozenset(str(name) for name in partners if name),
    )


def _answers(
    session: Session, call: Call, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """The answers that matter here, of the sections of the call's form that ask for them."""
    form = find_form(session, call.form_key, call.form_version)
    sections = [
        section.id
        for section in form.sections
        if any(field.id in ASKED_FOR for field in section.fields)
    ]
    found: dict[uuid.UUID, dict[str, Any]] = {}
    saved = (
        select(AnswerSection.process_id, AnswerSection.answers)
        .join(Process, Process.id == AnswerSection.process_id)
        .where(Process.call_id == call.id, AnswerSection.section.in_(sections))
    )
    known = set(ids)
    for process_id, answers in session.execute(saved):
        if process_id in known:
            found.setdefault(process_id, {}).update(
                (name, answers[name]) for name in ASKED_FOR if name in answers
            )
    return found


def _asked(session: Session, call: Call) -> dict[uuid.UUID | None, _Asked]:
    found: dict[uuid.UUID | None, _Asked] = {}
    children = select(Process.parent_id, Process.assignee_id, Process.state).where(
        Process.call_id == call.id, Process.definition_key == "review_assignment"
    )
    for parent, person, state in session.execute(children):
        one = found.setdefault(parent, _Asked())
        one.everyone.add(str(person))
        one.held += state in HELD
    return found
