"""Delivery through a real Redis: nothing lost when it is emptied, nothing foreign run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select, update

from funding_app.demo.runner import Story, micro_answers
from funding_app.engine import outbox
from funding_app.jobs.rq_courier import CourierWorker, Dispatcher, queue_on
from funding_app.jobs.workplace import Workplace
from funding_app.models import Document, OutboxMessage
from tests.support.servers import redis_server

pytestmark = pytest.mark.both_databases


@pytest.fixture
def redis() -> Iterator[Redis]:
    with redis_server() as address, Redis.from_url(address, socket_timeout=None) as client:
        yield client


def deliver(workplace: Workplace, redis: Redis) -> None:
    """Hands over and works until nothing is left, as a job may want another."""
    while Dispatcher(workplace, redis).dispatch():
        CourierWorker(redis, workplace).work(burst=True)


def _submit(story: Story, number: int) -> None:
    answers = micro_answers(Decimal("900.00"), "2026-04-01", "2026-05-31", f"Fall {number}")
    story.apply("micro_grant", answers)
    story.act(story.applicant, "submit")


def test_a_receipt_is_delivered_by_rq(story: Story, workplace: Workplace, redis: Redis) -> None:
    _submit(story, 1)
    deliver(workplace, redis)
    with workplace.database.read() as session:
        assert session.scalars(select(Document.sha256)).one() is not None
        assert outbox.status(session) == {}


def test_an_emptied_redis_loses_nothing(story: Story, workplace: Workplace, redis: Redis) -> None:
    _submit(story, 1)
    dispatcher = Dispatcher(workplace, redis)
    handed_over = dispatcher.dispatch()
    redis.flushall()
    with workplace.database.write() as session:
        session.execute(update(OutboxMessage).values(lease_until=datetime(2026, 1, 1, tzinfo=UTC)))
    with workplace.database.read() as session:
        assert outbox.status(session) == {"dispatched": handed_over}
    assert dispatcher.dispatch() == handed_over
    CourierWorker(redis, workplace).work(burst=True)
    deliver(workplace, redis)
    with workplace.database.read() as session:
        assert session.scalars(select(Document.sha256)).one() is not None
        assert outbox.status(session) == {}


def test_a_function_that_is_not_allowed_is_not_run(
    workplace: Workplace, redis: Redis, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    queue_on(redis).enqueue("os.system", f"touch {trace}")
    CourierWorker(redis, workplace).work(burst=True)
    assert not trace.exists()
