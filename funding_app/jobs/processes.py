"""What works beside a server: with a Redis only its doorbell, else a broker and a worker too."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from redis import Redis

from funding_app.jobs.background import DirectWorker, Helper, Keeper
from funding_app.jobs.embedded import EmbeddedBroker, SupervisedWorker
from funding_app.jobs.rq_courier import CourierWorker, Dispatcher
from funding_app.jobs.workplace import Workplace
from funding_app.models.database import Database


def beside_server(place: Workplace, redis_url: str, folder: Path) -> list[Helper]:
    """The helpers of a server; `folder` is the place of its own broker."""
    if redis_url:
        return [Dispatcher(place, Redis.from_url(redis_url))]
    broker = EmbeddedBroker(folder)
    redis = broker.start()
    if redis is not None:
        return [SupervisedWorker(broker, place.base_url), Dispatcher(place, redis)]
    return [DirectWorker(place), Keeper(place)]


def accompany(database: Database, helpers: Sequence[Helper], over: threading.Event) -> None:
    """Lets the helpers work and hear every commit until it is over; then they finish."""
    for helper in helpers:
        helper.start()
        database.after_commit.append(helper.ring)
    over.wait()
    for helper in reversed(helpers):
        helper.stop()


def work(place: Workplace, redis_url: str) -> None:
    """Works through Redis until a signal ends it: deliveries, timers, seals."""
    # The worker waits for work longer than the client's usual time-out allows.
    redis = Redis.from_url(redis_url, socket_timeout=None)
    helpers: list[Helper] = [Dispatcher(place, redis), Keeper(place)]
    for helper in helpers:
        helper.start()
    try:
        CourierWorker(redis, place).work(logging_level="WARNING")
    finally:
        for helper in reversed(helpers):
            helper.stop()
        place.close()
