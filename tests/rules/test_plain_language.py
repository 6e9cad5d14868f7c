"""What a text in plain language is better without, sentence by sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.demo.world.offers import offer
from funding_app.rules.plain_language import hints
from tests.support.pace import slow_pieces

REFS = ("cc-gemeinsam-2026", "cc-mikro-2026", "cip-ideen-2026", "cip-skizzen-2026",
        "cip-verbund-2026", "lab-2026", "cdl-sprechstunde", "cdl-datenvorhaben",
        "cc-auftakt", "cc-transfer")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Sie schreiben einen Antrag.", []),
        ("Das ist gut. Das auch!", []),
        ("eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf.", []),
        ("eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf mehr.", ["long_sentence"]),
        ("Die Förderrichtlinie gilt.", ["long_word"]),
        ("Die Förder-Richtlinie gilt. Die Förder·richtlinie gilt.", []),
        ("Der Antrag wird von uns geprüft.", ["passive"]),
        ("Es wurde vieles verbessert.", ["passive"]),
        ("Morgen wird es warm.", []),
        ("Die Frist des Antrags endet.", ["genitive"]),
        ("Sie könnten Geld bekommen.", ["subjunctive"]),
        ("Sie bekommen Geld, weil Ihre Idee gut ist.", ["several_thoughts"]),
        ("Das sind z. B. Vereine.", ["shortened"]),
        ("Das sind 10 % mehr.", ["signs"]),
        ("", []),
    ],
)
def test_each_rule_finds_what_it_is_about(text: str, codes: list[str]) -> None:
    assert [hint.code for hint in hints(text)] == codes


@pytest.mark.parametrize("ref", REFS)
def test_the_texts_of_the_demo_need_no_second_look(ref: str) -> None:
    texts = [text for name, text in offer(ref).items() if name.endswith("_plain")]
    assert len(texts) >= 2
    assert [hint for text in texts for hint in hints(text)] == []


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(hint.words for hint in hints(text))


def test_reading_takes_time_in_proportion_to_the_length() -> None:
    assert slow_pieces(hints) == []
