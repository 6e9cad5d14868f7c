"""`funding export`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from funding_app.cli.context import opened, unusable
from funding_app.exports import EXPORTS, NoSuchExport
from funding_app.exports import export as make
from funding_app.exports.formats import FORMATS


@click.command()
@click.argument("name", type=click.Choice(list(EXPORTS)))
@click.option("--call", "call_ref", default="", help="Only this call, by its reference.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    help="csv is for programs, csv-de for a German spreadsheet.",
)
@click.option(
    "--language",
    type=click.Choice(["de", "en"]),
    default="de",
    show_default=True,
    help="The language of titles and words.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write; without one, standard output.")  # fmt: skip
def export(name: str, call_ref: str, format_: str, language: str, output: Path | None) -> None:
    """Writes an export, the same as on the pages, with everything in it.

    grants are also to be had as 360giving, the 360Giving Data Standard 1.4.
    """
    with opened() as parts, parts.database.read() as session:
        try:
            made = make(
                session,
                name,
                format=format_,
                person=None,
                call_ref=call_ref or None,
                language=language,
                definitions=parts.machinery.definitions,
            )
        except NoSuchExport as error:
            unusable(str(error))
        _write(made.chunks, output)


def _write(chunks: Iterable[bytes], output: Path | None) -> None:
    try:
        with click.open_file(str(output or "-"), "wb") as file:
            file.writelines(chunks)
    except OSError as error:
        unusable(f"can not write {output}: {error.strerror}")
