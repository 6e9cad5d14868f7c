"""Reviewers who score differently: computed by hand, and never marked by chance alone."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules.reviewing.reviewer_bias import Given, Leaning, leanings


def scores(**by_reviewer: str) -> list[Given]:
    """Scores in the order of applications; a dash stands for no review."""
    return [
        Given(f"a{number}", reviewer, Decimal(score))
        for reviewer, row in by_reviewer.items()
        for number, score in enumerate(row.split())
        if score != "-"
    ]


def test_computed_by_hand() -> None:
    # strict is 1, 2 and 1.5 below the mean of the others: 4.5 in three reviews.
    found = leanings(scores(strict="3 2 2.5", mild="4 5 4", middle="4 3 4"))
    assert found[0] == Leaning("strict", 3, Decimal("-1.50"), "lower")
    assert {each.reviewer: each.difference for each in found} == {
        "strict": Decimal("-1.50"),
        "mild": Decimal("1.25"),  # 0.5 + 2.5 + 0.75 in three
        "middle": Decimal("0.25"),  # 0.5 - 0.5 + 0.75 in three
    }


def test_two_common_reviews_mark_nobody() -> None:
    assert [each.marked for each in leanings(scores(strict="1 1", mild="5 5"))] == ["", ""]


def test_one_extreme_among_opposite_ones_marks_nobody() -> None:
    found = leanings(scores(moody="0 3.1 3.1 0", even="3 3 3 3"))
    assert [each.marked for each in found] == ["", ""]


def test_less_than_half_a_point_marks_nobody() -> None:
    assert {each.marked for each in leanings(scores(a="3 3 3", b="3.4 3.4 3.4"))} == {""}
    assert {each.marked for each in leanings(scores(a="3 3 3", b="3.5 3.5 3.5"))} == {
        "lower",
        "higher",
    }


def test_who_reviewed_alone_is_not_compared() -> None:
    assert leanings(scores(alone="4 4 4")) == []


@given(st.lists(st.lists(st.decimals(0, 5, places=2), min_size=2, max_size=5), max_size=8))
def test_what_one_is_above_the_others_are_below(rows: list[list[Decimal]]) -> None:
    given = [
        Given(f"a{number}", f"r{place}", score)
        for number, row in enumerate(rows)
        for place, score in enumerate(row)
    ]
    found = leanings(given)
    weighted = sum(each.difference * each.common for each in found)
    assert abs(weighted) <= Decimal("0.05") * max(len(given), 1)
    assert all(each.common >= 3 for each in found if each.marked)
