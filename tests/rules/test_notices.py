"""Notification, remedies and finality: the channels by hand, ten years of days by property."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import notices, periods

DAY = timedelta(days=1)
SENT = date(2027, 2, 1)  # a Monday
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize("channel", ["post", "e_transmission", "ozg_mailbox"])
def test_fiction_of_notification(channel: str) -> None:
    # four days after Monday 1 February: Friday 5
    assert notices.deemed_notified_on(channel, sent_on=SENT) == date(2027, 2, 5)
    # a proven later receipt counts, an earlier one does not
    later = notices.deemed_notified_on(channel, sent_on=SENT, received_on=date(2027, 2, 20))
    earlier = notices.deemed_notified_on(channel, sent_on=SENT, received_on=date(2027, 2, 2))
    assert (later, earlier) == (date(2027, 2, 20), date(2027, 2, 5))
    # the law until 2024 knew three days
    assert notices.deemed_notified_on(channel, sent_on=SENT, fiction_days=3) == date(2027, 2, 4)


def test_the_fiction_shifts_only_where_asked() -> None:
    # Tuesday 2 February + 4: Saturday 6; the fiction is no period, so it stands
    sent = date(2027, 2, 2)
    assert notices.deemed_notified_on("post", sent_on=sent) == date(2027, 2, 6)
    assert notices.deemed_notified_on("post", sent_on=sent, shift=True) == date(2027, 2, 8)
    # Thursday 4 March 2027 + 4 is Monday 8, a holiday in Berlin and not in Bonn
    sent = date(2027, 3, 4)
    assert notices.deemed_notified_on("post", sent_on=sent, shift=True) == date(2027, 3, 9)
    bonn = notices.deemed_notified_on("post", sent_on=sent, shift=True, region="DE-NW")
    assert bonn == date(2027, 3, 8)


def test_own_portal() -> None:
    def on(retrieved: date | None, **given_days: int) -> date | None:
        return notices.deemed_notified_on(
            "own_portal", sent_on=SENT, retrieved_on=retrieved, **given_days
        )

    assert on(None) is None
    assert on(SENT) == date(2027, 2, 2)
    # ten days after 1 February is 11 February, which is still in time
    assert on(date(2027, 2, 11)) == date(2027, 2, 12)
    assert on(date(2027, 2, 12)) is None
    assert on(date(2027, 2, 12), portal_days=11) == date(2027, 2, 13)
    with pytest.raises(ValueError, match="before it is there"):
        on(date(2027, 1, 31))


@pytest.mark.parametrize("channel", ["served", "handed_over"])
def test_served_is_notified(channel: str) -> None:
    saturday = date(2027, 2, 6)
    assert notices.deemed_notified_on(channel, sent_on=saturday, shift=True) == saturday


def test_an_unknown_channel_or_issuer_is_refused() -> None:
    with pytest.raises(ValueError, match="channel"):
        notices.deemed_notified_on("pigeon", sent_on=SENT)
    with pytest.raises(ValueError, match="issuing authority"):
        notices.remedy("club")


@pytest.mark.parametrize(
    ("issuer", "kind"),
    [("supreme_authority", "court_action"), ("subordinate_authority", "objection"),
     ("entrusted_agency", "objection")],
)  # fmt: skip
def test_remedies(issuer: str, kind: str) -> None:
    assert notices.remedy(issuer) == notices.Remedy(kind, months=1, years=0)
    assert notices.remedy(issuer, instructed=False) == notices.Remedy(kind, months=0, years=1)


@pytest.mark.parametrize(
    ("notified", "instructed", "ends"),
    [
        (date(2027, 2, 5), True, date(2027, 3, 5)),  # a Friday
        (date(2027, 1, 31), True, date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2027, 2, 5), False, date(2028, 2, 7)),  # 5 February 2028 is a Saturday
    ],
)
def test_remedy_periods(notified: date, instructed: bool, ends: date) -> None:
    assert notices.remedy_ends_on(notified, instructed=instructed) == ends
    assert notices.final_on(notified, instructed=instructed) == ends + DAY


def test_the_seat_of_the_authority_counts() -> None:
    # 8 February 2027 + 1 month: Monday 8 March, a holiday in Berlin
    assert notices.remedy_ends_on(date(2027, 2, 8)) == date(2027, 3, 9)
    assert notices.remedy_ends_on(date(2027, 2, 8), region="DE-NW") == date(2027, 3, 8)
    assert notices.final_on(date(2027, 2, 8), region="DE-NW") == date(2027, 3, 9)
    missing = notices.remedy_ends_on(date(2026, 3, 8), instructed=False, region="DE-BE")
    assert missing == date(2027, 3, 9)


def test_waiver() -> None:
    notified = date(2027, 2, 5)
    assert notices.final_on(notified, waived_on=notified) == notified
    assert notices.final_on(notified, waived_on=date(2027, 3, 5)) == date(2027, 3, 5)
    # the regular day is 6 March; a later waiver changes nothing
    assert notices.final_on(notified, waived_on=date(2027, 3, 7)) == date(2027, 3, 6)
    with pytest.raises(notices.WaiverTooEarly, match="2027-02-05"):
        notices.final_on(notified, waived_on=date(2027, 2, 4))


def test_every_day_of_ten_years_has_a_remedy_of_a_month_and_a_working_day() -> None:
    for offset in range(3653):
        day = date(2024, 1, 1) + DAY * offset
        ends = notices.remedy_ends_on(day)
        assert periods.is_working_day(ends, "DE-BE")
        assert 28 <= (ends - day).days <= 31 + 5
        assert notices.final_on(day) == ends + DAY


@given(days, st.integers(0, 60))
def test_a_waiver_never_delays(notified: date, after: int) -> None:
    waived = notices.final_on(notified, waived_on=notified + DAY * after)
    assert waived <= notices.final_on(notified)
    assert waived >= notified


@given(days, st.integers(0, 30))
def test_later_retrieval_is_never_notified_earlier(sent: date, after: int) -> None:
    found = notices.deemed_notified_on("own_portal", sent_on=sent, retrieved_on=sent + DAY * after)
    assert found == (sent + DAY * (after + 1) if after <= 10 else None)
