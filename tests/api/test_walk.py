"""Both programmes from draft to closed through the API alone, every step by its own person."""

from __future__ import annotations

from pathlib import Path

import pytest

from funding_app.adapters.clock import system_clock
from funding_app.adapters.storage import FileStorage
from funding_app.engine import Machinery
from funding_app.models.database import Database
from funding_app.services.people.accounts import create_token
from tests.api.driver import ApiStory
from tests.conftest import START
from tests.support.outcome import (
    expected,
    outcome_of,
    served_world,
    tell_both,
    wait_for_workers,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.both_databases]


def test_both_programmes_walk_through_the_api(
    database: Database, database_url: str, machinery: Machinery, tmp_path: Path
) -> None:
    with served_world(database, database_url, tmp_path, START) as (world, address, clock):
        with database.write() as session:
            tokens = {
                who: create_token(session, person, system_clock())
                for who, person in world.people.items()
            }
        story = ApiStory(
            database, machinery, world, START, lambda _now: wait_for_workers(database),
            address=address, clock=clock, tokens=tokens,
        )  # fmt: skip
        tell_both(story)
        wait_for_workers(database)
    told = outcome_of(database, FileStorage(tmp_path / "var" / "files"))
    assert told == expected(machinery, tmp_path, START)
    cases = {state for key, state in told.states if key in ("grant_case", "micro_grant")}
    assert cases == {"closed"}
