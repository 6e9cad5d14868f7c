"""Whatever works in the background goes by business time, which a test may let stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select, update

from funding_app.demo.runner import Story, micro_answers
from funding_app.engine import outbox
from funding_app.jobs.background import Keeper
from funding_app.jobs.rq_courier import Dispatcher
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import OutboxMessage
from funding_app.models.database import Database
from tests.fixtures.commands import Run
from tests.support.servers import redis_server

BEGUN = datetime(2026, 5, 6, 7, 8, tzinfo=UTC)
AHEAD = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)


def asked_for(database: Database, *due: datetime) -> None:
    with database.write() as session:
        for at in due:
            outbox.deliver(session, "forget_files", f"forget:{at}", {"sha256": []}, at)


@pytest.fixture
def ahead(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """An environment in which it is 2031."""
    clock = tmp_path / "clock"
    clock.write_text(AHEAD.isoformat())
    environment["FUNDING_TEST_CLOCK"] = str(clock)
    return environment


def test_sweep_delivers_what_is_due_by_the_clock_of_the_test(
    ahead: dict[str, str], funding: Run, tmp_path: Path
) -> None:
    funding("migrate")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'funding.sqlite3'}")
    asked_for(database, AHEAD, AHEAD + timedelta(days=1))
    assert funding("outbox", "sweep").stdout.splitlines()[-1] == "1"
    with database.read() as session:
        done = session.scalars(select(OutboxMessage.done_at).where(OutboxMessage.state == "done"))
        assert done.one() == AHEAD
    (tmp_path / "clock").write_text((AHEAD + timedelta(days=1)).isoformat())
    assert funding("outbox", "sweep").stdout.splitlines()[-1] == "1"
    database.dispose()


def test_dispatcher_hands_over_what_is_due_by_the_workplace(workplace: Workplace) -> None:
    asked_for(workplace.database, AHEAD)
    with redis_server() as address, Redis.from_url(address) as redis:
        assert Dispatcher(workplace, redis).dispatch() == 0
        later = replace(workplace, now=lambda: AHEAD)
        assert Dispatcher(later, redis).dispatch() == 1


def test_keeper_announces_by_the_workplace(story: Story, workplace: Workplace) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), "2026-04-01", "2026-05-31", "Beet"))
    story.act(story.applicant, "submit")
    Keeper(replace(workplace, now=lambda: AHEAD)).round()
    with workplace.database.read() as session:
        due = select(OutboxMessage.due_at).where(OutboxMessage.job == "write_mails")
        assert set(session.scalars(due)) == {AHEAD}


def test_what_failed_is_tried_again_though_business_time_stands(workplace: Workplace) -> None:
    asked_for(workplace.database, AHEAD)
    standing = replace(workplace, now=lambda: AHEAD, lease_clock=lambda: BEGUN)
    with workplace.database.write() as session:
        session.execute(update(OutboxMessage).values(job="unheard_of"))
    assert drain(standing) == 0
    with workplace.database.write() as session:
        session.execute(update(OutboxMessage).values(job="forget_files"))
    assert drain(standing) == 0, "it waits a little before it is tried again"
    assert drain(replace(standing, lease_clock=lambda: BEGUN + timedelta(minutes=1))) == 1
