"""Names in a text: found however lines break, never in the middle of nothing."""

from __future__ import annotations

import pytest

from funding_app.rules.naming import named_in, plain
from tests.support.pace import slow_pieces

NAMES = ["Nachbarschaft Digital e. V.", "Antonia Antrag", "Bund"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wir, die NACHBARSCHAFT\n  Digital e. V., bitten", ["Nachbarschaft Digital e. V."]),
        ("Die Nachbar-\nschaft Digital e. V. bittet", ["Nachbarschaft Digital e. V."]),
        ("gez. Antonia\u00a0Antrag, im Bund", ["Antonia Antrag"]),
        ("Eine digitale Nachbarschaft", []),
        ("", []),
    ],
)
def test_a_name_is_found_however_its_line_breaks(text: str, found: list[str]) -> None:
    assert named_in(text, NAMES) == found


def test_reading_takes_time_in_proportion_to_the_length() -> None:
    assert slow_pieces(plain) == []
    assert slow_pieces(lambda text: plain(f"a-{text[1:]}")) == []
