"""The minute before a deadline, behind the shipped nginx: two thousand hand in 256 KB each.

Each uploads a file and hands in, spread over the minute and the last fifty within the last second;
fifty more send just after it. Measured is the time from the first byte to the answer of the
submission. Receipts are made by the queue afterwards.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import secrets
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert, select, update

from bench.measure import Figure, at_most
from bench.places import databases, machinery, tidy
from bench.senders import Place, Sending, Sent, send_all
from funding_app.adapters.storage import FileStorage
from funding_app.cli.checks.documents import judge
from funding_app.demo.bulk.load import load_bulk
from funding_app.demo.bulk.paths import DRAFTED
from funding_app.engine import Machinery
from funding_app.engine.log.verify import verify
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    ApiToken,
    Application,
    Call,
    Document,
    OutboxMessage,
    Process,
    RoleAssignment,
    Submission,
)
from funding_app.models.database import Database
from funding_app.queries.decisions.issued_documents import RECEIPTS
from tests.support.proxy import HOST, proxy
from tests.support.servers import portal

MINUTE, LAST_SECOND = 60.0, 1.0
IN_TIME, IN_THE_LAST_SECOND, TOO_LATE = 1_950, 50, 50
LIMIT = 3_000.0
SERVERS = {"sqlite": 1, "postgresql": 2}
"""Processes of the portal behind the proxy: on PostgreSQL one for each core, as in operation."""
RECEIPTS_CHECKED = 200
LEAD = 5.0
TRANSIT = 0.05
"""Seconds from the sender's system to the proxy's eyes, on a machine that is busy with both."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many send within the minute, within its last second, and after it."""

    minute: float = MINUTE
    in_time: int = IN_TIME
    in_the_last_second: int = IN_THE_LAST_SECOND
    too_late: int = TOO_LATE
    receipts: int = RECEIPTS_CHECKED

    @property
    def drafts(self) -> int:
        return self.in_time + self.in_the_last_second + self.too_late

    def due(self, closes: float) -> list[float]:
        """When each begins, around the deadline (seconds since the epoch)."""
        random = Random(2026)
        spread = [closes - random.uniform(LAST_SECOND, self.minute) for _ in range(self.in_time)]
        last = [closes - random.uniform(0, LAST_SECOND) for _ in range(self.in_the_last_second)]
        return [*spread, *last, *(closes + 0.02 * number for number in range(self.too_late))]


def measure(_size: int) -> Iterator[Figure]:
    """How long the answers took, and how many were judged wrongly, on both databases."""
    engine = machinery()
    with databases() as found:
        for kind, database in found.items():
            yield from figures(kind, database, engine, Crowd())


def figures(kind: str, database: Database, engine: Machinery, crowd: Crowd) -> Iterator[Figure]:
    """One deadline on one database."""
    load_bulk(database, engine, crowd.drafts, road=DRAFTED)
    tokens = _tokens(database)
    tidy(database)
    with tempfile.TemporaryDirectory(prefix="funding-bench-") as name:
        folder = Path(name)
        closes, sent = _deadline(database, folder, crowd, tokens)
        yield from _answers(kind, crowd, sent)
        yield from judgements(kind, database, closes, sent)
        yield _receipts(kind, database, engine, folder, crowd)


def _tokens(database: Database) -> dict[uuid.UUID, str]:
    """A token for the applicant of each draft."""
    with database.write() as session:
        drafts = session.execute(
            select(Process.id, RoleAssignment.user_id)
            .join(RoleAssignment, RoleAssignment.organisation_id == Process.organisation_id)
            .where(Process.is_root, Process.state == "draft")
            .where(RoleAssignment.role == "applicant_signatory")
        ).all()
        found = {person: secrets.token_urlsafe(32) for _draft, person in drafts}
        now = datetime.now(UTC)
        rows = [
            {"sha256": hashlib.sha256(word.encode()).hexdigest(), "user_id": who, "created_at": now}
            for who, word in found.items()
        ]
        session.execute(insert(ApiToken), rows)
    return {draft: found[person] for draft, person in drafts}


def _deadline(
    database: Database, folder: Path, crowd: Crowd, tokens: dict[uuid.UUID, str]
) -> tuple[float, list[Sent]]:
    """Serves through the deadline; returns it and what was sent."""
    with _served(database, folder) as place:
        closes = time.time() + LEAD + crowd.minute
        with database.write() as session:
            session.execute(update(Call).values(closes_at=datetime.fromtimestamp(closes, UTC)))
        pairs = zip(tokens.items(), crowd.due(closes), strict=True)
        sendings = [Sending(draft, token, due) for (draft, token), due in pairs]
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as beside:
            return closes, beside.submit(send_all, place, sendings).result()


@contextmanager
def _served(database: Database, folder: Path) -> Iterator[Place]:
    environment = {
        "FUNDING_ENV": "test",
        "FUNDING_DATA_DIR": str(folder),
        "FUNDING_DATABASE_URL": database.url,
        "FUNDING_TRUSTED_PROXIES": "1",
    }
    nginx = folder / "nginx"
    nginx.mkdir()
    with ExitStack() as stack:
        ports = []
        for _number in range(SERVERS[database.engine.dialect.name]):
            address = stack.enter_context(portal(environment, "--no-worker"))
            ports.append(int(address.rpartition(":")[2]))
        running = stack.enter_context(proxy(nginx, *ports))
        yield Place(running.port, HOST, str(nginx / "certificate.pem"))


def _answers(kind: str, crowd: Crowd, sent: Sequence[Sent]) -> Iterator[Figure]:
    taken = sorted((one.answered - one.begun) * 1000 for one in sent)
    failed = [one for one in sent if one.statuses != (201, 200)]
    worst = {"median": statistics.median(taken), "worst": taken[-1], "sent": len(sent)}
    what = f"last minute, 95 % of {crowd.drafts:,} answered, {kind}"
    yield at_most(what, "ms", taken[len(taken) * 95 // 100 - 1], None, LIMIT, **worst)
    reasons = sorted({one.state for one in failed})[:5]
    what = f"last minute, not accepted, {kind}"
    yield at_most(what, "submissions", len(failed), None, 0, reasons=reasons)


def judgements(
    kind: str, database: Database, closes: float, sent: Sequence[Sent]
) -> Iterator[Figure]:
    """Late though sent completely before the deadline, and in time though begun after it."""
    with database.read() as session:
        rows = session.execute(
            select(Application.id, Application.is_late, Submission.received_at).join(
                Submission, Submission.process_id == Application.id
            )
        )
        late, received = {}, {}
        for case, is_late, received_at in rows:
            late[case], received[case] = is_late, received_at
    sent_in_time = [one for one in sent if one.complete < closes - TRANSIT]
    wronged = [one for one in sent_in_time if late.get(one.process)]
    favoured = [one for one in sent if one.begun >= closes and late.get(one.process) is False]
    waited = [
        one.answered - received[one.process].timestamp() for one in sent if one.process in received
    ]
    narrow = sum(one.complete < closes <= one.answered for one in sent)
    what = f"last minute, falsely late, {kind}"
    detail = {"sent before and answered after": narrow, "longest wait in s": max(waited)}
    yield at_most(what, "submissions", len(wronged), None, 0, **detail)
    after = sum(one.begun >= closes for one in sent)
    what = f"last minute, wrongly in time, {kind}"
    yield at_most(what, "submissions", len(favoured), None, 0, sent_after=after)


def _receipts(
    kind: str, database: Database, engine: Machinery, folder: Path, crowd: Crowd
) -> Figure:
    """Makes the first receipts as the queue does, and checks them as `funding receipt verify`."""
    storage = FileStorage(folder / "files")
    place = Workplace(database, storage, engine)
    begun = time.monotonic()
    with database.write() as session:  # what else waits is not measured here
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        others = update(OutboxMessage).where(OutboxMessage.job != "render_document")
        session.execute(others.values(due_at=tomorrow))
    try:
        while len(_issued(database)) < crowd.receipts and drain(place, windows=1):
            pass
    finally:
        place.close()
    lasted = time.monotonic() - begun
    made = _issued(database)
    with database.read() as session:
        contents = [storage.get(sha256) for sha256 in made]
        bad = sum(judge(session, one, RECEIPTS).verdict != "genuine" for one in contents)
        broken = len(verify(session))
    what = f"last minute, receipts or chains that do not verify, {kind}"
    detail = {"receipts checked": len(made), "made per second": len(made) / lasted}
    return at_most(what, "found", bad + broken + (not made), None, 0, **detail)


def _issued(database: Database) -> list[str]:
    """The hashes of the receipts that are there by now."""
    with database.read() as session:
        wanted = select(Document.sha256).where(Document.kind == "receipt")
        return [sha256 for sha256 in session.scalars(wanted) if sha256 is not None]
