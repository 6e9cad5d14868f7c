"""What is finally granted, may be shifted and may be drawn: every kind by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import financing
from funding_app.rules.money import MoneyError

D = Decimal
PLAN: dict[str, Any] = {"grant": D("80000"), "approved_expenditure": D("100000")}
euro = st.integers(1, 10**9).map(lambda cents: D(cents) / 100)


@pytest.mark.parametrize(
    ("kind", "facts", "granted"),
    [
        # 80 % of 95,000
        ("pro_rata", {"recognised_expenditure": 95000}, "76000.00"),
        # 500.00 less is not more than the threshold: nothing changes; a cent more: 80 % of it all
        ("pro_rata", {"recognised_expenditure": D("99500")}, "80000.00"),
        ("pro_rata", {"recognised_expenditure": D("99499.99")}, "79599.99"),
        # 80 % of 99,499.99 = 79,599.992
        ("pro_rata", {"recognised_expenditure": 100000, "new_other_funds": D("500.01")},
         "79599.99"),
        ("pro_rata", {"recognised_expenditure": 100000, "new_other_funds": D("500.00")},
         "80000.00"),
        # once one exceeds, the other reduces from its first cent: 80 % of (99,000 - 100)
        ("pro_rata", {"recognised_expenditure": 99000, "new_other_funds": 100}, "79120.00"),
        # never above the grant, however much was spent; never below 0
        ("pro_rata", {"recognised_expenditure": 250000}, "80000.00"),
        ("pro_rata", {"recognised_expenditure": 1000, "new_other_funds": 5000}, "0.00"),
        ("pro_rata", {"recognised_expenditure": 0}, "0.00"),
        # a threshold of 0 counts every cent: 80 % of 99,999.99 = 79,999.992
        ("pro_rata", {"recognised_expenditure": D("99999.99"), "threshold": 0}, "79999.99"),
        # deficit: the plan were 20,000 of other funds; 25,000 came: 100,000 - 25,000
        ("deficit", {"recognised_expenditure": 100000, "own_funds": 25000}, "75000.00"),
        ("deficit", {"recognised_expenditure": 100000, "own_funds": 10000,
                     "third_party_funds": 15000}, "75000.00"),
        # as planned, and 500.00 beside the plan: nothing changes
        ("deficit", {"recognised_expenditure": 100000, "own_funds": 20000}, "80000.00"),
        ("deficit", {"recognised_expenditure": 100000, "own_funds": 20500}, "80000.00"),
        ("deficit", {"recognised_expenditure": 100000, "own_funds": D("20500.01")}, "79499.99"),
        # less other funds than planned do not raise the grant
        ("deficit", {"recognised_expenditure": 100000, "own_funds": 10000}, "80000.00"),
        # less spent: 90,000 - 20,000
        ("deficit", {"recognised_expenditure": 90000, "own_funds": 20000}, "70000.00"),
        # all of it was granted, and nothing else came: what was spent
        ("deficit", {"grant": 100000, "recognised_expenditure": 90000}, "90000.00"),
        # other funds cover everything
        ("deficit", {"recognised_expenditure": 90000, "own_funds": 95000}, "0.00"),
        # a fixed amount stays unless less was spent than granted; it knows no threshold
        ("fixed_amount", {"recognised_expenditure": 85000}, "80000.00"),
        ("fixed_amount", {"recognised_expenditure": D("79999.99")}, "79999.99"),
        # full: what was spent, at most the grant, without threshold
        ("full", {"recognised_expenditure": D("79999.99")}, "79999.99"),
        ("full", {"recognised_expenditure": 90000}, "80000.00"),
    ],
)  # fmt: skip
def test_final_grants_by_hand(kind: str, facts: dict[str, Any], granted: str) -> None:
    assert str(financing.final_grant(kind, **(PLAN | facts))) == granted


def test_half_a_cent_goes_up() -> None:
    # 50 % of 99,000.01 is 49,500.005
    found = financing.final_grant(
        "pro_rata", grant=50000, approved_expenditure=100000, recognised_expenditure=D("99000.01")
    )
    assert found == D("49500.01")


@pytest.mark.parametrize("kind", ["", "pro rata", "loan"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="type of financing"):
        financing.final_grant(kind, recognised_expenditure=1, **PLAN)
    with pytest.raises(ValueError, match="type of financing"):
        financing.check_reallocation({}, {}, kind=kind)
    with pytest.raises(ValueError, match="type of financing"):
        financing.payable(kind, due_amount=1, paid=0, **PLAN)


def test_amounts_that_can_not_be_are_refused() -> None:
    empty = PLAN | {"approved_expenditure": 0}
    for kind in financing.KINDS:
        with pytest.raises(MoneyError, match="approved expenditure is 0"):
            financing.final_grant(kind, recognised_expenditure=1, **empty)
    with pytest.raises(MoneyError, match="approved expenditure is 0"):
        financing.payable("pro_rata", due_amount=1, paid=0, **empty)
    with pytest.raises(MoneyError, match="not new ones"):
        financing.final_grant("deficit", recognised_expenditure=1, new_other_funds=1, **PLAN)
    with pytest.raises(MoneyError):
        financing.final_grant("full", recognised_expenditure=D("0.001"), **PLAN)


@given(st.sampled_from(["pro_rata", "full", "fixed_amount"]), euro, euro, euro, euro)
def test_the_final_grant_is_within_the_grant_and_monotone(
    kind: str, grant: Decimal, approved: Decimal, less: Decimal, more: Decimal
) -> None:
    low, high = sorted((less, more))
    results = [
        financing.final_grant(
            kind, grant=min(grant, approved), approved_expenditure=approved,
            recognised_expenditure=spent, threshold=0,
        )
        for spent in (low, high)
    ]  # fmt: skip
    assert 0 <= results[0] <= results[1] <= min(grant, approved)


@given(euro, euro, euro)
def test_more_other_funds_never_raise_the_grant(
    grant: Decimal, spent: Decimal, new: Decimal
) -> None:
    facts: dict[str, Any] = {
        "grant": grant, "approved_expenditure": grant * 2, "recognised_expenditure": spent
    }  # fmt: skip
    without = financing.final_grant("pro_rata", **facts)
    assert financing.final_grant("pro_rata", new_other_funds=new, **facts) <= without
    covered = financing.final_grant("deficit", own_funds=grant, **facts)
    assert financing.final_grant("deficit", own_funds=grant + new, **facts) <= covered


@pytest.mark.parametrize(
    ("line", "percent", "most"),
    [("1000", 20, "1200.00"), ("0", 20, "0.00"), ("0.04", 20, "0.04"), ("0.05", 20, "0.06"),
     ("99.99", 20, "119.98"), ("100", 0, "100.00"), ("100", D("12.5"), "112.50")],
)  # fmt: skip
def test_line_maxima(line: str, percent: int | Decimal, most: str) -> None:
    # 99.99 * 1.2 = 119.988, rounded down
    assert str(financing.line_maximum(D(line), percent=percent)) == most


def test_twenty_percent_and_nothing_retained_are_what_holds_without_more() -> None:
    assert financing.line_maximum(1000) == D("1200.00")
    # 80,000 - 75,000
    assert financing.payable("full", due_amount=9000, paid=75000, **PLAN) == D("5000.00")


APPROVED = {"0812": D("1000"), "0835": D("500"), "0850": D("0")}


@pytest.mark.parametrize(
    ("claimed", "kind", "verdict", "lines"),
    [
        ({"0812": 900, "0835": 600}, "pro_rata", "allowed", []),
        ({"0812": 899, "0835": D("600.01")}, "pro_rata", "amendment_required", ["0835"]),
        ({"0812": 900, "0835": 590, "0850": 10}, "deficit", "amendment_required", ["0850"]),
        ({"0812": 900, "0899": 10}, "full", "amendment_required", ["0899"]),
        ({"0812": 900, "0899": D("0.01")}, "full", "amendment_required", ["0899"]),
        ({"0812": 1100, "0835": 400}, "pro_rata", "allowed", []),
        # 1,500.01 are more than 1,500, though no line is over
        ({"0812": 1000, "0835": D("500.01")}, "pro_rata", "total_exceeded", []),
        ({"0812": 1600}, "pro_rata", "total_exceeded", ["0812"]),
        ({"0812": 0, "0835": 1500}, "fixed_amount", "allowed", []),
        ({"0835": D("1500.01")}, "fixed_amount", "total_exceeded", ["0835"]),
        ({}, "pro_rata", "allowed", []),
    ],
)
def test_shifts_between_lines(
    claimed: dict[str, int | Decimal], kind: str, verdict: str, lines: list[str]
) -> None:
    found = financing.check_reallocation(APPROVED, claimed, kind=kind)
    assert (found.verdict, found.lines) == (verdict, lines)


def test_the_share_that_may_shift_is_an_argument() -> None:
    claimed = {"0812": 950, "0835": 550}
    assert financing.check_reallocation(APPROVED, claimed, kind="full", percent=10).verdict == (
        "allowed"
    )
    assert financing.check_reallocation(APPROVED, claimed, kind="full", percent=9).lines == ["0835"]


@pytest.mark.parametrize(
    ("kind", "due", "paid", "retained", "drawn"),
    [
        # the quota of 80 % of 10,000
        ("pro_rata", 10000, 0, 0, "8000.00"),
        ("deficit", 10000, 0, 0, "10000.00"),
        ("full", 10000, 0, 0, "10000.00"),
        ("fixed_amount", 10000, 0, 0, "10000.00"),
        # of the grant 80,000 - 75,000 - 4,000 = 1,000 are left
        ("pro_rata", 10000, 75000, 4000, "1000.00"),
        ("deficit", 10000, 80000, 0, "0.00"),
        ("deficit", 10000, 80000, 5000, "0.00"),
        # 80 % of 0.01 is 0.008, of 0.62 is 0.496, rounded once
        ("pro_rata", D("0.01"), 0, 0, "0.01"),
        ("pro_rata", D("0.62"), 0, 0, "0.50"),
    ],
)
def test_what_may_be_drawn(
    kind: str, due: int | Decimal, paid: int, retained: int, drawn: str
) -> None:
    found = financing.payable(kind, due_amount=due, paid=paid, retained=retained, **PLAN)
    assert str(found) == drawn


@given(st.sampled_from(financing.KINDS), st.lists(euro, max_size=8), euro)
def test_no_series_of_draws_exceeds_the_grant(
    kind: str, dues: list[Decimal], grant: Decimal
) -> None:
    paid = D(0)
    for due in dues:
        paid += financing.payable(
            kind, due_amount=due, grant=grant, approved_expenditure=grant * 2, paid=paid
        )
    assert paid <= grant
