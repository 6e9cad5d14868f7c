"""RQ as a courier: it carries ids of outbox messages, and nothing it loses is lost.

The outbox is the truth. A job holds ids only, as JSON; a worker runs no function but the one on
the allow-list, whatever somebody writes into Redis.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

from funding_app.engine import outbox
from funding_app.jobs.background import Background
from funding_app.jobs.runner import run
from funding_app.jobs.workplace import Workplace

log = structlog.get_logger()
QUEUE = "funding"
BATCH = 20
SECONDS_PER_JOB = 120


class NotAllowed(Exception):
    """A job that names a function other than the one workers run."""


def deliver(message_ids: list[str]) -> int:
    """Does outbox messages by their ids; returns how many were done."""
    place = _workplace[-1]
    return sum(run(place, uuid.UUID(text)) for text in message_ids)


ALLOWED: dict[str, Callable[[list[str]], int]] = {"funding_app.jobs.rq_courier.deliver": deliver}
_workplace: list[Workplace] = []


class CourierJob(Job):
    """A job that can only be a delivery."""

    @property
    def func(self) -> Callable[[list[str]], int]:
        try:
            return ALLOWED[str(self.func_name)]
        except KeyError:
            raise NotAllowed(self.func_name) from None


class CourierWorker(SimpleWorker):
    """Works in its own process, without forking, for one workplace."""

    death_penalty_class = TimerDeathPenalty

    def __init__(self, redis: Redis, place: Workplace) -> None:
        _workplace.append(place)
        super().__init__(
            [queue_on(redis)],
            connection=redis,
            job_class=CourierJob,
            serializer=JSONSerializer,
            worker_ttl=30,
            maintenance_interval=30,
        )

    def teardown(self) -> None:
        """Says goodbye to the broker; one that is gone already needs none."""
        with suppress(RedisError):
            super().teardown()  # type: ignore[no-untyped-call]


def queue_on(redis: Redis) -> Any:
    """The one queue, with JSON and the courier's jobs."""
    return Queue(QUEUE, connection=redis, job_class=CourierJob, serializer=JSONSerializer)


class Dispatcher(Background):
    """Hands due messages to RQ."""

    def __init__(self, place: Workplace, redis: Redis) -> None:
        super().__init__("dispatcher")
        self._place, self._redis = place, redis
        self._queue = queue_on(redis)

    def round(self) -> None:
        """One round of dispatching."""
        self.dispatch()

    def dispatch(self) -> int:
        """One round: what is stuck comes back, what is due is handed over; returns how many."""
        try:
            epoch = str(self._redis.info("server")["run_id"])
        except RedisError:
            log.warning("redis_unreachable")
            return 0
        place = self._place
        with place.database.write() as session:
            outbox.sweep(session, epoch, place.lease_clock())
            ids = outbox.dispatch(session, epoch, place.lease_clock(), place.now())
        for start in range(0, len(ids), BATCH):
            self._queue.enqueue(
                deliver,
                [str(message_id) for message_id in ids[start : start + BATCH]],
                result_ttl=0,
                failure_ttl=60,
                job_timeout=SECONDS_PER_JOB,
            )
        return len(ids)
