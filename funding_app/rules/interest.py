"""Interest on sums to be reimbursed (§ 49a Abs. 3 and 4 VwVfG, § 247 BGB)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from funding_app.rules.money import in_cents, rounded

CONVENTIONS = ("act/act", "act/365")
DAY = timedelta(days=1)
JULY = 7


class BaseRateMissing(ValueError):
    """A half-year for which no base rate is known."""


def _half_year(day: date) -> date:
    return date(day.year, 1 if day.month < JULY else JULY, 1)


def _next_half_year(day: date) -> date:
    return date(day.year, JULY, 1) if day.month < JULY else date(day.year + 1, 1, 1)


def _days_in_year(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _segments(first: date, after: date, cuts: Iterable[date]) -> Iterator[tuple[date, int]]:
    """Stretches of days within one half-year and with one balance: first day and length."""
    changes = sorted(cut for cut in set(cuts) if first < cut < after)
    while first < after:
        stop = min([_next_half_year(first), after, *(cut for cut in changes if cut > first)])
        yield first, (stop - first).days
        first = stop


def interest(
    principal: int | Decimal,
    *,
    start: date,
    end: date,
    base_rates: Mapping[date, int | Decimal],
    points: int | Decimal = Decimal("5"),
    convention: str = "act/act",
    payments: Iterable[tuple[date, int | Decimal]] = (),
) -> Decimal:
    """Simple interest in euro from the day after `start` to `end`, rounded once.

    `base_rates` maps each half-year's first day to percent a year, to which `points` percentage
    points are added; `payments` reduce the principal from the day after they arrive. Raises
    `BaseRateMissing` for a half-year that bears interest and has no rate, `MoneyError` for amounts
    that are none, `ValueError` for an unknown convention.
    """
    if convention not in CONVENTIONS:
        raise ValueError(f"'{convention}' is no convention of counting days")
    owed = in_cents(principal)
    arrived = [(day, in_cents(value)) for day, value in payments]
    total = Fraction(0)
    for first, days in _segments(start + DAY, end + DAY, [day + DAY for day, _ in arrived]):
        balance = max(0, owed - sum(cents for day, cents in arrived if day < first))
        if balance:
            year = 365 if convention == "act/365" else _days_in_year(first.year)
            total += balance * _rate(base_rates, first, points) * Fraction(days, year)
    return rounded(total / 100)


def _rate(base_rates: Mapping[date, int | Decimal], day: date, points: int | Decimal) -> Fraction:
    half_year = _half_year(day)
    if half_year not in base_rates:
        raise BaseRateMissing(f"there is no base rate for the half-year from {half_year}")
    return (Fraction(base_rates[half_year]) + Fraction(points)) / 100
