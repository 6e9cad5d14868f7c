"""Cut-offs: when a deadline in local time is over, as an exact instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from funding_app.rules.periods import next_working_day


class AmbiguousLocalTime(ValueError):
    """A local time that daylight saving skips or repeats."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """The instant (aware, UTC) at which a deadline ends; inclusive where it still counts."""

    instant: datetime
    inclusive: bool


def _instant(local: datetime, zone: str) -> datetime:
    early = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    late = early.replace(fold=1)
    if early.utcoffset() != late.utcoffset():
        raise AmbiguousLocalTime(f"{local} is skipped or repeated in {zone}")
    return early.astimezone(UTC)


def cut_off(
    when: date | datetime,
    *,
    zone: str = "Europe/Berlin",
    roll_forward: bool = False,
    region: str = "DE-BE",
) -> CutOff:
    """The cut-off of a day (until the following local midnight) or of a naive local time.

    Raises `AmbiguousLocalTime` in a gap or overlap of daylight saving, and `ValueError` for an
    aware time or a time that is to roll forward. Source: § 31 VwVfG, § 188 Abs. 1 BGB.
    """
    if isinstance(when, datetime):
        if when.tzinfo is not None:
            raise ValueError("a deadline is given in local time, without a zone")
        if roll_forward:
            raise ValueError("only a whole day rolls forward")
        return CutOff(_instant(when, zone), inclusive=True)
    day = next_working_day(when, region) if roll_forward else when
    midnight = datetime.combine(day + timedelta(days=1), time())
    return CutOff(_instant(midnight, zone), inclusive=False)


def is_timely(received_at: datetime, cut_off: CutOff) -> bool:
    """Whether the complete submission was on the server in time, exact to the microsecond.

    Raises `ValueError` for a time without a zone.
    """
    if received_at.tzinfo is None:
        raise ValueError("the time of receipt needs a zone")
    if cut_off.inclusive:
        return received_at <= cut_off.instant
    return received_at < cut_off.instant
