"""Periods and working days (§§ 187 to 193 BGB, § 31 VwVfG)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

import holidays

GERMAN_REGIONS = {
    "DE-BW": "Baden-Württemberg", "DE-BY": "Bayern", "DE-BY/catholic": "Bayern (Mariä Himmelfahrt)",
    "DE-BE": "Berlin", "DE-BB": "Brandenburg", "DE-HB": "Bremen", "DE-HH": "Hamburg",
    "DE-HE": "Hessen", "DE-MV": "Mecklenburg-Vorpommern", "DE-NI": "Niedersachsen",
    "DE-NW": "Nordrhein-Westfalen", "DE-RP": "Rheinland-Pfalz", "DE-SL": "Saarland",
    "DE-SN": "Sachsen", "DE-ST": "Sachsen-Anhalt", "DE-SH": "Schleswig-Holstein",
    "DE-TH": "Thüringen",
}  # fmt: skip
"""The regions (ISO 3166-2) in which an authority can have its seat."""
SATURDAY = 5
MONTHS_PER_YEAR = 12


@lru_cache(maxsize=64)
def _calendar(region: str) -> holidays.HolidayBase:
    place, _, categories = region.partition("/")
    country, _, subdivision = place.partition("-")
    wanted = ("public", *categories.split(",")) if categories else ("public",)
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None, categories=wanted)
    except (NotImplementedError, ValueError) as error:
        raise ValueError(f"there is no holiday calendar for the region '{region}'") from error


def is_working_day(day: date, region: str) -> bool:
    """Whether the day is neither Saturday, Sunday nor a public holiday of the ISO 3166-2 region.

    A region may carry holiday categories (`DE-BY/catholic`). Raises `ValueError` for an unknown
    region. Source: § 31 Abs. 3 VwVfG, § 193 BGB.
    """
    return day.weekday() < SATURDAY and day not in _calendar(region)


def next_working_day(day: date, region: str) -> date:
    """The day itself, or the next working day after it (§ 31 Abs. 3 VwVfG)."""
    while not is_working_day(day, region):
        day += timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """The same-numbered day so many months later, else that month's last (§ 188 Abs. 2, 3 BGB)."""
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def end_of_period(
    event: date,
    *,
    days: int = 0,
    weeks: int = 0,
    months: int = 0,
    years: int = 0,
    region: str = "DE-BE",
    shift: bool = True,
) -> date:
    """The last day of a period that an event on a day begins; the event's day is not counted.

    The end moves to the next working day unless `shift` is false. Raises `ValueError` unless
    exactly one positive unit is given. Source: § 187 Abs. 1, § 188 BGB, § 31 VwVfG.
    """
    given = [unit for unit in (days, weeks, months, years) if unit != 0]
    if len(given) != 1 or given[0] < 0:
        raise ValueError("exactly one positive unit makes a period")
    if months or years:
        end = add_months(event, months + MONTHS_PER_YEAR * years)
    else:
        end = event + timedelta(days=days, weeks=weeks)
    return next_working_day(end, region) if shift else end


def add_working_days(start: date, n: int, region: str) -> date:
    """The n-th working day after `start`, or before it for a negative `n`.

    Raises `ValueError` for 0 and for an unknown region.
    """
    if n == 0:
        raise ValueError("the number of working days is not 0")
    step = timedelta(days=1 if n > 0 else -1)
    day, left = start, abs(n)
    while left:
        day += step
        left -= is_working_day(day, region)
    return day
