"""`funding bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from funding_app.cli.context import unusable

CHECKOUT = Path(__file__).parents[3]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("names", nargs=-1, type=click.UNPROCESSED)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def bench(names: tuple[str, ...], as_json: bool) -> None:
    """Runs benchmarks, all or those named; exit code 1 where one misses its mark.

    Further options are those of 'python -m bench --help'. The benchmarks are part of the source
    checkout, not of the installed package.
    """
    if not (CHECKOUT / "bench" / "__main__.py").exists():
        unusable("the benchmarks stand in the folder 'bench' of the source checkout; run it there")
    command = [sys.executable, "-m", "bench", *names, *(["--json"] if as_json else [])]
    raise SystemExit(subprocess.run(command, cwd=CHECKOUT, check=False).returncode)
