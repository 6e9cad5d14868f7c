"""The list of tasks: what is most urgent stands first, whatever role it is for."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Grant, Person, roles_on
from funding_app.demo.bulk.load import load_bulk
from funding_app.engine import Machinery
from funding_app.models import Organisation, Process, Task, new_id
from funding_app.models.database import Database
from funding_app.queries.applications.cases import open_tasks_for

pytestmark = pytest.mark.both_databases

ROLES = ("case_officer", "office_clerk", "panel_chair")
PERSON = Person(new_id(), "Alle drei", "de", frozenset(Grant(role, None) for role in ROLES))


def test_tasks_of_all_roles_stand_in_one_order(database: Database, machinery: Machinery) -> None:
    load_bulk(database, machinery, 200, whole=False)
    with database.read() as session:
        wanted = select(Task).join(Process, Process.id == Task.process_id)
        shown = wanted.where(Task.role.in_(ROLES), Task.done_at.is_(None), Process.state != "draft")
        tasks = session.scalars(shown).all()
        expected = sorted(
            tasks, key=lambda task: (task.due_at is None, str(task.due_at or ""), task.id)
        )
        assert {task.role for task in expected} == set(ROLES)
        assert {task.due_at is None for task in expected} == {True, False}
        for most in (7, len(expected), len(expected) + 1):
            assert _all_pages(session, PERSON, most) == [task.id for task in expected]
        nobody = replace(PERSON, grants=frozenset())
        assert open_tasks_for(session, nobody).rows == []


def _all_pages(session: Session, person: Person, most: int) -> list[uuid.UUID]:
    """The tasks of one page after the other."""
    found = open_tasks_for(session, person, most)
    ids = [row.id for row in found.rows]
    while found.next:
        assert len(found.rows) == most
        found = open_tasks_for(session, person, most, found.next)
        ids += [row.id for row in found.rows]
    return ids


def test_a_task_is_for_whoever_holds_its_role_on_the_process(
    database: Database, machinery: Machinery
) -> None:
    load_bulk(database, machinery, 120, whole=False)
    with database.read() as session:
        wanted = select(Task, Process).join(Process, Process.id == Task.process_id)
        tasks = session.execute(wanted.where(Task.done_at.is_(None))).all()
        organisations = session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
        reviewers = {process.assignee_id for _task, process in tasks if process.assignee_id}
        people = [
            _person(new_id(), (role, place))
            for role in ("applicant_signatory", "applicant_editor")
            for place in organisations[:60]
        ]
        people += [_person(each, ("reviewer", None)) for each in sorted(reviewers)]
        # a reader here and a signatory there: each role counts in its own place only
        roles, places = ("applicant_editor", "applicant_signatory"), organisations[-9:]
        people += [_person(new_id(), *zip(roles, places[n:], strict=False)) for n in range(7)]
        seen = 0
        for person in people:
            expected = {
                task.id
                for task, process in tasks
                if task.role in roles_on(person.grants, person.id, process)
            }
            assert set(_all_pages(session, person, 3)) == expected
            seen += len(expected)
        assert seen > len(reviewers)


def _person(person_id: uuid.UUID, *grants: tuple[str, uuid.UUID | None]) -> Person:
    held = frozenset(Grant(role, place) for role, place in grants)
    return Person(person_id, "Jemand", "de", held)
