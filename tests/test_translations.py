"""Everything a page says in German it says in English too."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scripts import translations
from scripts.translations import CATALOGUE, asked_for

SAME = frozenset(
    {"JSON", "Start", "System", "Position", "Mails", "Format", "Organisation", "– optional", "Name"}
)

Key = str | tuple[str, ...]


@pytest.fixture(scope="module")
def asked() -> set[Key]:
    """Every text that code and templates ask to be translated."""
    return set(asked_for())


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def english(catalogue: Catalog) -> dict[Key, Key]:
    return {each.id: each.string for each in catalogue if each.id}


def test_every_text_is_translated_and_no_translation_is_left_over(
    asked: set[Key], english: dict[Key, Key]
) -> None:
    assert asked - set(english) == set()
    assert set(english) - asked == set()
    assert [key for key, text in english.items() if not text] == []


def test_no_translation_is_a_guess_or_kept_for_nothing(catalogue: Catalog) -> None:
    """A guess (`fuzzy`) is left out when the texts are compiled: the page would be German."""
    assert [each.id for each in catalogue if each.id and each.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_bringing_texts_up_to_date_changes_nothing_else(tmp_path: Path) -> None:
    whole = CATALOGUE.read_text("utf-8")
    blocks = whole.rstrip("\n").split("\n\n")
    file = tmp_path / "messages.po"
    left_over = (
        'msgid "Fragt niemand mehr"\nmsgstr "Nobody asks"\n\n#~ msgid "Alt"\n#~ msgstr "Old"'
    )
    file.write_text("\n\n".join([*blocks[:5], *blocks[6:], left_over]) + "\n\n", "utf-8")
    translations.main(file)
    untranslated = re.sub(r'^msgstr ".*"$', 'msgstr ""', blocks[5], flags=re.M)
    expected = [*blocks[:5], *blocks[6:], untranslated]
    assert file.read_text("utf-8").rstrip("\n").split("\n\n") == expected


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
