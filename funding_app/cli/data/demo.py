"""`funding demo`."""

from __future__ import annotations

import sys

import click

from funding_app.cli.context import opened, say, unusable, wrong
from funding_app.demo.bulk.load import load_bulk
from funding_app.demo.load import load_demo
from funding_app.services.operations.portal import Portal

APPLICATIONS = {"m": 1_000, "l": 100_000}


@click.group()
def demo() -> None:
    """Synthetic data, from a fixed seed; never in production."""


@demo.command()
@click.option("--size", type=click.Choice(["s", "m", "l"]), default="s", show_default=True,
              help="s: the demo, told through the engine; m: 1,000 and l: 100,000 applications, "
                   "written in sets with a valid chain.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def load(size: str, as_json: bool) -> None:
    """Loads synthetic data.

    The demo is loaded into an empty database only; its accounts share one well-known password.
    m and l add to what is there.
    """
    with opened() as parts:
        if parts.settings.env == "production":
            unusable("synthetic data has no place in production: set FUNDING_ENV=demo")
        applications = APPLICATIONS.get(size)
        if applications:
            _load_in_sets(parts, applications)
        elif load_demo(parts) is None:
            wrong("the database is not empty; nothing was loaded")
    what = f"{applications} applications" if applications else "demo"
    say({"size": size, "applications": applications}, as_json, f"{what} loaded")


def _load_in_sets(parts: Portal, applications: int) -> None:
    quiet = not sys.stderr.isatty()
    with click.progressbar(
        length=applications, label="applications", file=sys.stderr, hidden=quiet
    ) as bar:
        load_bulk(
            parts.database,
            parts.machinery,
            applications,
            progress=lambda done: bar.update(done - bar.pos),
        )
