"""Synthetic cases in bulk: their chains hold, the pages' queries show them, they can go on."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from funding_app import services
from funding_app.access import Grant, Person
from funding_app.demo.bulk.load import UNTIL, load_bulk
from funding_app.demo.world.initiative import World
from funding_app.engine import Command, Machinery
from funding_app.engine.log.verify import verify
from funding_app.models import (
    AnswerSection,
    Application,
    BudgetEntry,
    BudgetLine,
    Call,
    Process,
    RoleAssignment,
    Submission,
    Task,
    UserAccount,
    new_id,
)
from funding_app.models.database import Database
from funding_app.queries.applications.cases import CaseFilter, list_cases
from funding_app.queries.panels.ranking import ranking_of
from funding_app.services.applications.cases import next_number

pytestmark = pytest.mark.both_databases

CASES = 300
OFFICE = Person(new_id(), "Geschäftsstelle", "de", frozenset({Grant("office_clerk", None)}))


@pytest.fixture
def bulk(database: Database, machinery: Machinery) -> Database:
    load_bulk(database, machinery, CASES)
    return database


def test_every_chain_holds_and_the_queries_show_the_cases(
    bulk: Database, machinery: Machinery
) -> None:
    with bulk.read() as session:
        assert verify(session) == []
        assert session.scalar(select(func.count()).select_from(Application)) == CASES
        drafts = session.scalar(
            select(func.count()).where(Process.is_root, Process.state == "draft")
        )
        page = list_cases(session, OFFICE, CaseFilter(limit=CASES))
        assert len(page.rows) == CASES - (drafts or 0)
        assert all(row.reference and row.title and row.requested > 0 for row in page.rows)
        call = session.scalars(select(Call).where(Call.ref == "cc-runde-1")).one()
        places = ranking_of(session, machinery.definitions, call)
        assert [each.place for each in places] == list(range(1, len(places) + 1))
        assert {each.outcome for each in places} <= {"funded", "reserve"}
        assert len(places) > 10


def test_many_states_each_with_its_task(bulk: Database, machinery: Machinery) -> None:
    with bulk.read() as session:
        processes = session.scalars(select(Process)).all()
        tasks = {task.process_id: task for task in session.scalars(select(Task))}
    assert len({(row.definition_key, row.state) for row in processes}) >= 25
    for row in processes:
        state = machinery.definitions.get(row.definition_key).states[row.state]
        assert state.terminal == row.is_terminal
        assert (row.id in tasks) == (state.task is not None and not state.terminal)
        assert row.created_at <= row.entered_at <= row.updated_at <= UNTIL


def test_the_budget_is_the_sum_of_its_entries(bulk: Database) -> None:
    with bulk.read() as session:
        kinds = ("reserve", "commit", "disburse")
        entered = {
            kind: session.scalar(
                select(func.sum(BudgetEntry.amount)).where(BudgetEntry.kind == kind)
            )
            for kind in kinds
        }
        columns = (BudgetLine.reserved, BudgetLine.committed, BudgetLine.disbursed)
        kept = {
            kind: session.scalar(select(func.sum(column)))
            for kind, column in zip(kinds, columns, strict=True)
        }
    assert entered == kept and all(kept.values())


def _somebody(database: Database, role: str, process: Process) -> uuid.UUID:
    """A person whose role counts on the process."""
    scope = {"applicant_signatory": process.organisation_id, "lead_signatory": process.ministry_id}
    with database.read() as session:
        found = session.execute(
            select(UserAccount.id, RoleAssignment.organisation_id)
            .join(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
            .where(RoleAssignment.role == role)
        ).all()
    return next(row.id for row in found if row.organisation_id == scope.get(role))


STEPS = (
    ("draft", "applicant_signatory", "submit", {}, "submitted"),
    ("submitted", "case_officer", "start_check", {"no_conflict": True}, "formal_check"),
    ("review_complete", "office_clerk", "to_panel", {}, "panel"),
    ("recommended", "case_officer", "open_consultation", {}, "consultation"),
    ("decision_prepared", "lead_signatory", "approve", {}, "decision_approved"),
    ("active", "applicant_signatory", "request_payment", {}, "active"),
)


def test_a_case_goes_on_through_the_engine(bulk: Database, machinery: Machinery) -> None:
    with bulk.read() as session:
        cases = select(Process).where(Process.definition_key == "grant_case")
        found = {process.state: process for process in session.scalars(cases)}
    for state, role, event, data, then in STEPS:
        actor = _somebody(bulk, role, found[state])
        command = Command(found[state].id, event, actor, UNTIL + timedelta(days=1), data=data)
        with bulk.write() as session:
            assert services.fire(session, machinery, command).state == then
    with bulk.read() as session:
        assert verify(session) == []


def test_numbers_go_on_where_the_bulk_has_ended(bulk: Database, machinery: Machinery) -> None:
    (prefix,) = {
        effect.params["prefix"]
        for arrow in machinery.definitions.get("grant_case").transitions
        for effect in arrow.effects
        if effect.name == "assign_reference"
    }
    with bulk.write() as session:
        given = session.scalars(select(Process.reference).where(Process.is_root)).all()
        newest = max(given)
        series = newest.rpartition("-")[0]
        assert series.startswith(f"{prefix}-")
        assert f"{series}-{next_number(session, series):05d}" > newest


def test_it_joins_what_is_there_already(
    database: Database, machinery: Machinery, world: World
) -> None:
    told: list[int] = []
    load_bulk(database, machinery, 20, whole=False, progress=told.append)
    load_bulk(database, machinery, 20, seed=7)
    with database.read() as session:
        assert told == [20]
        assert verify(session) == []
        references = session.scalars(select(Process.reference).where(Process.is_root)).all()
        given = [reference for reference in references if reference]
        assert len(given) == len(set(given))
        assert session.scalar(select(func.count()).select_from(Call)) == len(world.calls) + 4
        cases = select(Submission.process_id).union(select(AnswerSection.process_id)).subquery()
        assert session.scalar(select(func.count()).select_from(cases)) == 20
        untouched = session.scalars(
            select(BudgetLine.committed).where(BudgetLine.title == "1101 684 21")
        ).all()
        assert set(untouched) == {Decimal(0)}


def test_the_same_seed_tells_the_same_cases(machinery: Machinery, database: Database) -> None:
    load_bulk(database, machinery, 30, seed=3)
    load_bulk(database, machinery, 30, seed=3)
    with database.read() as session:
        titles = session.scalars(select(Process.title).where(Process.is_root).order_by(Process.id))
        found = list(titles)
    assert found[:30] == found[30:]
