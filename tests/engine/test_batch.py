"""One event for many cases leaves what one by one leaves, and refuses what one by one refuses."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from funding_app.demo.bulk.load import UNTIL, load_bulk
from funding_app.demo.bulk.paths import DRAFTED, REVIEWED, Road
from funding_app.engine import Command, Machinery, Refused, fire
from funding_app.engine.batch import Batch, fire_each
from funding_app.engine.log.verify import verify
from funding_app.models import (
    LogPayload,
    LogRecord,
    Process,
    RoleAssignment,
    Task,
    Timer,
    UserAccount,
    new_id,
)
from funding_app.models.database import Database

pytestmark = pytest.mark.both_databases

LATER = UNTIL + timedelta(days=200)
WORKS = [(DRAFTED, "close_draft", "draft"), (REVIEWED, "to_panel", "review_complete")]


def clerk(database: Database) -> uuid.UUID:
    with database.read() as session:
        held = select(RoleAssignment.user_id).where(RoleAssignment.role == "office_clerk")
        return session.scalars(held.limit(1)).one()


def cases_in(database: Database, state: str) -> list[uuid.UUID]:
    with database.read() as session:
        found = select(Process.id).where(Process.is_root, Process.state == state)
        return list(session.scalars(found.order_by(Process.id)))


def left(database: Database, case: uuid.UUID) -> dict[str, Any]:
    """What stands in the tables for a case, without what is its own (ids, hashes, names)."""
    with database.read() as session:
        process = session.get_one(Process, case)
        record = session.scalars(
            select(LogRecord)
            .where(LogRecord.process_id == case)
            .order_by(LogRecord.seq.desc())
            .limit(1)
        ).one()
        words = session.get_one(LogPayload, (case, record.seq))
        tasks = session.execute(
            select(Task.state, Task.role, Task.opened_at, Task.due_at, Task.done_at)
            .where(Task.process_id == case)
            .order_by(Task.id.desc())
            .limit(2)
        ).all()
        timers = select(Timer.event, Timer.due_at).where(
            Timer.process_id == case, Timer.closed_at.is_(None)
        )
        return {
            "process": (process.state, process.is_terminal, process.entered_at, process.due_at,
                        process.updated_at, process.performers.get(record.event)),
            "record": (record.event, record.from_state, record.to_state, record.definition,
                       record.actor_id, record.proposer_id, record.door, record.at),
            "is last": (record.seq == process.log_seq, record.hash == process.log_head),
            "words": words.payload,
            "opened": [row for row in tasks if row.opened_at == LATER],
            "timers": [tuple(row) for row in session.execute(timers)],
        }  # fmt: skip


@pytest.mark.parametrize(("road", "event", "state"), WORKS)
def test_many_at_once_leave_what_one_by_one_leaves(
    database: Database, machinery: Machinery, road: Road, event: str, state: str
) -> None:
    load_bulk(database, machinery, 24, road=road, whole=False)
    person, cases = clerk(database), cases_in(database, state)
    single, many = cases[:12], cases[12:]
    for case in single:
        with database.write() as session:
            fire(session, machinery, Command(case, event, person, LATER, door="job"))
    with database.write() as session:
        done = fire_each(session, machinery, Batch(many, event, person, LATER, door="job"))
    assert (sorted(done.fired), done.refused) == (sorted(many), {})
    for one, other in zip(single, many, strict=True):
        assert left(database, one) == left(database, other)
    with database.read() as session:
        assert verify(session) == []
    assert cases_in(database, state) == []


def test_who_may_not_is_refused_as_one_by_one(database: Database, machinery: Machinery) -> None:
    load_bulk(database, machinery, 4, road=DRAFTED, whole=False)
    cases = cases_in(database, "draft")
    with database.write() as session:
        nobody = UserAccount(id=new_id(), email="x@example.org", name="X", created_at=LATER)
        session.add(nobody)
        person = nobody.id
    officer = clerk(database)
    for actor, when in ((person, LATER), (officer, UNTIL)):
        with database.write() as session:
            done = fire_each(session, machinery, Batch(cases, "close_draft", actor, when))
        assert done.fired == []
        for case in cases:
            with pytest.raises(Refused) as refused, database.write() as session:
                fire(session, machinery, Command(case, "close_draft", actor, when))
            assert refused.value.refusals == done.refused[case]
    assert cases_in(database, "draft") == cases


def test_what_follows_by_itself_and_unknown_cases(database: Database, machinery: Machinery) -> None:
    """A review too few: the case comes back by itself, also out of a batch."""
    load_bulk(database, machinery, 3, road=REVIEWED, whole=False)
    person, cases = clerk(database), cases_in(database, "review_complete")
    with database.write() as session:
        child = select(Process).where(Process.parent_id == cases[0])
        review = session.scalars(child.limit(1)).one()
        states = machinery.definitions.get(review.definition_key).states
        review.state, review.tags = "discarded", states["discarded"].tags
    with database.write() as session:
        wanted = [*cases, new_id()]
        done = fire_each(session, machinery, Batch(wanted, "to_panel", person, LATER))
    assert sorted(done.fired) == cases
    assert cases_in(database, "panel") == cases[1:]
    assert cases_in(database, "under_review") == cases[:1]
    with database.read() as session:
        assert verify(session) == []
