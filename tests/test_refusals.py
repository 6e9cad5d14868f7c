"""Every refusal has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from funding_app.refusals import TEXTS, words
from workflows.snapshot import Refusal
from workflows.vocabulary import REFUSAL_CODES

ROOT = Path(__file__).parents[1]
REFUSED_WITH = re.compile(r"""\b(?:Refusal|refuse)\(\s*"(\w+)\"""")


def test_every_code_that_the_source_refuses_with_is_listed() -> None:
    files = [path for name in ("funding_app", "workflows") for path in (ROOT / name).rglob("*.py")]
    codes = {code for path in files for code in REFUSED_WITH.findall(path.read_text("utf-8"))}
    assert "conflict_of_interest" in codes, "effects are among them"
    assert codes - set(REFUSAL_CODES) == set()


def test_every_code_has_words_and_no_words_are_without_a_code() -> None:
    assert set(TEXTS) == set(REFUSAL_CODES)


@pytest.mark.parametrize("code", sorted(REFUSAL_CODES))
def test_the_words_differ_between_the_languages(code: str) -> None:
    german, english = words(Refusal(code), "de"), words(Refusal(code), "en")
    assert german
    assert english
    assert german != english
