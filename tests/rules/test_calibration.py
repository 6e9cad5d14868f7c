"""How far from the reference: worked by hand."""

from __future__ import annotations

from fractions import Fraction

from funding_app.rules.reviewing.calibration import Deviation, deviation, differences


def test_differences_are_given_less_reference_where_both_say_something() -> None:
    assert differences({"a": 5, "b": 1, "new": 3}, {"a": 3, "b": 3, "c": 1}) == {"a": 2, "b": -2}


def test_a_deviation_keeps_its_sign_in_the_mean_and_loses_it_in_the_distance() -> None:
    # 2 - 2 - 1 + 0 = -1 over four; 2 + 2 + 1 + 0 = 5 over four
    assert deviation([2, -2, -1, 0]) == Deviation(4, Fraction(-1, 4), Fraction(5, 4), -2, 2)
    assert deviation([]) is None
