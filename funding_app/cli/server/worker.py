"""`funding worker`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from funding_app.cli.context import opened, unusable
from funding_app.cli.server.trim import give_back
from funding_app.cli.start import settle
from funding_app.cli.system_libraries import warn_of_missing
from funding_app.jobs.embedded import OrphanWatch
from funding_app.jobs.processes import work
from funding_app.jobs.workplace import workplace_of


@click.command()
@click.option("--server", type=int, hidden=True, help="Ends when this parent process is gone.")
def worker(server: int | None) -> None:
    """Works for the outbox through Redis, with timers and seals (needs FUNDING_REDIS_URL).

    Several workers may run at once, also on several machines. Ends on SIGTERM and SIGINT, after
    the message at hand.
    """
    warn_of_missing()
    with opened() as parts:
        redis_url = parts.settings.redis_url
        if not redis_url:
            unusable("FUNDING_REDIS_URL is not set; 'funding serve' works without a Redis")
        settle(parts)
        with _watched(server, redis_url):
            place = workplace_of(parts)
            give_back()
            work(place, redis_url)


@contextmanager
def _watched(server: int | None, redis_url: str) -> Iterator[None]:
    """A worker that a server brought along ends with it, however that ends."""
    if server is None:
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the worker hears it itself
    watch = OrphanWatch(server, redis_url)
    watch.start()
    try:
        yield
    finally:
        watch.stop()
