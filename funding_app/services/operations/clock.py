"""The local day on which something happens, for rules that count in days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def local_day(when: datetime) -> date:
    """The calendar day in Germany at an aware instant."""
    return when.astimezone(BERLIN).date()
