"""The budget table: cost lines by year, and the income that must cover them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums in euro: by year, by line, and over all."""

    by_year: Mapping[str, Decimal]
    by_line: Mapping[str, Decimal]
    total: Decimal


def euro(value: Any) -> Decimal | None:
    """A canonical amount, `None` for text that is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 and found == round(found, 2) else None


def _rows(table: Any, side: str) -> list[Mapping[str, Any]]:
    rows = table.get(side) if isinstance(table, Mapping) else None
    return [row for row in rows or [] if isinstance(row, Mapping)]


def totals(table: Any, side: str) -> Totals:
    """The sums of one side (`lines` or `income`); text that is no amount counts as nothing."""
    by_year: dict[str, Decimal] = {}
    by_line: dict[str, Decimal] = {}
    for row in _rows(table, side):
        for year, value in dict(row.get("years") or {}).items():
            amount = euro(value) or Decimal(0)
            by_year[year] = by_year.get(year, Decimal(0)) + amount
            line = str(row.get("line"))
            by_line[line] = by_line.get(line, Decimal(0)) + amount
    return Totals(by_year, by_line, sum(by_year.values(), Decimal(0)))


def unbalanced_years(table: Any) -> list[str]:
    """The years in which expenditure and income differ."""
    spent, earned = totals(table, "lines").by_year, totals(table, "income").by_year
    years = sorted({*spent, *earned})
    return [year for year in years if spent.get(year, 0) != earned.get(year, 0)]


def unreadable(table: Any) -> list[str]:
    """The cells whose text is no amount, as `line year`."""
    cells: Iterable[tuple[Any, str, Any]] = (
        (row.get("line"), year, value)
        for side in ("lines", "income")
        for row in _rows(table, side)
        for year, value in dict(row.get("years") or {}).items()
    )
    return [f"{line} {year}" for line, year, value in cells if euro(value) is None]
