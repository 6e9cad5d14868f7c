"""The list of tasks: what is most urgent stands first, whatever role it is for."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from funding_app.access import Grant, Person
from funding_app.demo.bulk import load_bulk
from funding_app.engine import Machinery
from funding_app.models import Process, Task, new_id
from funding_app.models.database import Database
from funding_app.queries.cases import open_tasks_for

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
        for most in (7, len(expected) + 1):
            found = open_tasks_for(session, PERSON, most)
            assert [row.id for row in found] == [task.id for task in expected[:most]]
        nobody = replace(PERSON, grants=frozenset())
        assert open_tasks_for(session, nobody) == []
