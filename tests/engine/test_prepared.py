"""Statements straight on the driver: the same values, transactions and errors as by SQLAlchemy."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from funding_app.demo.runner import Story, grant_answers
from funding_app.engine.storage import statements
from funding_app.engine.storage.persist import change_process, insert_task
from funding_app.models import InformationRequest, Process, Task, new_id
from funding_app.models.database import Database
from tests.engine.test_moot import PERIOD

pytestmark = pytest.mark.both_databases

NOON_IN_ROME = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def case(story: Story) -> Story:
    """A grant that has been handed in."""
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, "Ein Fall"))
    story.act("applicant1", "submit")
    return story


def test_a_locked_row_has_the_values_that_the_orm_reads(case: Story) -> None:
    with case.database.write() as session:
        locked = asdict(statements.lock(session, _id(case)))
        row = session.get_one(Process, _id(case))
        assert locked == {name: getattr(row, name) for name in locked}


def test_what_is_written_is_read_back_as_it_was(case: Story) -> None:
    changes = {"due_at": NOON_IN_ROME, "performers": {"submit": "ä"}, "assignee_id": None}
    with case.database.write() as session:
        process = statements.lock(session, _id(case))
        statements.save(session, process, changes)
    with case.database.read() as session:
        row = session.get_one(Process, _id(case))
        assert {name: getattr(row, name) for name in changes} == changes
        assert row.due_at is not None and row.due_at.tzinfo == UTC


def test_a_savepoint_takes_back_what_ran_on_the_driver_within_it(case: Story) -> None:
    with case.database.write() as session:
        with session.begin_nested() as attempt:
            process = statements.lock(session, _id(case))
            statements.save(session, process, {"title": "verworfen"})
            attempt.rollback()
        statements.save(session, process, {"region": "DE-BY"})
    with case.database.read() as session:
        row = session.get_one(Process, _id(case))
        assert (row.title, row.region) == ("Ein Fall", "DE-BY")


def test_what_breaks_a_constraint_is_told_as_sqlalchemy_tells_it(case: Story) -> None:
    task = {"id": new_id(), "process_id": new_id(), "state": "x", "role": "y"}
    times = {"opened_at": case.now, "due_at": None}
    with pytest.raises(IntegrityError), case.database.write() as session:
        insert_task.run(session, task | times)
    with case.database.read() as session:
        assert session.get(Task, task["id"]) is None


def test_an_exception_takes_back_what_was_written_either_way(case: Story) -> None:
    class Halt(Exception):
        pass

    with pytest.raises(Halt), case.database.write() as session:
        change_process("title").run(session, {"of": _id(case), "title": "Anders"})
        session.add(_request(case))
        session.flush()
        raise Halt
    assert _seen(case) == ("Ein Fall", 0)


def test_both_ways_write_in_one_transaction(case: Story) -> None:
    with case.database.write() as session:
        session.add(_request(case))
        change_process("title").run(session, {"of": _id(case), "title": "Anders"})
        assert session.scalar(select(Process.title).where(Process.id == _id(case))) == ("Anders")
        assert _seen(case) == ("Ein Fall", 0)
    assert _seen(case) == ("Anders", 1)


def test_a_session_that_takes_back_writes_nothing(case: Story) -> None:
    with case.database.write() as session:
        change_process("title").run(session, {"of": _id(case), "title": "Anders"})
        session.add(_request(case))
        session.flush()
        session.rollback()
    assert _seen(case) == ("Ein Fall", 0)


def test_a_lost_connection_is_told_and_leaves_the_pool(case: Story) -> None:
    database: Database = case.database
    if database.is_sqlite:
        pytest.skip("a file has no server that could end a connection")
    own = text("SELECT pg_backend_pid()")
    with pytest.raises(DBAPIError) as raised, database.write() as session:
        number = session.scalar(own)
        with database.read() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        statements.lock(session, _id(case))
    assert raised.value.connection_invalidated
    with database.write() as session:
        assert session.scalar(own) != number
        assert statements.lock(session, _id(case)).title == "Ein Fall"


def _id(case: Story) -> uuid.UUID:
    assert case.case_id is not None
    return case.case_id


def _request(case: Story) -> InformationRequest:
    return InformationRequest(process_id=_id(case), number=1, words="?", asked_at=case.now)


def _seen(case: Story) -> tuple[str, int]:
    with case.database.read() as session:
        title = session.scalars(select(Process.title).where(Process.id == _id(case))).one()
        return title, len(session.scalars(select(InformationRequest.number)).all())
