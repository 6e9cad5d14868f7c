"""`funding outbox` and `funding timers`."""

from __future__ import annotations

from contextlib import closing

import click

from funding_app.cli.context import opened, say
from funding_app.engine import outbox as messages
from funding_app.jobs.runner import drain
from funding_app.jobs.timers import run_due
from funding_app.jobs.workplace import workplace_of


@click.group()
def outbox() -> None:
    """What waits, what failed, and doing it now."""


@outbox.command("status")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def outbox_status(as_json: bool) -> None:
    """How many messages wait, run or have failed for good; why the last of these failed."""
    with opened() as parts, parts.database.read() as session:
        counts, failed = messages.status(session), messages.failures(session)
    lines = [f"{state}: {count}" for state, count in counts.items()]
    lines += [f"failed {one['job']} {one['id']}: {one['error']}" for one in failed]
    say({"states": counts, "failed": failed}, as_json, "\n".join(lines) or "nothing waits")


@outbox.command("sweep")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def outbox_sweep(as_json: bool) -> None:
    """Delivers what is due now; prints how many messages were done."""
    with opened() as parts, closing(workplace_of(parts)) as place:
        done = drain(place)
    say({"done": done}, as_json, str(done))


@click.group()
def timers() -> None:
    """Events that time itself brings about."""


@timers.command("run")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def timers_run(as_json: bool) -> None:
    """Fires what is due now; prints how many events happened."""
    with opened() as parts:
        fired = run_due(parts.database, parts.machinery, parts.now())
    say({"fired": fired}, as_json, str(fired))
