"""Everything a page says in German it says in English too."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "funding_app/translations/en/LC_MESSAGES/messages.po"
METHODS = [("funding_app/**.py", "python"), ("templates/**.html", "jinja2")]
SAME = frozenset(
    {"JSON", "Start", "System", "Position", "Mails", "Format", "Organisation", "– optional", "Name"}
)

Key = str | tuple[str, ...]


@pytest.fixture(scope="module")
def asked() -> set[Key]:
    """Every text that code and templates ask to be translated."""
    found = extract_from_dir(ROOT, METHODS)
    return {tuple(each[2]) if isinstance(each[2], list) else each[2] for each in found}


@pytest.fixture(scope="module")
def english() -> dict[Key, Key]:
    with CATALOGUE.open("rb") as file:
        return {each.id: each.string for each in read_po(file, locale="en") if each.id}


def test_every_text_is_translated_and_no_translation_is_left_over(
    asked: set[Key], english: dict[Key, Key]
) -> None:
    assert asked - set(english) == set()
    assert set(english) - asked == set()
    assert [key for key, text in english.items() if not text] == []


def test_a_translation_differs_and_keeps_its_places(english: dict[Key, Key]) -> None:
    for key, text in english.items():
        german = key if isinstance(key, str) else key[-1]
        words = text if isinstance(text, str) else text[-1]
        assert german != words or german in SAME or "(" in german, german
        assert _places(german) == _places(words), german


def _places(text: str) -> set[str]:
    named = {part.split(")")[0] for part in text.split("%(")[1:]}
    braces = {name for _t, name, _s, _c in Formatter().parse(text.replace("%", "")) if name}
    return named | braces
