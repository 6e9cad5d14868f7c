"""When reports are due and money must be used (Nr. 1.4 and 6 ANBest-P)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from funding_app.rules.periods import add_months, end_of_period, next_working_day


def interim_due(
    year: int, *, period_end: date | None = None, months: int = 4, region: str = "DE-BE"
) -> date | None:
    """The last day for a budget year's interim report (Nr. 6.1 ANBest-P).

    `None` where the award period ends in that year or before, since the proof of use then follows.
    """
    if period_end is not None and period_end.year <= year:
        return None
    return end_of_period(date(year, 12, 31), months=months, region=region)


def proof_due(
    *,
    period_end: date,
    fulfilled_on: date | None = None,
    months: int = 6,
    region: str = "DE-BE",
) -> date:
    """The last day for the proof of use: so many months after fulfilment of the purpose.

    At the latest the last day of that month after the award period's. Source: Nr. 6 ANBest-P.
    """
    month = add_months(period_end.replace(day=1), months)
    due = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    if fulfilled_on is not None:
        due = min(due, add_months(fulfilled_on, months))
    return next_working_day(due, region)


def timely_use_by(paid_on: date, *, days: int = 42) -> date:
    """The last day on which money counts as used in time (Nr. 1.4 ANBest-P: six weeks)."""
    return paid_on + timedelta(days=days)
