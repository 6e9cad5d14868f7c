"""The budget table: lines by year on each side; the income must cover the expenditure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forms.parsing import is_amount, is_date
from forms.schema import Field

NOTHING = Decimal(0)
LONGEST_PERIOD = 10


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums in euro: by year, by line, and over all."""

    by_year: Mapping[str, Decimal]
    by_line: Mapping[str, Decimal]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount as it stands in a table. `key` names its row: the line, and `~2` if repeated."""

    side: str
    key: str
    line: str
    year: str
    value: Any


def euro(value: Any) -> Decimal | None:
    """A canonical amount, `None` for text that is none."""
    return Decimal(value) if is_amount(value) else None


def rows(table: Any, side: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """The rows of a side as key, line and amounts by year; what has another shape is left out."""
    found = table.get(side) if isinstance(table, Mapping) else None
    seen: dict[str, int] = {}
    keyed = []
    for row in found if isinstance(found, list) else []:
        if isinstance(row, Mapping) and isinstance(row.get("years"), Mapping):
            line = str(row.get("line", ""))
            seen[line] = seen.get(line, 0) + 1
            key = line if seen[line] == 1 else f"{line}~{seen[line]}"
            keyed.append((key, line, row["years"]))
    return keyed


def cells(table: Any, side: str) -> Iterator[Cell]:
    """Every filled cell of a side."""
    for key, line, years in rows(table, side):
        for year, value in years.items():
            if value not in ("", None):
                yield Cell(side, key, line, str(year), value)


def totals(table: Any, side: str) -> Totals:
    """The sums of one side (`lines` or `income`); text that is no amount counts as nothing."""
    by_year: dict[str, Decimal] = {}
    by_line: dict[str, Decimal] = {}
    for cell in cells(table, side):
        amount = euro(cell.value) or NOTHING
        by_year[cell.year] = by_year.get(cell.year, NOTHING) + amount
        by_line[cell.line] = by_line.get(cell.line, NOTHING) + amount
    return Totals(by_year, by_line, sum(by_year.values(), NOTHING))


def budget_totals(field: Field, answers: Mapping[str, Any]) -> dict[str, Totals]:
    """The sums of every side of a table, by the side's id."""
    table = answers.get(field.id)
    return {side.id: totals(table, side.id) for side in field.columns}


def unbalanced_years(table: Any) -> list[str]:
    """The years in which expenditure and income differ."""
    spent, earned = totals(table, "lines").by_year, totals(table, "income").by_year
    years = sorted({*spent, *earned})
    return [year for year in years if spent.get(year, NOTHING) != earned.get(year, NOTHING)]


def years_of(answers: Mapping[str, Any]) -> list[str]:
    """The calendar years from `period_start` to `period_end`; none where they can not be read."""
    start, end = answers.get("period_start"), answers.get("period_end")
    if not (is_date(start) and is_date(end)) or str(end) < str(start):
        return []
    first, last = int(str(start)[:4]), int(str(end)[:4])
    return [str(year) for year in range(first, min(last, first + LONGEST_PERIOD - 1) + 1)]
