"""Periods and working days: by hand, against counting, and every day of ten years."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import periods

DAY = timedelta(days=1)
TEN_YEARS = [date(2024, 1, 1) + DAY * offset for offset in range(3653)]
REGIONS = ("DE-BE", "DE-NW", "DE-BY/catholic")
days = st.dates(date(2000, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("day", "region", "works"),
    [
        (date(2027, 3, 5), "DE-BE", True),  # Friday
        (date(2027, 3, 6), "DE-BE", False),  # Saturday
        (date(2027, 3, 7), "DE-BE", False),  # Sunday
        (date(2027, 3, 8), "DE-BE", False),  # International Women's Day, Berlin
        (date(2027, 3, 8), "DE-NW", True),
        (date(2027, 5, 27), "DE-NW", False),  # Corpus Christi: Thursday, in the west
        (date(2027, 5, 27), "DE-BE", True),
        (date(2028, 8, 15), "DE-BY", True),  # Assumption: Tuesday, Catholic municipalities
        (date(2028, 8, 15), "DE-BY/catholic", False),
        (date(2027, 10, 3), "DE-BE", False),
        (date(2025, 12, 24), "DE-BE", True),  # Christmas Eve is no holiday by law
    ],
)
def test_working_days_by_region(day: date, region: str, works: bool) -> None:
    assert periods.is_working_day(day, region) is works


@pytest.mark.parametrize("region", ["DE-XX", "QQ", "DE-BY/none"])
def test_an_unknown_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="no holiday calendar"):
        periods.is_working_day(date(2027, 1, 1), region)


@pytest.mark.parametrize(
    ("event", "unit", "end", "unshifted"),
    [
        # 31 January + 1 month: 28 February 2027 is a Sunday, so Monday 1 March
        (date(2027, 1, 31), {"months": 1}, date(2027, 3, 1), date(2027, 2, 28)),
        # in a leap year the 29th, a Tuesday
        (date(2028, 1, 31), {"months": 1}, date(2028, 2, 29), date(2028, 2, 29)),
        # 29 February + 1 year: 28 February 2029, a Wednesday
        (date(2028, 2, 29), {"years": 1}, date(2029, 2, 28), date(2029, 2, 28)),
        # over the turn of the year: 30 November + 3 months
        (date(2026, 11, 30), {"months": 3}, date(2027, 3, 1), date(2027, 2, 28)),
        # December + 1 month
        (date(2026, 12, 15), {"months": 1}, date(2027, 1, 15), date(2027, 1, 15)),
        # two weeks from Friday 11 December: Christmas, so Monday 28
        (date(2026, 12, 11), {"weeks": 2}, date(2026, 12, 28), date(2026, 12, 25)),
        # the event's day is not counted: a day from Monday is Tuesday
        (date(2027, 3, 1), {"days": 1}, date(2027, 3, 2), date(2027, 3, 2)),
        (date(2027, 3, 1), {"days": 30}, date(2027, 3, 31), date(2027, 3, 31)),
    ],
)
def test_periods_by_hand(event: date, unit: dict[str, int], end: date, unshifted: date) -> None:
    assert periods.end_of_period(event, **unit) == end  # type: ignore[arg-type]
    assert periods.end_of_period(event, shift=False, **unit) == unshifted  # type: ignore[arg-type]


def test_the_seat_decides_where_a_period_ends() -> None:
    # 8 February 2027 + 1 month: Monday 8 March, a holiday in Berlin alone
    assert periods.end_of_period(date(2027, 2, 8), months=1) == date(2027, 3, 9)
    assert periods.end_of_period(date(2027, 2, 8), months=1, region="DE-NW") == date(2027, 3, 8)


@pytest.mark.parametrize(
    "units", [{}, {"days": 1, "weeks": 1}, {"months": 1, "years": 1}, {"days": -1}, {"months": 0}]
)
def test_a_period_has_exactly_one_positive_unit(units: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="unit"):
        periods.end_of_period(date(2027, 1, 1), **units)  # type: ignore[arg-type]


@pytest.mark.parametrize("region", REGIONS)
def test_every_day_of_ten_years_shifts_to_the_first_working_day(region: str) -> None:
    for day in TEN_YEARS:
        due = periods.end_of_period(day, days=1, region=region)
        between = [day + DAY * step for step in range(1, (due - day).days)]
        assert periods.is_working_day(due, region)
        assert not any(periods.is_working_day(one, region) for one in between)


def test_every_month_of_ten_years_ends_on_the_same_number_or_the_last_day() -> None:
    for day in TEN_YEARS:
        for months in (1, 2, 6, 12, 13):
            end = periods.end_of_period(day, months=months, shift=False)
            assert (end.year - day.year) * 12 + end.month - day.month == months
            assert end.day == min(day.day, calendar.monthrange(end.year, end.month)[1])


@pytest.mark.parametrize("n", [1, 3, 20, -1, -3])
def test_working_days_are_those_that_counting_gives(n: int) -> None:
    for day in TEN_YEARS:
        found = periods.add_working_days(day, n, "DE-BE")
        first, last = (day + DAY, found) if n > 0 else (found, day - DAY)
        counted = [
            one
            for offset in range((last - first).days + 1)
            if periods.is_working_day(one := first + DAY * offset, "DE-BE")
        ]
        assert len(counted) == abs(n)
        assert found in counted


def test_zero_working_days_is_no_period() -> None:
    with pytest.raises(ValueError, match="not 0"):
        periods.add_working_days(date(2027, 1, 1), 0, "DE-BE")


@given(days, st.integers(1, 400))
def test_no_day_is_lost_between_two_periods(day: date, length: int) -> None:
    first = periods.end_of_period(day, days=length, shift=False)
    both = periods.end_of_period(first, days=length, shift=False)
    assert both == periods.end_of_period(day, days=2 * length, shift=False)
    assert both == day + 2 * length * DAY


@given(days, st.integers(1, 60), st.integers(1, 60))
def test_longer_periods_end_no_earlier(day: date, shorter: int, more: int) -> None:
    ends = [periods.end_of_period(day, months=n) for n in (shorter, shorter + more)]
    assert ends[0] < ends[1]


@given(days, st.integers(-40, 40).filter(bool))
def test_back_and_forth_over_working_days(day: date, n: int) -> None:
    there = periods.add_working_days(day, n, "DE-BE")
    back = periods.add_working_days(there, -n, "DE-BE")
    assert back == day if periods.is_working_day(day, "DE-BE") else abs((back - day).days) < 10
