"""A deadline as a calendar file (RFC 5545), which every calendar reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

MORNING = timedelta(hours=9)
AHEAD = (7, 1)
"""How many days ahead the calendar reminds."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a calendar says of a deadline.

    `when` is the last day of a deadline that ends with it, or the instant at which it ends. `uid`
    stays the same for ever; a file with a higher `revision` takes the place of an earlier one.
    """

    uid: str
    when: date | datetime
    title: str
    text: str
    page: str
    language: str
    revision: int
    made_at: datetime


def calendar_file(deadline: Deadline) -> bytes:
    """The file. Instants are in UTC: a description of the zone would only make it longer."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - loaded where somebody asks for it

    is_instant = isinstance(deadline.when, datetime)
    when = deadline.when.astimezone(UTC) if isinstance(deadline.when, datetime) else deadline.when
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Funding//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event.add("uid", deadline.uid)
    event.add("dtstamp", deadline.made_at.astimezone(UTC))
    event.add("dtstart", when)
    event.add("sequence", deadline.revision)
    event.add("summary", deadline.title, parameters={"LANGUAGE": deadline.language})
    event.add("description", deadline.text, parameters={"LANGUAGE": deadline.language})
    event.add("url", deadline.page)
    event.add("transp", "TRANSPARENT")
    for days in AHEAD:
        event.add_component(_alarm(days, deadline.title, is_instant=is_instant))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _alarm(days: int, title: str, *, is_instant: bool) -> Any:
    """A reminder so many days ahead; of a whole day in the morning, as it begins at midnight."""
    from icalendar import Alarm  # noqa: PLC0415 - loaded where somebody asks for it

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -timedelta(days=days) + (timedelta(0) if is_instant else MORNING))
    return alarm
