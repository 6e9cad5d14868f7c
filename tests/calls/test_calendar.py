"""The deadline of a call as a calendar reads it, and as its page says it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from icalendar import Calendar
from sqlalchemy import update

from funding_app.demo.runner import Story
from funding_app.models import Call

JOINT = "cc-gemeinsam-2026"


def event_of(app: Flask, query: str = "") -> Any:
    answer = app.test_client().get(f"/calls/{JOINT}/deadline.ics{query}")
    assert answer.mimetype == "text/calendar"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    return event


def set_deadline(story: Story, at: datetime, inclusive: bool) -> None:
    with story.database.write() as session:
        changed = update(Call).where(Call.ref == JOINT)
        session.execute(
            changed.values(closes_at=at, closes_inclusive=inclusive, version=Call.version + 1)
        )


def test_a_deadline_is_a_day_or_an_instant_and_stays_the_same_event(
    app: Flask, story: Story
) -> None:
    whole = event_of(app)
    assert whole.decoded("dtstart") == date(2027, 3, 31)  # until 22:00 UTC, midnight in Berlin
    alarms = [alarm.decoded("trigger") for alarm in whole.walk("VALARM")]
    assert alarms == [timedelta(days=-7, hours=9), timedelta(days=-1, hours=9)]
    assert "31. März 2027, 23:59 Uhr (Mitteleuropäische Sommerzeit)" in whole["description"]
    assert "bis Mitternacht am Ende dieses Tages" in whole["description"]
    assert whole["url"].endswith(f"/calls/{JOINT}")

    set_deadline(story, datetime(2027, 1, 15, 11, 0, tzinfo=UTC), inclusive=True)
    noon = event_of(app, "?lang=en")
    assert noon.decoded("dtstart") == datetime(2027, 1, 15, 11, 0, tzinfo=UTC)
    assert "15 January 2027, 12:00 (Central European Standard Time)" in noon["description"]
    assert "by this point of time" in noon["description"]
    assert noon["uid"] == whole["uid"] and noon["sequence"] > whole["sequence"]
    assert [alarm.decoded("trigger").days for alarm in noon.walk("VALARM")] == [-7, -1]

    page = app.test_client().get(f"/calls/{JOINT}").text
    assert "15. Januar 2027, 12:00 Uhr (Mitteleuropäische Normalzeit)" in page
    assert "UTC): 2027-01-15 11:00" in page and f"/calls/{JOINT}/deadline.ics" in page
    rolling = app.test_client().get("/calls/cc-mikro-2026/deadline.ics")
    assert rolling.status_code == 404
