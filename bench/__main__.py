"""`python -m bench [NAME…]`: measures, prints a table and keeps it under `bench/results/`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

import click

from bench import (
    assignment,
    batch,
    case_list,
    exports,
    history,
    last_minute,
    letters,
    pages,
    report,
    transition,
)
from bench.measure import Figure

BENCHMARKS: Mapping[str, Callable[[int], Iterator[Figure]]] = {
    "transition": transition.measure,
    "batch": batch.measure,
    "assignment": assignment.measure,
    "cases": case_list.measure,
    "letters": letters.measure,
    "pages": pages.measure,
    "exports": exports.measure,
    "last-minute": last_minute.measure,
}
SIZE = 50_000


def run(names: Iterable[str], size: int, *, quiet: bool = False) -> list[Figure]:
    """Runs the named benchmarks one after the other; each figure is told as it comes."""
    found = []
    for name in names:
        for figure in BENCHMARKS[name](size):
            found.append(figure)
            if not quiet:
                click.echo(f"  {figure.what} …", err=True)
    return found


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(BENCHMARKS)))
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON instead of a table.")
@click.option("--size", default=SIZE, show_default=True, help="Cases in the lists.")
@click.option(
    "--keep",
    default=history.UNKEPT,
    show_default=True,
    help="Name under bench/results; later runs are compared with it.",
)
@click.option("--note", default="", help="What else the machine is doing; kept with the run.")
def main(names: tuple[str, ...], json_wanted: bool, size: int, keep: str, note: str) -> None:
    """Measures against yardsticks in the same run.

    Ends with 1 where a mark is missed, or a ratio has fallen by more than a tenth since it was
    kept last.
    """
    before = history.last_kept(report.RESULTS)
    figures = run(names or BENCHMARKS, size, quiet=json_wanted)
    described = report.machine(note)
    report.keep(keep, described, figures)
    click.echo(report.as_json(described, figures) if json_wanted else report.table(figures))
    falls = history.fallen(figures, before)
    for fall in falls:
        click.echo(str(fall), err=True)
    sys.exit(0 if not falls and all(figure.kept for figure in figures) else 1)


if __name__ == "__main__":
    main()
