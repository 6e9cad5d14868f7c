"""The rules against cases computed by hand; the computation stands beside each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import (
    deadlines,
    financing,
    interest,
    money,
    notices,
    periods,
    reports,
    scoring,
    state_aid,
)

D = Decimal
RATES = {date(2025, 7, 1): D("1.27"), date(2026, 1, 1): D("1.27")}
euro = st.integers(0, 10**12).map(lambda cents: D(cents) / 100)
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)


@pytest.mark.parametrize("value", [1.5, True, D("NaN"), D("Infinity"), D("-0.01"), D("0.001"), "1"])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(money.MoneyError):
        money.split(value, [1])  # type: ignore[arg-type]


def test_the_lead_ministry_wins_ties() -> None:
    # 0.05 over 50/50: 2.5 cents each, the odd cent goes to the first
    assert money.split(D("0.05"), [50, 50]) == [D("0.03"), D("0.02")]
    assert money.split(250000, [60, 25, 15]) == [D("150000.00"), D("62500.00"), D("37500.00")]


@given(euro, weights)
def test_parts_add_up(amount: Decimal, shares: list[int]) -> None:
    assert sum(money.split(amount, shares)) == amount


@given(st.lists(euro, min_size=1, max_size=5), weights)
def test_payments_never_drift(amounts: list[Decimal], shares: list[int]) -> None:
    paid = [D(0)] * len(shares)
    for amount in amounts:
        parts = money.split_cumulative(paid, amount, shares)
        assert sum(parts) == amount
        paid = [done + part for done, part in zip(paid, parts, strict=True)]
    assert paid == money.split(sum(amounts, D(0)), shares)


def test_a_day_ends_at_the_next_local_midnight() -> None:
    cut = deadlines.cut_off(date(2027, 3, 31))
    assert (cut.instant, cut.inclusive) == (datetime(2027, 3, 31, 22, tzinfo=UTC), False)
    assert not deadlines.is_timely(cut.instant, cut)
    assert deadlines.is_timely(cut.instant - timedelta(microseconds=1), cut)


def test_a_clock_time_still_counts_at_that_instant() -> None:
    cut = deadlines.cut_off(datetime(2027, 1, 15, 12, 0))
    assert deadlines.is_timely(datetime(2027, 1, 15, 11, tzinfo=UTC), cut)


@pytest.mark.parametrize("local", [datetime(2027, 3, 28, 2, 30), datetime(2027, 10, 31, 2, 30)])
def test_a_time_in_a_gap_or_overlap_is_refused(local: datetime) -> None:
    with pytest.raises(deadlines.AmbiguousLocalTime):
        deadlines.cut_off(local)


def test_periods_end_and_shift() -> None:
    # 31 January + 1 month: 28 February 2027 is a Sunday, so Monday 1 March
    assert periods.end_of_period(date(2027, 1, 31), months=1) == date(2027, 3, 1)
    assert periods.end_of_period(date(2027, 1, 31), months=1, shift=False) == date(2027, 2, 28)
    # International Women's Day is a holiday in Berlin and not in North Rhine-Westphalia
    assert not periods.is_working_day(date(2027, 3, 8), "DE-BE")
    assert periods.is_working_day(date(2027, 3, 8), "DE-NW")
    # 15 August 2028 is a Tuesday: a holiday in Catholic municipalities of Bavaria only
    assert periods.is_working_day(date(2028, 8, 15), "DE-BY")
    assert not periods.is_working_day(date(2028, 8, 15), "DE-BY/catholic")


@pytest.mark.parametrize("units", [{}, {"days": 1, "weeks": 1}, {"days": -1}])
def test_a_period_has_exactly_one_unit(units: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="unit"):
        periods.end_of_period(date(2027, 1, 1), **units)  # type: ignore[arg-type]


def test_every_day_of_ten_years_shifts_to_a_working_day() -> None:
    for offset in range(3653):
        day = date(2024, 1, 1) + timedelta(days=offset)
        assert periods.is_working_day(periods.end_of_period(day, days=1), "DE-BE")
        after = periods.add_working_days(day, 1, "DE-BE")
        assert periods.add_working_days(after, -1, "DE-BE") <= day


def test_channels_of_notification() -> None:
    sent = date(2027, 2, 1)
    assert notices.deemed_notified_on("post", sent_on=sent) == date(2027, 2, 5)
    assert notices.deemed_notified_on("own_portal", sent_on=sent) is None
    tenth = date(2027, 2, 11)
    in_time = notices.deemed_notified_on("own_portal", sent_on=sent, retrieved_on=tenth)
    assert in_time == date(2027, 2, 12)
    late = notices.deemed_notified_on(
        "own_portal", sent_on=sent, retrieved_on=tenth + timedelta(days=1)
    )
    assert late is None
    received = notices.deemed_notified_on("post", sent_on=sent, received_on=date(2027, 2, 20))
    assert received == date(2027, 2, 20)


def test_finality_and_waiver() -> None:
    notified = date(2027, 2, 5)
    # one month: Friday 5 March; final on the day after
    assert notices.final_on(notified) == date(2027, 3, 6)
    assert notices.final_on(notified, waived_on=notified) == notified
    assert notices.final_on(notified, waived_on=date(2027, 5, 1)) == date(2027, 3, 6)
    with pytest.raises(notices.WaiverTooEarly):
        notices.final_on(notified, waived_on=date(2027, 2, 4))
    assert notices.remedy("supreme_authority").kind == "court_action"
    assert notices.remedy("entrusted_agency", instructed=False).years == 1


def test_final_grants() -> None:
    plan = {"grant": D("80000"), "approved_expenditure": D("100000")}
    # 80 % of 95,000 = 76,000; of 99,500 nothing changes, since 500 is not exceeded
    cut = financing.final_grant("pro_rata", recognised_expenditure=D("95000"), **plan)
    assert cut == D("76000.00")
    same = financing.final_grant("pro_rata", recognised_expenditure=D("99500"), **plan)
    assert same == D("80000.00")
    # new funds of 500.01 exceed the threshold: 80 % of 99,499.99 = 79,599.992
    new = financing.final_grant(
        "pro_rata", recognised_expenditure=D("100000"), new_other_funds=D("500.01"), **plan
    )
    assert new == D("79599.99")
    # deficit: 100,000 - 25,000 of other funds, 5,000 more than planned
    gap = financing.final_grant(
        "deficit", recognised_expenditure=D("100000"), own_funds=D("25000"), **plan
    )
    assert gap == D("75000.00")
    fixed = financing.final_grant("fixed_amount", recognised_expenditure=D("79999.99"), **plan)
    assert fixed == D("79999.99")


def test_the_twenty_percent_rule() -> None:
    approved = {"0812": D("1000"), "0835": D("500"), "0850": D("0")}
    moved = {"0812": D("900"), "0835": D("600"), "0850": D("0")}
    verdict = financing.check_reallocation(approved, moved, kind="pro_rata").verdict
    assert verdict == "allowed"
    zero = financing.check_reallocation(
        approved, {"0812": D("900"), "0835": D("590"), "0850": D("10")}, kind="pro_rata"
    )
    assert (zero.verdict, zero.lines) == ("amendment_required", ["0850"])
    more = financing.check_reallocation(approved, {"0812": D("1600")}, kind="pro_rata")
    assert more.verdict == "total_exceeded"
    assert financing.line_maximum(D("0.04")) == D("0.04")


def test_interest_over_two_half_years() -> None:
    # 10,000 at 6.27 % from 1 July 2025 (first day 2 July) to 30 June 2026: 364 days / 365
    whole = interest.interest(
        10000, start=date(2025, 7, 1), end=date(2026, 6, 30), base_rates=RATES
    )
    assert whole == D("625.28")  # 627 * 364 / 365 = 625.282...
    with pytest.raises(interest.BaseRateMissing):
        interest.interest(1, start=date(2026, 6, 30), end=date(2026, 7, 1), base_rates=RATES)
    assert interest.interest(1, start=date(2026, 1, 2), end=date(2026, 1, 2), base_rates={}) == 0


def test_the_order_of_payments_does_not_matter() -> None:
    payments = [(date(2025, 9, 1), 100), (date(2025, 10, 1), 250), (date(2025, 11, 5), 9999)]
    results = {
        interest.interest(
            1000, start=date(2025, 7, 1), end=date(2026, 3, 1), base_rates=RATES, payments=order
        )
        for order in permutations(payments)
    }
    assert len(results) == 1


def test_reports_are_due() -> None:
    assert reports.interim_due(2026, period_end=date(2027, 12, 31)) == date(2027, 4, 30)
    assert reports.interim_due(2026, period_end=date(2026, 12, 31)) is None
    # six months after 31 December 2026: Wednesday 30 June 2027
    assert reports.proof_due(period_end=date(2026, 12, 31)) == date(2027, 6, 30)
    early = reports.proof_due(period_end=date(2026, 12, 31), fulfilled_on=date(2026, 9, 15))
    assert early == date(2027, 3, 15)
    assert reports.timely_use_by(date(2027, 1, 1)) == date(2027, 2, 12)


def test_scores_and_ranking() -> None:
    shares = {"a": 60, "b": 40}
    # (60 * 4 + 40 * 3) / 100 = 3.60; (60 * 5 + 40 * 2) / 100 = 3.80; mean 3.70
    given_reviews = [scoring.Review({"a": 4, "b": 3}), scoring.Review({"a": 5, "b": 2})]
    score = scoring.application_score(
        [*given_reviews, scoring.Review({"a": 0, "b": 0}, discarded=True)], shares
    )
    assert (score.value, score.counted, score.spread) == (D("3.70"), 2, D("0.20"))
    assert score.criterion_means == {"a": D("4.50"), "b": D("2.50")}
    with pytest.raises(scoring.WeightsError):
        scoring.review_score({"a": 1}, shares)
    candidates = [
        scoring.Candidate(key=key, score=points, first_criterion_mean=D(3), requested=cost)
        for key, points, cost in (("x", D(4), 60), ("y", D(4), 50), ("z", D(3), 40), ("w", D(1), 1))
    ]
    places = scoring.rank(candidates, budget=100, threshold=D(2))
    assert [(p.key, p.outcome) for p in places] == [
        ("y", "funded"), ("x", "reserve"), ("z", "reserve"), ("w", "below_threshold"),
    ]  # fmt: skip
    skipping = scoring.rank(candidates, budget=100, threshold=D(2), allow_skip_fill=True)
    assert [p.outcome for p in skipping] == ["funded", "reserve", "funded", "below_threshold"]


def test_de_minimis_looks_back_three_years() -> None:
    previous = [(date(2024, 2, 28), D("250000")), (date(2024, 2, 29), D("100000"))]
    # 29 February 2028 minus three years is 28 February 2025: both lie before the window
    free = state_aid.de_minimis(previous, granted_on=date(2028, 2, 29), amount=D("300000"))
    assert (free.allowed, free.used, free.maximum) == (True, D("0.00"), D("300000.00"))
    # window (28 February 2024, 28 February 2027]: the first is excluded, the second counts
    tight = state_aid.de_minimis(previous, granted_on=date(2027, 2, 28), amount=D("200000.01"))
    assert (tight.allowed, tight.used, tight.maximum) == (False, D("100000.00"), D("200000.00"))
    assert state_aid.register_due(date(2027, 1, 4)) == date(2027, 2, 1)
