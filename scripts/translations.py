"""Brings the English texts up to date: what is new comes last, what is no longer asked for goes.

All others stay where and as they are, so that a change shows nothing but itself. Nothing is
guessed: a new text stands without a translation until somebody writes it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "funding_app/translations/en/LC_MESSAGES/messages.po"
METHODS = [("funding_app/**.py", "python"), ("templates/**.html", "jinja2")]
WIDTH = 100

Text: TypeAlias = str | tuple[str, ...]


def asked_for() -> list[Text]:
    """The German texts of code and templates, those with a plural as two, each once."""
    found = (text for _file, _line, text, _notes, _context in extract_from_dir(ROOT, METHODS))
    return list(dict.fromkeys(tuple(text) if isinstance(text, list) else text for text in found))


def update(catalogue: Catalog, asked: Collection[Text]) -> None:
    """Leaves in the catalogue what is asked for and nothing else."""
    catalogue.obsolete.clear()
    for message in list(catalogue):
        if message.id and message.id not in asked:
            catalogue.delete(message.id)
    for text in asked:
        if text not in catalogue:
            catalogue.add(text)


def main(file: Path = CATALOGUE) -> None:
    """Rewrites the file of the English texts."""
    with file.open("rb") as before:
        catalogue = read_po(before, locale="en")
    update(catalogue, asked_for())
    with file.open("wb") as after:
        write_po(after, catalogue, width=WIDTH)


if __name__ == "__main__":
    main()
