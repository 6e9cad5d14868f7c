"""Names in a text: found however lines break, never in the middle of nothing."""

from __future__ import annotations

import pytest

from funding_app.rules.naming import named_in

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
