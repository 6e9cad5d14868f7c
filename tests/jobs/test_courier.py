"""Delivery through a real Redis: nothing lost when it is emptied, nothing foreign run."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select, update

from funding_app.demo.story import Story, micro_answers
from funding_app.engine import outbox
from funding_app.jobs.courier import CourierWorker, Dispatcher, queue_on
from funding_app.jobs.drain import Workplace
from funding_app.models import Document, LogRecord, OutboxMessage
from tests.support.servers import free_port

KILLS = 30
CASES = 20


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    port = free_port()
    program = shutil.which("redis-server")
    assert program, "redis-server is missing: apt-get install redis-server"
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
    server = subprocess.Popen([program, *options], cwd=tmp_path, stdout=subprocess.DEVNULL)
    client = Redis(port=port)
    _until(lambda: _answers(client))
    yield client
    client.close()
    server.terminate()
    server.wait(10)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except OSError:
        return False
    except Exception:  # the client has exceptions of its own while nobody listens
        return False


def _until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def _submit(story: Story, number: int) -> None:
    answers = micro_answers(Decimal("900.00"), "2026-04-01", "2026-05-31", f"Fall {number}")
    story.apply("micro_grant", answers)
    story.act(story.applicant, "submit")


def test_a_receipt_is_delivered_by_rq(story: Story, workplace: Workplace, redis: Redis) -> None:
    _submit(story, 1)
    assert Dispatcher(workplace.database, redis).dispatch() == 1
    CourierWorker(redis, workplace).work(burst=True)
    with workplace.database.read() as session:
        assert session.scalars(select(Document.sha256)).one() is not None
        assert outbox.status(session) == {}


def test_an_emptied_redis_loses_nothing(story: Story, workplace: Workplace, redis: Redis) -> None:
    _submit(story, 1)
    dispatcher = Dispatcher(workplace.database, redis)
    dispatcher.dispatch()
    redis.flushall()
    with workplace.database.write() as session:
        session.execute(update(OutboxMessage).values(lease_until=datetime(2026, 1, 1, tzinfo=UTC)))
    assert dispatcher.dispatch() == 1
    CourierWorker(redis, workplace).work(burst=True)
    with workplace.database.read() as session:
        assert outbox.status(session) == {}


def test_a_function_that_is_not_allowed_is_not_run(
    workplace: Workplace, redis: Redis, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    queue_on(redis).enqueue("os.system", f"touch {trace}")
    CourierWorker(redis, workplace).work(burst=True)
    assert not trace.exists()


def _worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from funding_app.cli import main; main()", "worker"]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_thirty_kills_and_an_emptied_redis(
    story: Story, workplace: Workplace, redis: Redis, tmp_path: Path
) -> None:
    for number in range(CASES):
        _submit(story, number)
    port = redis.connection_pool.connection_kwargs["port"]
    environment = {
        **os.environ,
        "FUNDING_ENV": "test",
        "FUNDING_DATABASE_URL": workplace.database.url,
        "FUNDING_REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "FUNDING_DATA_DIR": str(tmp_path),
    }
    for kill in range(KILLS):
        worker = _worker(environment)
        time.sleep(1.2 + kill % 5 / 4)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        if kill % 10 == 5:
            redis.flushall()
    last_kill = time.monotonic()
    worker = _worker(environment)
    try:
        _until(lambda: _all_done(workplace), outbox.LEASE.total_seconds() + 60)
    finally:
        worker.terminate()
        worker.wait(30)
    assert time.monotonic() - last_kill < outbox.LEASE.total_seconds() + 60
    with workplace.database.read() as session:
        issued = session.scalar(
            select(func.count()).select_from(Document).where(Document.sha256.is_not(None))
        )
        noted = session.scalar(
            select(func.count()).select_from(LogRecord).where(LogRecord.event == "document_issued")
        )
        assert (issued, noted) == (CASES, CASES)


def _all_done(workplace: Workplace) -> bool:
    with workplace.database.read() as session:
        return outbox.status(session) == {}
