"""When reports are due and money must be used."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import periods, reports

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "period_end", "due"),
    [
        (2026, date(2027, 12, 31), date(2027, 4, 30)),  # a Friday
        (2026, None, date(2027, 4, 30)),
        (2026, date(2026, 12, 31), None),  # the proof of use follows
        (2026, date(2025, 6, 30), None),
        (2026, date(2027, 1, 1), date(2027, 4, 30)),
        (2027, date(2028, 12, 31), date(2028, 5, 2)),  # 30 April 2028: Sunday, then 1 May
    ],
)
def test_interim_reports(year: int, period_end: date | None, due: date | None) -> None:
    assert reports.interim_due(year, period_end=period_end) == due


def test_interim_reports_of_another_notice_or_seat() -> None:
    # two months after the year: 28 February 2027 is a Sunday
    assert reports.interim_due(2026, months=2) == date(2027, 3, 1)
    # ten months: 31 October 2031 is Reformation Day, a holiday in Brandenburg and not in Berlin
    assert reports.interim_due(2030, months=10) == date(2031, 10, 31)
    assert reports.interim_due(2030, months=10, region="DE-BB") == date(2031, 11, 3)


@pytest.mark.parametrize(
    ("period_end", "fulfilled", "months", "due"),
    [
        # six months after 31 December 2026: Wednesday 30 June 2027
        (date(2026, 12, 31), None, 6, date(2027, 6, 30)),
        # the last day of that month, also where the period ends within one
        (date(2026, 12, 10), None, 6, date(2027, 6, 30)),
        # fulfilled earlier: six months after that day
        (date(2026, 12, 31), date(2026, 9, 15), 6, date(2027, 3, 15)),
        # fulfilled later than the period's end never lengthens
        (date(2026, 12, 31), date(2027, 2, 1), 6, date(2027, 6, 30)),
        # 31 August 2026 + 6 months: the last of February, a Sunday
        (date(2026, 8, 31), None, 6, date(2027, 3, 1)),
        (date(2026, 12, 31), date(2026, 8, 31), 6, date(2027, 3, 1)),
        # two months for the short report: 28 February 2027, a Sunday
        (date(2026, 12, 31), None, 2, date(2027, 3, 1)),
        # into a leap year
        (date(2027, 12, 31), None, 2, date(2028, 2, 29)),
    ],
)
def test_proofs_of_use(period_end: date, fulfilled: date | None, months: int, due: date) -> None:
    found = reports.proof_due(period_end=period_end, fulfilled_on=fulfilled, months=months)
    assert found == due


def test_the_seat_counts_for_the_proof() -> None:
    # 31 October 2031, a Friday: Reformation Day in Brandenburg
    end = date(2031, 4, 30)
    assert reports.proof_due(period_end=end) == date(2031, 10, 31)
    assert reports.proof_due(period_end=end, region="DE-BB") == date(2031, 11, 3)


def test_timely_use() -> None:
    # six weeks: 30 days of January are left, 12 in February
    assert reports.timely_use_by(date(2027, 1, 1)) == date(2027, 2, 12)
    assert reports.timely_use_by(date(2027, 1, 1), days=60) == date(2027, 3, 2)


def test_every_period_end_of_ten_years_has_a_working_day() -> None:
    for offset in range(3653):
        end = date(2024, 1, 1) + DAY * offset
        due = reports.proof_due(period_end=end)
        assert periods.is_working_day(due, "DE-BE")
        assert 181 <= (due - end).days <= 184 + 30 + 5


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 700))
def test_an_earlier_fulfilment_is_never_due_later(end: date, before: int) -> None:
    early = reports.proof_due(period_end=end, fulfilled_on=end - DAY * before)
    assert early <= reports.proof_due(period_end=end)
