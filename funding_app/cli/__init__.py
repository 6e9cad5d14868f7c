"""The command line: `funding`. A command's module is imported when the command is asked for."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import click

from funding_app.cli.system_libraries import missing, warn_of_missing
from source_text import SourceError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is defined, and what it does in a line."""

    module: str
    says: str
    attribute: str = ""


COMMANDS: Mapping[str, Place] = {
    "serve": Place("server.serve", "Serves the portal."),
    "worker": Place("server.worker", "Works for the outbox and timers through Redis."),
    "migrate": Place("data.schema", "Brings the database to the newest schema."),
    "demo": Place("data.demo", "Synthetic data."),
    "user": Place("people", "Accounts."),
    "token": Place("people", "API tokens."),
    "workflows": Place("definitions", "The workflow definitions.", "definitions"),
    "policy": Place("checks.permissions", "Who may do what: the whole permission table."),
    "routes": Place("checks.permissions", "Every route, and who may ask for it."),
    "audit": Place("checks.audit", "The log: does it still say what was written?"),
    "receipt": Place("checks.documents", "Is this receipt as it was issued?"),
    "decision": Place("checks.documents", "Is this decision as it was issued?"),
    "outbox": Place("server.queue", "What waits, what failed, and doing it now."),
    "timers": Place("server.queue", "Events that time itself brings about."),
    "export": Place("data.export", "The exports, the same as on the pages."),
    "backup": Place("data.archive", "A consistent copy of database and files."),
    "restore": Place("data.archive", "Puts a copy back into an empty installation."),
    "doctor": Place("checks.doctor", "What the installation lacks or has set dangerously."),
    "bench": Place("checks.bench", "The benchmarks, each against its yardstick."),
}


class Commands(click.Group):
    """A group that knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module = _module(place.module)
        command: click.Command = getattr(module, place.attribute or cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.says) for name, place in COMMANDS.items()])


def _module(name: str) -> ModuleType:
    """A command's module; mistakes in a form, or a missing system library, are named."""
    gc.disable()  # an import makes much that stays; looking through it again and again takes time
    try:
        return import_module(f"funding_app.cli.{name}")
    except SourceError as error:  # pages read their forms when they are imported
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except (ImportError, OSError) as error:
        if not any(missing()):
            raise
        warn_of_missing()
        click.echo(str(error), err=True)
        raise SystemExit(2) from error
    finally:
        gc.enable()


@click.command(cls=Commands)
def main() -> None:
    """Runs and looks after a funding portal.

    Settings come from the environment (FUNDING_…). Exit codes: 0 done, 1 found something wrong,
    2 unusable arguments or environment.
    """
