"""One event for thousands of cases in one go beside one by one; and what deciding costs."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.measure import Figure, at_least, at_most
from bench.places import databases, machinery, tidy
from bench.transition import somebody
from funding_app.demo.bulk.load import UNTIL, load_bulk
from funding_app.demo.bulk.paths import DRAFTED, REVIEWED, Road
from funding_app.engine import Command, Machinery, fire, snapshot_of
from funding_app.engine.batch import Batch, fire_each
from funding_app.engine.log.verify import verify
from funding_app.engine.storage import statements
from funding_app.models import LogRecord, Process
from funding_app.models.database import Database
from workflows import decide
from workflows.definition import Definition
from workflows.snapshot import Actor, Outcome, Snapshot

CASES = 10_000
ONE_BY_ONE = 500
CHUNK = 1_000
FASTER = 20
LATER = UNTIL + timedelta(days=200)
DECISIONS = 20_000
DECLINED = {"reasoning": "Der Antrag überzeugt die Jury nicht."}


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to many: the road that leads there, the event, the state it leaves."""

    what: str
    road: Road
    event: str
    state: str


WORKS = (
    Work("a call closes with 10,000 drafts", DRAFTED, "close_draft", "draft"),
    Work("10,000 reviewed cases go before the panel", REVIEWED, "to_panel", "review_complete"),
)


def measure(_size: int) -> Iterator[Figure]:
    """Cases per second in one go and one by one, then the share of deciding and what it keeps."""
    engine = machinery()
    for work in WORKS:
        with databases() as found:
            for kind, database in found.items():
                load_bulk(database, engine, CASES + ONE_BY_ONE, road=work.road, whole=False)
                tidy(database)
                yield _in_one_go(work, kind, database, engine)
                if work.event == "to_panel":
                    yield _share_of_deciding(kind, database, engine)
    yield _kept(engine)


def _in_one_go(work: Work, kind: str, database: Database, engine: Machinery) -> Figure:
    with database.read() as session:
        actor = somebody(session, "office_clerk")
        cases = _cases(session, work.state)
    single, many = cases[:ONE_BY_ONE], cases[ONE_BY_ONE:]
    begun = time.perf_counter()
    for case in single:
        with database.write() as session:
            fire(session, engine, Command(case, work.event, actor, LATER, door="job"))
    one_by_one = len(single) / (time.perf_counter() - begun)
    begun = time.perf_counter()
    for first in range(0, len(many), CHUNK):
        batch = Batch(many[first : first + CHUNK], work.event, actor, LATER, door="job")
        with database.write() as session:
            done = fire_each(session, engine, batch)
        assert len(done.fired) == len(batch.process_ids), done.refused
    together = len(many) / (time.perf_counter() - begun)
    _same_log(database, single[0], many[0])
    return at_least(f"{work.what}, {kind}", "per second", together, one_by_one, FASTER)


def _cases(session: Session, state: str) -> list[uuid.UUID]:
    found = select(Process.id).where(Process.is_root, Process.state == state).order_by(Process.id)
    return list(session.scalars(found))


def _same_log(database: Database, single: uuid.UUID, many: uuid.UUID) -> None:
    """Both kinds leave the same record, and every chain holds."""
    told = []
    with database.read() as session:
        for case in (single, many):
            last = select(LogRecord).where(LogRecord.process_id == case)
            record = session.scalars(last.order_by(LogRecord.seq.desc()).limit(1)).one()
            told.append((record.event, record.to_state, record.actor_id, record.at, record.door))
        assert told[0] == told[1], f"different records: {told}"
        assert verify(session) == [], "a chain does not hold"


def _share_of_deciding(kind: str, database: Database, engine: Machinery) -> Figure:
    """How long `decide` takes, as a share of the whole durable transition (in percent)."""
    with database.read() as session:
        chair, cases = somebody(session, "panel_chair"), _cases(session, "panel")[:ONE_BY_ONE]
        judged = [_judged(session, engine, case, chair) for case in cases]
    decided = statistics.median(_seconds(decide, *each) for each in judged)
    fired = statistics.median(_seconds(_decline, database, engine, case, chair) for case in cases)
    detail = {"decide_microseconds": decided * 1e6, "transition_microseconds": fired * 1e6}
    share = 100 * decided / fired
    return at_most(f"deciding, {kind}", "% of a transition", share, None, 3, **detail)


def _judged(
    session: Session, engine: Machinery, case: uuid.UUID, chair: uuid.UUID
) -> tuple[Definition, Snapshot, str]:
    row = statements.load(session, case)
    actor = statements.actor_on(session, chair, row)
    snapshot = snapshot_of(session, engine, row, actor, LATER, DECLINED, "decline")
    definition = engine.definition_of(row)
    assert isinstance(decide(definition, snapshot, "decline"), Outcome)
    return definition, snapshot, "decline"


def _decline(database: Database, engine: Machinery, case: uuid.UUID, chair: uuid.UUID) -> None:
    with database.write() as session:
        fire(session, engine, Command(case, "decline", chair, LATER, data=DECLINED))


def _seconds(call: Callable[..., object], *arguments: object) -> float:
    begun = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - begun


def _kept(engine: Machinery) -> Figure:
    """What the state machine keeps of a process after judging it: memory grown by thousands."""
    definition = engine.definitions.get("grant_case")
    clerk = Actor(str(uuid.uuid4()), frozenset({"office_clerk"}))

    def judge(count: int) -> None:
        for _case in range(count):
            one = Snapshot("review_complete", LATER, clerk, {}, (), {}, {})
            assert isinstance(decide(definition, one, "to_panel"), Outcome)

    judge(100)
    gc.collect()
    tracemalloc.start()
    judge(1_000)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    judge(DECISIONS)
    gc.collect()
    kept = (tracemalloc.get_traced_memory()[0] - before) / DECISIONS
    tracemalloc.stop()
    return at_most("kept of a process once judged", "bytes", round(kept, 2), None, 0.5)
