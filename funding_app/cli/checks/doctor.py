"""`funding doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import click

from funding_app.cli.checks.doctor_checks import LOOKS, PROBLEM, Finding, libraries, variables
from funding_app.cli.context import WRONG, say
from funding_app.settings import SettingsError, load_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """Says what this installation lacks or has set dangerously, and what to do about it.

    Looks at system libraries, settings, data folder, definitions, database and Redis. Exit code 1
    where there is a problem; hints alone are none.
    """
    found = list(_findings())
    lines = [f"{one.weight}: {one.what}\n    → {one.remedy}" for one in found]
    say([asdict(one) for one in found], as_json, "\n".join(lines) or "all is well")
    raise SystemExit(WRONG if any(one.weight == PROBLEM for one in found) else 0)


def _findings() -> Iterator[Finding]:
    yield from libraries()
    yield from variables()
    try:
        settings = load_settings()
    except SettingsError as error:
        remedy = "set it, then ask again: the rest was not looked at"
        yield Finding("settings_unusable", PROBLEM, str(error), remedy)
        return
    for look in LOOKS:
        yield from look(settings)
