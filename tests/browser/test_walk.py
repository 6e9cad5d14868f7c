"""Both programmes from the call to the closed case in Chromium, every step by its own person."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from funding_app.adapters.storage import FileStorage
from funding_app.engine import Machinery
from funding_app.models.database import Database
from tests.browser.driver import BrowserStory
from tests.conftest import START
from tests.support.outcome import (
    expected,
    outcome_of,
    served_world,
    tell_both,
    wait_for_workers,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
PICTURES = Path(__file__).parents[2] / "build" / "walk"


def test_both_programmes_walk_in_the_browser(
    database: Database,
    database_url: str,
    machinery: Machinery,
    browser: Browser,
    tmp_path: Path,
) -> None:
    pictures = PICTURES / ("sqlite" if database.is_sqlite else "postgresql")
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    with served_world(database, database_url, tmp_path, START) as (world, address, clock):
        story = BrowserStory(
            database, machinery, world, START, lambda _now: wait_for_workers(database),
            browser=browser, address=address, clock=clock, pictures=pictures,
        )  # fmt: skip
        tell_both(story)
        wait_for_workers(database)
    assert story.problems == []
    told = outcome_of(database, FileStorage(tmp_path / "var" / "files"))
    assert told == expected(machinery, tmp_path, START)
    cases = {state for key, state in told.states if key in ("grant_case", "micro_grant")}
    assert cases == {"closed"}
