"""Every refusal has words in both languages."""

from __future__ import annotations

import pytest

from funding_app.refusals import TEXTS, words
from workflows.snapshot import Refusal
from workflows.vocabulary import REFUSAL_CODES


def test_every_code_has_words_and_no_words_are_without_a_code() -> None:
    assert set(TEXTS) == set(REFUSAL_CODES)


@pytest.mark.parametrize("code", sorted(REFUSAL_CODES))
def test_the_words_differ_between_the_languages(code: str) -> None:
    german, english = words(Refusal(code), "de"), words(Refusal(code), "en")
    assert german
    assert english
    assert german != english
