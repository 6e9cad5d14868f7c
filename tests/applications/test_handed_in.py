"""What was never handed in is its applicants' alone, in every definition and also once it ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import workflows
from funding_app import services
from funding_app.access import APPLICANT_ROLES, Person
from funding_app.demo.runner import Story, grant_answers
from funding_app.engine import Command, Creation, ProcessRow, begin, create
from funding_app.exports import export
from funding_app.models import Call, Procedure, Process
from funding_app.queries.applications import cases
from funding_app.queries.operations.case_counts import root_procedures
from funding_app.services.applications.cases import create_application
from funding_app.services.people import accounts
from workflows.definition import Definition, Transition

pytestmark = pytest.mark.both_databases

TITLE = "Ein Vorhaben, von dem niemand weiß"
BEGUN_BY_APPLICANTS = [
    one.key
    for one in workflows.load().newest()
    if one.record == "application" and set(one.create_roles) <= APPLICANT_ROLES
]
BEGUN_BY_OFFICES = {
    one.key: one.create_roles for one in workflows.load().newest() if one.stands_alone
}


def others(story: Story) -> list[str]:
    """Everybody but the applicant's own people."""
    return [who for who in story.world.people if not who.startswith("applicant1")]


def is_handing_in(arrow: Transition) -> bool:
    return any(effect.name == "freeze_answers" for effect in arrow.effects)


def ways_out(definition: Definition) -> Iterator[Transition]:
    """How a draft can end without being handed in."""
    for arrow in definition.arrows_from(definition.initial):
        if not is_handing_in(arrow) and arrow.target != arrow.source:
            yield arrow


def person(session: Session, story: Story, who: str) -> Person:
    found = accounts.person(session, story.world.people[who])
    assert found is not None, who
    return found


def sees(session: Session, who: Person, process_id: uuid.UUID) -> set[str]:
    """By which ways somebody learns of a process."""
    ways = {
        "page": cases.find_process(session, who, process_id) is not None,
        "record": cases.find_with_record(session, who, process_id) is not None,
        "list": process_id in {row.id for row in _listed(session, who)},
        "procedures": process_id in {row.id for row in root_procedures(session, who)},
        "tasks": process_id
        in {row.process_id for row in cases.open_tasks_for(session, who, limit=500).rows},
    }
    return {way for way, is_open in ways.items() if is_open}


def _listed(session: Session, who: Person) -> list[object]:
    return list(cases.list_cases(session, who, cases.CaseFilter(limit=500)).rows)


def begun(session: Session, story: Story, key: str) -> ProcessRow:
    """A draft of applicant 1 under a call of this kind."""
    call = session.scalars(select(Call).where(Call.definition_key == key)).first()
    if call is None:
        call = session.scalars(select(Call)).first()
        assert call is not None
        call.definition_key = key
    return create_application(
        session, story.machinery, call, organisation_id=story.world.organisations[0],
        actor_id=story.world.people["applicant1"], when=story.now,
    )  # fmt: skip


def who_may(story: Story, arrow: Transition) -> uuid.UUID | None:
    names = {"applicant_signatory": "applicant1", "applicant_editor": "applicant1"}
    names |= {"office_clerk": "office", "case_officer": "officer", "mentor": "mentor"}
    return story.world.people[names[arrow.roles[0]]] if arrow.by == "person" else None


@pytest.mark.parametrize("key", BEGUN_BY_APPLICANTS)
def test_nobody_else_learns_of_what_was_not_handed_in(story: Story, key: str) -> None:
    definition = workflows.load().get(key)
    for arrow in [None, *ways_out(definition)]:
        with story.database.write() as session:
            process_id = begun(session, story, key).id
            session.get_one(Process, process_id).title = TITLE
        if arrow is not None:
            end(story, process_id, arrow)
        with story.database.read() as session:
            process = session.get_one(Process, process_id)
            assert process.state == (arrow.target if arrow else definition.initial)
            assert process.handed_in_at is None
            assert "page" in sees(session, person(session, story, "applicant1"), process_id)
            for who in others(story):
                assert sees(session, person(session, story, who), process_id) == set(), who
            assert not is_exported(session, None)
            assert not is_exported(session, person(session, story, "office"))


def end(story: Story, process_id: uuid.UUID, arrow: Transition) -> None:
    """Ends a draft, as late as its limit wants."""
    with story.database.write() as session:
        process = session.get_one(Process, process_id)
        when: datetime = max(story.now, process.due_at or story.now) + timedelta(days=1)
        command = Command(process_id, arrow.event, who_may(story, arrow), when)
        services.fire(session, story.machinery, command)


def is_exported(session: Session, who: Person | None) -> bool:
    made = export(session, "applications", format="json", person=who)
    return TITLE in b"".join(made.chunks).decode()


@pytest.mark.parametrize("key", BEGUN_BY_OFFICES)
def test_an_office_sees_what_an_office_begins(story: Story, key: str) -> None:
    roles = BEGUN_BY_OFFICES[key]
    who = {"office_clerk": "office", "dpo": "dpo"}[roles[0]]
    with story.database.write() as session:
        creation = Creation(key, story.world.people[who], story.now, columns={"title": "Eigenes"})
        process = create(session, story.machinery, creation)
        session.add(Procedure(id=process.id))
        begin(session, story.machinery, process)
    with story.database.read() as session:
        assert {"page", "procedures"} <= sees(session, person(session, story, who), process.id)
        assert sees(session, person(session, story, "applicant1"), process.id) == set()


def test_handing_in_opens_it_from_the_moment_of_receipt(story: Story) -> None:
    start, end = "2026-04-01", "2026-12-31"
    story.apply("grant_case", grant_answers(Decimal("90000.00"), start, end, TITLE))
    with story.database.read() as session:
        assert sees(session, person(session, story, "officer"), story.case_id) == set()
    story.act("applicant1", "submit")
    with story.database.read() as session:
        process = session.get_one(Process, story.case_id)
        assert process.handed_in_at == story.now
        assert "page" in sees(session, person(session, story, "officer"), process.id)
    story.act("applicant1", "withdraw")
    with story.database.read() as session:
        assert "page" in sees(session, person(session, story, "officer"), story.case_id)


def test_every_definition_of_applicants_can_be_handed_in() -> None:
    """Otherwise nobody but the applicants would ever learn of a case."""
    for key in BEGUN_BY_APPLICANTS:
        definition = workflows.load().get(key)
        assert definition.is_kept_back, key
        assert any(map(is_handing_in, definition.arrows_from(definition.initial))), key
