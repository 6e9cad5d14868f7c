"""`funding worker`."""

from __future__ import annotations

import click

from funding_app.cli.libraries import warn_of_missing
from funding_app.cli.opening import opened, unusable
from funding_app.cli.start import settle
from funding_app.jobs.beside import work


@click.command()
def worker() -> None:
    """Works for the outbox through Redis, with timers and seals (needs FUNDING_REDIS_URL).

    Several workers may run at once, also on several machines. Ends on SIGTERM and SIGINT, after
    the message at hand.
    """
    warn_of_missing()
    with opened() as parts:
        if not parts.settings.redis_url:
            unusable("FUNDING_REDIS_URL is not set; 'funding serve' works without a Redis")
        settle(parts)
        work(parts.database, parts.storage, parts.machinery, parts.now, parts.settings.redis_url)
