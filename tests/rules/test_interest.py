"""Interest on sums to be reimbursed: by hand and against adding up day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import interest
from funding_app.rules.money import MoneyError, rounded

D = Decimal
DAY = timedelta(days=1)
RATES: dict[date, int | Decimal] = {
    date(2023, 7, 1): D("3.12"), date(2024, 1, 1): D("3.62"), date(2024, 7, 1): D("3.37"),
    date(2025, 1, 1): D("2.27"), date(2025, 7, 1): D("1.27"), date(2026, 1, 1): D("1.27"),
}  # fmt: skip
within = st.dates(date(2023, 7, 1), date(2026, 6, 30))


def day_by_day(
    principal: Decimal,
    start: date,
    end: date,
    payments: Sequence[tuple[date, Decimal]] = (),
    convention: str = "act/act",
) -> Decimal:
    """The sum of each day's interest, the slow way."""
    total, day = Fraction(0), start + DAY
    while day <= end:
        owed = max(
            Fraction(0), Fraction(principal) - sum(Fraction(a) for d, a in payments if d < day)
        )
        rate = Fraction(RATES[date(day.year, 1 if day.month <= 6 else 7, 1)]) + 5
        leap = day.year % 4 == 0 and convention == "act/act"
        total += owed * rate / 100 / (366 if leap else 365)
        day += DAY
    return rounded(total)


def test_a_year_without_a_change_of_rate() -> None:
    # 10,000 at 6.27 % from 1 July 2025 (first day 2 July) to 30 June 2026: 364 days of 365
    found = interest.interest(
        10000, start=date(2025, 7, 1), end=date(2026, 6, 30), base_rates=RATES
    )
    assert found == D("625.28")  # 627 * 364 / 365 = 625.282...


def test_over_two_rates() -> None:
    # 1 to 30 June 2025 from 31 May: 30 days at 7.27 %; 1 to 31 July: 31 days at 6.27 %
    # 10,000 * (0.0727 * 30 + 0.0627 * 31) / 365 = 10,000 * (2.181 + 1.9437) / 365 = 113.005...
    found = interest.interest(
        10000, start=date(2025, 5, 31), end=date(2025, 7, 31), base_rates=RATES
    )
    assert found == D("113.01")


def test_a_leap_year_has_366_days_in_one_convention() -> None:
    # 100 days in 2024 at 8.62 %: 10,000 * 0.0862 * 100 / 366 = 235.519; / 365 = 236.164
    given_days = {"start": date(2024, 1, 31), "end": date(2024, 5, 10), "base_rates": RATES}
    assert interest.interest(10000, **given_days) == D("235.52")  # type: ignore[arg-type]
    fixed = interest.interest(10000, convention="act/365", **given_days)  # type: ignore[arg-type]
    assert fixed == D("236.16")


def test_one_day_and_none() -> None:
    # 36,500 at 6.27 % for one day: 6.27
    one = {"base_rates": RATES, "start": date(2026, 1, 1)}
    assert interest.interest(36500, end=date(2026, 1, 2), **one) == D("6.27")  # type: ignore[arg-type]
    for end in (date(2026, 1, 1), date(2025, 1, 1)):
        assert interest.interest(1, start=date(2026, 1, 1), end=end, base_rates={}) == 0


def test_points_are_an_argument() -> None:
    found = interest.interest(
        36500, start=date(2026, 1, 1), end=date(2026, 1, 2), base_rates=RATES, points=0
    )
    assert found == D("1.27")


def test_payments_count_from_the_day_after() -> None:
    # 36,500 for 10 days at 6.27: 5 days whole, then half: 5 * 6.27 + 5 * 3.135 = 47.025
    found = interest.interest(
        36500, start=date(2026, 1, 1), end=date(2026, 1, 11), base_rates=RATES,
        payments=[(date(2026, 1, 6), 18250)],
    )  # fmt: skip
    assert found == D("47.03")
    # on a half-year's first day: 1 July 2025 still bears interest on the whole, at 6.27 %
    first = interest.interest(
        36500, start=date(2025, 6, 30), end=date(2025, 7, 2), base_rates=RATES,
        payments=[(date(2025, 7, 1), 36500)],
    )  # fmt: skip
    assert first == D("6.27")
    # paid on the day the debt began: nothing bears interest; more than owed: never below 0
    for paid in (36500, 99999):
        assert interest.interest(
            36500, start=date(2026, 1, 1), end=date(2026, 1, 11), base_rates=RATES,
            payments=[(date(2026, 1, 1), paid)],
        ) == 0  # fmt: skip


def test_a_missing_rate_is_named_and_only_where_it_is_needed() -> None:
    with pytest.raises(interest.BaseRateMissing, match="2026-07-01"):
        interest.interest(1, start=date(2026, 6, 30), end=date(2026, 7, 1), base_rates=RATES)
    # the last day with a rate
    interest.interest(1, start=date(2026, 6, 29), end=date(2026, 6, 30), base_rates=RATES)
    # paid before the half-year without a rate begins
    interest.interest(
        1, start=date(2026, 6, 1), end=date(2026, 12, 1), base_rates=RATES,
        payments=[(date(2026, 6, 30), 1)],
    )  # fmt: skip


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(ValueError, match="convention"):
        interest.interest(1, start=date(2026, 1, 1), end=date(2026, 2, 1), base_rates=RATES,
                          convention="30/360")  # fmt: skip
    with pytest.raises(MoneyError):
        interest.interest(-1, start=date(2026, 1, 1), end=date(2026, 2, 1), base_rates=RATES)


@given(
    st.integers(0, 10**8), within, within,
    st.lists(st.tuples(within, st.integers(0, 10**8)), max_size=4),
    st.sampled_from(interest.CONVENTIONS),
)  # fmt: skip
def test_as_adding_up_day_by_day(
    cents: int, one: date, other: date, paid: list[tuple[date, int]], convention: str
) -> None:
    start, end = sorted((one, other))
    payments = [(day, D(part) / 100) for day, part in paid]
    found = interest.interest(
        D(cents) / 100, start=start, end=end, base_rates=RATES, payments=payments,
        convention=convention,
    )  # fmt: skip
    assert found == day_by_day(D(cents) / 100, start, end, payments, convention)


def test_the_order_of_payments_does_not_matter() -> None:
    payments = [(date(2025, 9, 1), 100), (date(2025, 10, 1), 250), (date(2025, 11, 5), 9999)]
    results = {
        interest.interest(
            1000, start=date(2025, 7, 1), end=date(2026, 3, 1), base_rates=RATES, payments=order
        )
        for order in permutations(payments)
    }
    assert len(results) == 1


@given(st.integers(0, 10**8), st.integers(0, 10**8), within)
def test_more_owed_is_more_interest(one: int, other: int, end: date) -> None:
    low, high = sorted((one, other))
    results = [
        interest.interest(D(cents) / 100, start=date(2023, 7, 1), end=end, base_rates=RATES)
        for cents in (low, high)
    ]
    assert results[0] <= results[1]
