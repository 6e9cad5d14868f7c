"""Both programmes from the call to the closed case in Chromium, every step by its own person."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select, update

from funding_app.adapters.storage import FileStorage
from funding_app.demo.story import Story, tell_grant, tell_micro_grant
from funding_app.demo.world import lay_out
from funding_app.engine import Machinery
from funding_app.engine.verify import verify
from funding_app.models import (
    Application,
    BudgetLine,
    Document,
    FundingShare,
    Process,
    UserAccount,
)
from funding_app.models.database import Database
from funding_app.services.accounts import hash_password
from tests.browser.driver import PASSWORD, BrowserStory
from tests.conftest import START
from tests.support.browser import chromium
from tests.support.servers import portal, redis_server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
PICTURES = Path(__file__).parents[2] / "build" / "walk"
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_both_programmes_walk_in_the_browser(
    database: Database,
    database_url: str,
    machinery: Machinery,
    browser: Browser,
    tmp_path: Path,
) -> None:
    name = "sqlite" if database.is_sqlite else "postgresql"
    pictures = PICTURES / name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    with database.write() as session:
        world = lay_out(session)
        session.execute(update(UserAccount).values(password_hash=hash_password(PASSWORD)))
    clock = tmp_path / "clock"
    clock.write_text(START.isoformat(), "utf-8")
    environment = {
        "FUNDING_ENV": "test",
        "FUNDING_DATA_DIR": str(tmp_path / "var"),
        "FUNDING_DATABASE_URL": database_url,
        "FUNDING_TEST_CLOCK": str(clock),
    }
    with ExitStack() as stack:
        workers = 0
        if not database.is_sqlite:
            environment["FUNDING_REDIS_URL"] = stack.enter_context(redis_server())
            workers = 2
        address = stack.enter_context(portal(environment, workers=workers))
        story = BrowserStory(
            database, machinery, world, START, lambda _now: story.wait_for_letters(),
            browser=browser, address=address, clock=clock, pictures=pictures,
        )  # fmt: skip
        tell_both(story)
        story.wait_for_letters()
    assert story.problems == []
    told = outcome_of(database, FileStorage(tmp_path / "var" / "files"))
    assert told == expected(machinery, tmp_path)
    assert {state for key, state in told.states if key.endswith(("case", "micro_grant"))} == {
        "closed"
    }


def expected(machinery: Machinery, tmp_path: Path) -> Outcome:
    """The same told through the engine alone, in a database of its own."""
    from funding_app import migrate  # noqa: PLC0415 - only here
    from funding_app.jobs.drain import Workplace, drain  # noqa: PLC0415

    url = f"sqlite:///{tmp_path / 'expected.sqlite3'}"
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        world = lay_out(session)
    storage = FileStorage(tmp_path / "expected")
    place = Workplace(database, storage)
    tell_both(Story(database, machinery, world, START, lambda now: drain(place, now=lambda: now)))
    drain(place)
    place.close()
    try:
        return outcome_of(database, storage)
    finally:
        database.dispose()
