"""De minimis aid: the window of three years and the ceiling."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import state_aid
from funding_app.rules.money import MoneyError

D = Decimal
PREVIOUS = [(date(2024, 2, 28), D("250000")), (date(2024, 2, 29), D("100000"))]


@pytest.mark.parametrize(
    ("granted_on", "amount", "allowed", "used", "maximum"),
    [
        # 29 February 2028 minus three years is 28 February 2025: both lie before the window
        (date(2028, 2, 29), D("300000"), True, "0.00", "300000.00"),
        (date(2028, 2, 29), D("300000.01"), False, "0.00", "300000.00"),
        # (28 February 2024, 28 February 2027]: the first is excluded, the second counts
        (date(2027, 2, 28), D("200000"), True, "100000.00", "200000.00"),
        (date(2027, 2, 28), D("200000.01"), False, "100000.00", "200000.00"),
        # a day earlier both count, 350,000: nothing is left, never less than nothing
        (date(2027, 2, 27), D("0.01"), False, "350000.00", "0.00"),
        (date(2027, 2, 27), 0, False, "350000.00", "0.00"),
        # aid of the same day counts, aid of tomorrow does not
        (date(2024, 2, 28), D("50000"), True, "250000.00", "50000.00"),
    ],
)
def test_the_window(
    granted_on: date, amount: Decimal, allowed: bool, used: str, maximum: str
) -> None:
    found = state_aid.de_minimis(PREVIOUS, granted_on=granted_on, amount=amount)
    assert (found.allowed, str(found.used), str(found.maximum)) == (allowed, used, maximum)


def test_another_ceiling_or_window() -> None:
    found = state_aid.de_minimis(
        PREVIOUS, granted_on=date(2028, 2, 27), amount=1, ceiling=350001, years=4
    )
    assert (found.allowed, found.used, found.maximum) == (True, D("350000.00"), D("1.00"))


def test_what_is_no_amount_is_refused() -> None:
    with pytest.raises(MoneyError):
        state_aid.de_minimis([], granted_on=date(2027, 1, 1), amount=D("-1"))


@given(st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 10**6)),
                max_size=8), st.dates(date(2023, 1, 1), date(2030, 1, 1)))  # fmt: skip
def test_the_maximum_is_allowed_and_a_cent_more_is_not(
    previous: list[tuple[date, int]], granted_on: date
) -> None:
    most = state_aid.de_minimis(previous, granted_on=granted_on, amount=0)
    if most.used <= D("300000"):
        assert state_aid.de_minimis(previous, granted_on=granted_on, amount=most.maximum).allowed
    over = most.maximum + D("0.01")
    assert not state_aid.de_minimis(previous, granted_on=granted_on, amount=over).allowed


def test_every_day_of_ten_years_excludes_the_first_day_of_its_window() -> None:
    for offset in range(3653):
        day = date(2024, 1, 1) + timedelta(days=offset)
        number = 28 if (day.month, day.day) == (2, 29) else day.day
        edge = day.replace(year=day.year - 3, day=number)
        out = state_aid.de_minimis([(edge, 1)], granted_on=day, amount=0)
        inside = state_aid.de_minimis([(edge + timedelta(days=1), 1)], granted_on=day, amount=0)
        assert (out.used, inside.used) == (0, 1)


def test_the_register() -> None:
    # 20 working days after Monday 4 January 2027: four weeks without a holiday in Berlin
    assert state_aid.register_due(date(2027, 1, 4)) == date(2027, 2, 1)
    # Epiphany (6 January) is one in Bavaria
    assert state_aid.register_due(date(2027, 1, 4), region="DE-BY") == date(2027, 2, 2)
    assert state_aid.register_due(date(2027, 1, 4), working_days=1) == date(2027, 1, 5)
