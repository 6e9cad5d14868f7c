"""De minimis aid under Regulation (EU) 2023/2831."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from funding_app.rules.money import from_cents, in_cents
from funding_app.rules.periods import MONTHS_PER_YEAR, add_months, add_working_days


@dataclass(frozen=True, slots=True)
class DeMinimis:
    """Whether new aid is allowed, what is used of the ceiling, and the most still possible."""

    allowed: bool
    used: Decimal
    maximum: Decimal


def de_minimis(
    previous: Iterable[tuple[date, int | Decimal]],
    *,
    granted_on: date,
    amount: int | Decimal,
    ceiling: int | Decimal = Decimal("300000.00"),
    years: int = 3,
) -> DeMinimis:
    """Checks new aid in euro against the ceiling of a single undertaking (Art. 3).

    `previous` are date and amount of all its aid; those within the `years` up to `granted_on`
    count, the first day of the window excluded. Above the ceiling the whole new aid is refused.
    Raises `MoneyError` for amounts that are none.
    """
    after = add_months(granted_on, -MONTHS_PER_YEAR * years)
    used = sum(in_cents(value) for day, value in previous if after < day <= granted_on)
    limit = in_cents(ceiling)
    return DeMinimis(
        allowed=used + in_cents(amount) <= limit,
        used=from_cents(used),
        maximum=from_cents(max(0, limit - used)),
    )


def register_due(granted_on: date, *, working_days: int = 20, region: str = "DE-BE") -> date:
    """The last day for the entry in the central register (Art. 6 Abs. 1)."""
    return add_working_days(granted_on, working_days, region)
