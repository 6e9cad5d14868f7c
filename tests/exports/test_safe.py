"""What looks like a formula is found, and nothing else is touched."""

from __future__ import annotations

import pytest

from funding_app.exports.csv_injection import (
    LONGEST_CELL,
    cell_text,
    clean,
    is_formula_like,
    neutral,
)

FORMULAS = (
    "=1+1", "+49 30 1234", "-2", "@x", "\t=1", "\r=1", "\n=1", "\x00=1", " =1", "  +1",
    "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1+1", "＋1", "－1", "＠x", '=HYPERLINK("x")', "\ttext",
)  # fmt: skip
TEXTS = ("", "Antrag", "1+1", "a=b", "Straße – Köln", "🚀 Start", "(=1)", "'=1", "zwei\nZeilen")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{clean(text)}"


@pytest.mark.parametrize("text", TEXTS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert not is_formula_like(text)
    assert neutral(text) == text


def test_cells_are_as_long_as_they_may_be() -> None:
    assert cell_text("x" * LONGEST_CELL) == "x" * LONGEST_CELL
    cut = cell_text("x" * (LONGEST_CELL + 1))
    assert (len(cut), cut[-1]) == (LONGEST_CELL, "…")
