"""Amounts, rounding and splits, by hand and by property."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import money

D = Decimal
euro = st.integers(0, 10**12).map(lambda cents: D(cents) / 100)
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)

NO_AMOUNTS = [1.5, True, False, D("NaN"), D("Infinity"), D("-0.01"), -1, D("0.001"), "1", None,
    D("1E999999999"), D("1E-999999999"), D("1E15"), 10**15,
]  # fmt: skip


@pytest.mark.parametrize("value", NO_AMOUNTS)
def test_what_is_no_amount_is_refused_everywhere(value: object) -> None:
    with pytest.raises(money.MoneyError):
        money.amount(value)  # type: ignore[arg-type]
    with pytest.raises(money.MoneyError):
        money.split(value, [1])  # type: ignore[arg-type]
    with pytest.raises(money.MoneyError):
        money.split_cumulative([0], value, [1])  # type: ignore[arg-type]
    with pytest.raises(money.MoneyError):
        money.split_cumulative([value], 1, [1])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "weight",
    [1.5, True, D("NaN"), D("Infinity"), -1, D("-0.5"), "1", D("1E999999999"), D("1E-999999999")],
)
def test_what_is_no_weight_is_refused(weight: object) -> None:
    with pytest.raises(money.MoneyError, match=r"weight|finite"):
        money.split(1, [1, weight])  # type: ignore[list-item]


@pytest.mark.parametrize("shares", [[], [0], [0, 0, D("0.00")]])
def test_a_split_needs_a_positive_weight(shares: list[int]) -> None:
    with pytest.raises(money.MoneyError, match="positive"):
        money.split(1, shares)


def test_there_are_as_many_paid_parts_as_weights() -> None:
    with pytest.raises(money.MoneyError, match="as many"):
        money.split_cumulative([0], 1, [1, 1])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00"), (7, "7.00"), (D("7.1"), "7.10"), (D("0.05"), "0.05"), (D("1E+3"), "1000.00"),
     (D("0.010"), "0.01")],
)  # fmt: skip
def test_an_amount_has_two_places(value: int | Decimal, text: str) -> None:
    assert str(money.amount(value)) == text


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (99, "0.99"), (100, "1.00"), (-12345, "-123.45")],
)
def test_cents_as_euro(cents: int, text: str) -> None:
    assert str(money.from_cents(cents)) == text


@pytest.mark.parametrize(
    ("value", "whole"),
    [("0", 0), ("1/2", 1), ("-1/2", -1), ("49/100", 0), ("-49/100", 0), ("3/2", 2), ("5/2", 3),
     ("-5/2", -3)],
)  # fmt: skip
def test_a_half_goes_away_from_zero(value: str, whole: int) -> None:
    assert money.half_up(Fraction(value)) == whole


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        # 0.05 over 50/50: 2.5 cents each, the odd cent goes to the lead, which stands first
        (D("0.05"), [50, 50], ["0.03", "0.02"]),
        (250000, [60, 25, 15], ["150000.00", "62500.00", "37500.00"]),
        # 1.00 over 1/1/1: 33.33 cents each, one cent left, the first has it
        (1, [1, 1, 1], ["0.34", "0.33", "0.33"]),
        # 0.10 over 1/2/4: 1.43, 2.86 and 5.71 cents; floors 1, 2, 5; the two left go to .86, .71
        (D("0.10"), [1, 2, 4], ["0.01", "0.03", "0.06"]),
        # 0.01 over 0/1/1: a weight of 0 bears nothing, even where it stands first
        (D("0.01"), [0, 1, 1], ["0.00", "0.01", "0.00"]),
        # weights with places: 12.5 and 87.5 of 0.03: 0.375 and 2.625 cents
        (D("0.03"), [D("12.5"), D("87.5")], ["0.00", "0.03"]),
    ],
)
def test_splits_by_hand(amount: int | Decimal, shares: list[int], parts: list[str]) -> None:
    assert [str(part) for part in money.split(amount, shares)] == parts


@given(euro, weights)
def test_parts_add_up_and_stay_within_a_cent_of_exact(amount: Decimal, shares: list[int]) -> None:
    parts = money.split(amount, shares)
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        exact = Fraction(amount) * share / sum(shares)
        assert abs(Fraction(part) - exact) < Fraction(1, 100)
        assert part >= 0


@given(euro, weights, st.integers(2, 50))
def test_only_the_proportion_of_weights_counts(
    amount: Decimal, shares: list[int], factor: int
) -> None:
    assert money.split(amount, shares) == money.split(amount, [one * factor for one in shares])


@given(euro, st.integers(1, 9), st.integers(1, 6))
def test_equal_weights_never_favour_the_later(amount: Decimal, share: int, parties: int) -> None:
    parts = money.split(amount, [share] * parties)
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= D("0.01")


@given(st.lists(euro, min_size=1, max_size=5), weights)
def test_payments_never_drift(amounts: list[Decimal], shares: list[int]) -> None:
    paid = [D(0)] * len(shares)
    for amount in amounts:
        parts = money.split_cumulative(paid, amount, shares)
        assert sum(parts) == amount
        paid = [done + part for done, part in zip(paid, parts, strict=True)]
    assert paid == money.split(sum(amounts, D(0)), shares)


def test_rounding_swings_back_and_changed_weights_rebalance() -> None:
    # 0.01 of 1/1/1 went to the first. Altogether 0.02: 0.67 cents each, floors 0, the first two
    assert money.split_cumulative([D("0.01"), 0, 0], D("0.01"), [1, 1, 1]) == [
        D("0.00"), D("0.01"), D("0.00"),
    ]  # fmt: skip
    # 50/50 of 100 were paid; with 75/25 of 200 in all the first bears 150: 100 more, the other none
    assert money.split_cumulative([50, 50], 100, [75, 25]) == [D("100.00"), D("0.00")]
    # and with 90/10 the other takes 30 back: 180 - 50, 20 - 50
    assert money.split_cumulative([50, 50], 100, [90, 10]) == [D("130.00"), D("-30.00")]
