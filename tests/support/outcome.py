"""What is left when both programmes were told: the same, whatever door they came through."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from funding_app import migrate
from funding_app.adapters.storage import FileStorage
from funding_app.demo.runner import Story, tell_grant, tell_micro_grant
from funding_app.demo.world.initiative import World, lay_out
from funding_app.engine import Machinery
from funding_app.engine.log.verify import verify
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    Application,
    BudgetLine,
    Document,
    FundingShare,
    OutboxMessage,
    Process,
    UserAccount,
)
from funding_app.models.database import Database
from funding_app.services.people.accounts import hash_password
from tests.support.servers import portal, redis_server, until

PASSWORD = "only-for-tests-2026"
AMOUNT, MICRO = Decimal("250000.00"), Decimal("4800.00")
PERIOD = ("2026-04-01", "2026-12-31")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left when both cases are closed: states, sums and the words of the letters."""

    states: list[Any]
    sums: list[Any]
    shares: list[Any]
    lines: list[Any]
    letters: list[Any]


def outcome_of(database: Database, storage: FileStorage) -> Outcome:
    with database.read() as session:
        states = session.execute(
            select(Process.definition_key, Process.state).order_by(
                Process.definition_key, Process.state
            )
        ).all()
        sums = session.execute(
            select(Application.granted, Application.paid, Application.final_grant).order_by(
                Application.granted
            )
        ).all()
        shares = session.execute(
            select(FundingShare.percent, FundingShare.amount).order_by(FundingShare.amount)
        ).all()
        lines = session.execute(
            select(
                BudgetLine.title, BudgetLine.year, BudgetLine.committed, BudgetLine.disbursed
            ).order_by(BudgetLine.title, BudgetLine.year)
        ).all()
        letters = session.execute(
            select(Document.kind, Process.definition_key, Document.sha256)
            .join(Process, Process.id == Document.process_id)
            .where(Document.kind == "award")
            .order_by(Process.definition_key)
        ).all()
        assert verify(session) == []
    texts = [(row[0], row[1], words_of(storage.get(row[2]))) for row in letters]
    return Outcome(*([tuple(row) for row in rows] for rows in (states, sums, shares, lines)), texts)


def words_of(pdf: bytes) -> str:
    """The text of a letter."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def tell_both(story: Story) -> None:
    tell_grant(story, AMOUNT, *PERIOD)
    tell_micro_grant(story, MICRO)


def expected(machinery: Machinery, tmp_path: Path, start: datetime) -> Outcome:
    """The same told through the engine alone, in a database of its own."""
    url = f"sqlite:///{tmp_path / 'expected.sqlite3'}"
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        world = lay_out(session)
    storage = FileStorage(tmp_path / "expected")
    place = Workplace(database, storage, machinery)
    tell_both(Story(database, machinery, world, start, lambda now: drain(place, now=lambda: now)))
    drain(place)
    place.close()
    try:
        return outcome_of(database, storage)
    finally:
        database.dispose()


@contextmanager
def served_world(
    database: Database, database_url: str, folder: Path, start: datetime
) -> Iterator[tuple[World, str, Path]]:
    """A portal over the database: with its own worker on SQLite, with a Redis and two else.

    Yields the world laid out in it, the address, and the file of the clock.
    """
    with database.write() as session:
        world = lay_out(session)
        session.execute(update(UserAccount).values(password_hash=hash_password(PASSWORD)))
    clock = folder / "clock"
    clock.write_text(start.isoformat(), "utf-8")
    environment = {
        "FUNDING_ENV": "test",
        "FUNDING_DATA_DIR": str(folder / "var"),
        "FUNDING_DATABASE_URL": database_url,
        "FUNDING_TEST_CLOCK": str(clock),
    }
    with ExitStack() as stack:
        workers = 0 if database.is_sqlite else 2
        if workers:
            environment["FUNDING_REDIS_URL"] = stack.enter_context(redis_server())
        yield world, stack.enter_context(portal(environment, workers=workers)), clock


def wait_for_workers(database: Database) -> None:
    """Waits until everything that was asked for is done."""

    def idle() -> bool:
        with database.read() as session:
            left = select(func.count()).where(OutboxMessage.state != "done")
            return session.scalar(left) == 0

    until(idle, 60, "delivery")
