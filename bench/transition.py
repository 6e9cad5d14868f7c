"""A durable transition: how near `services.fire` comes to hand-written SQL for the same rows."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import handwritten
from bench.measure import Figure, at_least, at_most_times, in_turn
from bench.places import databases, machinery, tidy
from funding_app import services
from funding_app.demo.bulk.load import UNTIL, load_bulk
from funding_app.engine import Command, Machinery
from funding_app.engine.log.verify import verify
from funding_app.models import (
    InformationRequest,
    LogPayload,
    LogRecord,
    Process,
    RoleAssignment,
    Task,
)
from funding_app.models.database import Database

MARKS = {"sqlite": 0.60, "postgresql": 0.75}
MOST_PROCESSOR = 2.5
"""Times the yardstick's processor time: steady where a busy disk makes both sides wait."""
ROUNDS = 9
EVENTS_PER_BLOCK = 160
PROCESSES = 40
CASES_AROUND = 3_000
FORTY_DAYS = timedelta(days=40)
EVENTS = ("request_info", "resume_check")


def measure(_size: int) -> Iterator[Figure]:
    """Events per second in a loop of transactions, beside some thousand other cases."""
    engine = machinery()
    with databases() as found:
        for kind, database in found.items():
            load_bulk(database, engine, CASES_AROUND)
            yield from _compare(kind, database, engine)


def _compare(kind: str, database: Database, engine: Machinery) -> Iterator[Figure]:
    actor, cases = _prepare(database)
    tidy(database)
    ours, theirs = cases[:PROCESSES], cases[PROCESSES:]
    driver = handwritten.connect(database)
    sides = (
        Loop(ours, actor, lambda *event: fire(database, engine, *event)),
        Loop(theirs, actor, lambda *event: handwritten.fire(driver, *event)),
    )
    our_rate, their_rate = in_turn(ROUNDS, *(side.run for side in sides))
    driver.close()
    written = same_rows(database, ours, theirs)
    what = f"durable transition, {kind}"
    yield at_least(what, "per second", our_rate, their_rate, MARKS[kind], rows_each=written)
    our_time, their_time = (statistics.median(side.processor) for side in sides)
    what = f"{what}, processor time"
    yield at_most_times(what, "µs", our_time, their_time, MOST_PROCESSOR)


def fire(
    database: Database,
    engine: Machinery,
    process: uuid.UUID,
    event: str,
    actor: uuid.UUID,
    when: datetime,
) -> None:
    """One event through the engine, in a transaction of its own."""
    data = {"items": handwritten.ITEMS} if event == "request_info" else {}
    command = Command(process, event, actor, when, data=data)
    with database.write() as session:
        services.fire(session, engine, command)


class Loop:
    """Its cases in turn: documents are asked for, then the check is resumed without them."""

    def __init__(
        self,
        cases: Sequence[uuid.UUID],
        actor: uuid.UUID,
        fire: Callable[[uuid.UUID, str, uuid.UUID, datetime], None],
    ) -> None:
        self._cases, self._actor, self._fire = cases, actor, fire
        self._now = UNTIL + FORTY_DAYS
        self.processor: list[float] = []
        """Microseconds of this process's time for an event, block by block."""

    def run(self) -> int:
        """A block of events; returns their number."""
        begun, done = time.process_time(), 0
        while done < EVENTS_PER_BLOCK:
            for event in EVENTS:
                self._now += FORTY_DAYS
                for case in self._cases:
                    self._fire(case, event, self._actor, self._now)
                done += len(self._cases)
        self.processor.append((time.process_time() - begun) / done * 1e6)
        return done


def _prepare(database: Database) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """A case officer, and enough grants in the formal check."""
    with database.read() as session:
        actor = somebody(session, "case_officer")
        cases = session.scalars(
            select(Process.id)
            .where(Process.definition_key == "grant_case", Process.state == "formal_check")
            .order_by(Process.id)
            .limit(2 * PROCESSES)
        ).all()
    assert len(cases) == 2 * PROCESSES, "the load is too small"
    return actor, list(cases)


def somebody(session: Session, role: str) -> uuid.UUID:
    """The first who holds the role."""
    held = select(RoleAssignment.user_id).where(RoleAssignment.role == role)
    return session.scalars(held.order_by(RoleAssignment.id).limit(1)).one()


def same_rows(database: Database, ours: Sequence[uuid.UUID], theirs: Sequence[uuid.UUID]) -> int:
    """How many rows each side has added; both are the same, and every chain holds."""
    counts = []
    with database.read() as session:
        for cases in (ours, theirs):
            written = [
                session.scalar(select(func.count()).where(table.process_id.in_(cases))) or 0
                for table in (LogRecord, LogPayload, Task, InformationRequest)
            ]
            counts.append(written)
        assert counts[0] == counts[1], f"different rows: {counts}"
        assert verify(session) == [], "a chain does not hold"
    return sum(counts[0])
