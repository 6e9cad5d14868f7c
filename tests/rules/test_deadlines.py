"""When a deadline is over: local midnight, clock times, daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import deadlines

MICROSECOND = timedelta(microseconds=1)
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_day_ends_at_the_next_local_midnight() -> None:
    # 31 March 2027 is in summer time: midnight in Berlin is 22:00 UTC
    cut = deadlines.cut_off(date(2027, 3, 31))
    assert (cut.instant, cut.inclusive) == (datetime(2027, 3, 31, 22, tzinfo=UTC), False)
    assert not deadlines.is_timely(cut.instant, cut)
    assert deadlines.is_timely(cut.instant - MICROSECOND, cut)
    # in winter it is 23:00
    assert deadlines.cut_off(date(2027, 1, 31)).instant == datetime(2027, 1, 31, 23, tzinfo=UTC)


def test_a_clock_time_still_counts_at_that_instant() -> None:
    cut = deadlines.cut_off(datetime(2027, 1, 15, 12, 0))
    assert cut.inclusive
    assert deadlines.is_timely(datetime(2027, 1, 15, 11, tzinfo=UTC), cut)
    assert not deadlines.is_timely(datetime(2027, 1, 15, 11, tzinfo=UTC) + MICROSECOND, cut)


def test_the_day_rolls_forward_over_a_holiday() -> None:
    # Friday 25 December 2026: Christmas, then a weekend; Monday 28 ends at 23:00 UTC
    cut = deadlines.cut_off(date(2026, 12, 25), roll_forward=True)
    assert cut.instant == datetime(2026, 12, 28, 23, tzinfo=UTC)
    # 8 March 2027 is a Monday, a holiday in Berlin alone
    berlin = deadlines.cut_off(date(2027, 3, 8), roll_forward=True)
    bonn = deadlines.cut_off(date(2027, 3, 8), roll_forward=True, region="DE-NW")
    assert berlin.instant - bonn.instant == timedelta(days=1)
    # without rolling the day itself
    assert deadlines.cut_off(date(2027, 3, 8)).instant == bonn.instant


def test_another_zone() -> None:
    cut = deadlines.cut_off(datetime(2027, 7, 1, 12), zone="Atlantic/Azores")
    assert cut.instant == datetime(2027, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("local", [datetime(2027, 3, 28, 2, 30), datetime(2027, 10, 31, 2, 30)])
def test_a_time_in_a_gap_or_overlap_is_refused(local: datetime) -> None:
    with pytest.raises(deadlines.AmbiguousLocalTime):
        deadlines.cut_off(local)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2027, 3, 28, 1, 59, 59), datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)),
        (datetime(2027, 3, 28, 3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (datetime(2027, 10, 31, 1, 59, 59), datetime(2027, 10, 30, 23, 59, 59, tzinfo=UTC)),
        (datetime(2027, 10, 31, 3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    ],
)
def test_the_edges_of_daylight_saving_are_clear(local: datetime, utc: datetime) -> None:
    assert deadlines.cut_off(local).instant == utc


def test_what_is_no_deadline_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        deadlines.cut_off(datetime(2027, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="whole day"):
        deadlines.cut_off(datetime(2027, 1, 1), roll_forward=True)
    with pytest.raises(ValueError, match="zone"):
        deadlines.is_timely(datetime(2027, 1, 1), deadlines.cut_off(date(2027, 1, 1)))


def test_every_day_of_ten_years_ends_where_the_next_begins() -> None:
    for offset in range(3653):
        day = date(2024, 1, 1) + timedelta(days=offset)
        cut = deadlines.cut_off(day)
        last = (cut.instant - MICROSECOND).astimezone(BERLIN)
        first = cut.instant.astimezone(BERLIN)
        assert (last.date(), first.date()) == (day, day + timedelta(days=1))
        assert (first.hour, first.minute, first.second) == (0, 0, 0)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 30)), st.dates(date(2000, 1, 1)))
def test_later_days_end_later(one: date, other: date) -> None:
    other = min(other, date(2099, 12, 30))
    cuts = deadlines.cut_off(one).instant, deadlines.cut_off(other).instant
    assert (cuts[0] < cuts[1]) == (one < other)
