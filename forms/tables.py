"""The check of tables and repeated rows, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from forms.budget import NOTHING, Cell, cells, rows, totals, unbalanced_years
from forms.messages import message
from forms.parsing import display, is_amount
from forms.schema import Field, is_empty

Errors = dict[str, list[str]]
SHOWN_LINE = 40

CheckRow = Callable[[Iterable[Field], Mapping[str, Any]], Errors]


def _is_side(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, Mapping) and isinstance(row.get("years"), Mapping) for row in value
    )


def _has_shape(field: Field, table: Any) -> bool:
    known = {side.id for side in field.columns}
    return isinstance(table, Mapping) and set(table) <= known and all(map(_is_side, table.values()))


def _cell_problem(cell: Cell, years: Sequence[str], language: str) -> str | None:
    if not is_amount(cell.value):
        return message("money", language)
    if years and cell.year not in years:
        return message("year", language, year=cell.year)
    return None


def _cell_errors(field: Field, table: Any, years: Sequence[str], language: str) -> Errors:
    found = {
        f"{field.id}-{cell.side}-{cell.key}-{cell.year}": _cell_problem(cell, years, language)
        for side in field.columns
        for cell in cells(table, side.id)
    }
    return {key: [text] for key, text in found.items() if text}


def _line_errors(side: Field, table: Any, language: str) -> list[str]:
    known = {choice.value for choice in side.choices}
    errors = []
    for key, line, _years in rows(table, side.id):
        if line not in known:
            errors.append(message("line", language, line=line[:SHOWN_LINE]))
        elif key != line:
            errors.append(message("line_twice", language, line=line[:SHOWN_LINE]))
    return errors


def _balance_errors(table: Any, language: str) -> list[str]:
    spent, earned = totals(table, "lines").by_year, totals(table, "income").by_year
    return [
        message(
            "balance",
            language,
            year=year,
            spent=display(f"{spent.get(year, NOTHING):.2f}", "money", language),
            earned=display(f"{earned.get(year, NOTHING):.2f}", "money", language),
        )
        for year in unbalanced_years(table)
    ]


def _sum_errors(field: Field, table: Any, language: str) -> list[str]:
    first = field.columns[0]
    if field.required and totals(table, first.id).total == NOTHING:
        return [message("no_amounts", language, side=first.label[language])]
    return _balance_errors(table, language) if field.balanced else []


def table_errors(
    field: Field, table: Any, years: Sequence[str], language: str, *, complete: bool
) -> Errors:
    """Errors of a table: cells that are no amounts, unknown lines, sums that do not agree."""
    if is_empty(table):
        table = {}
    if not _has_shape(field, table):
        return {field.id: [message("rows", language)]}
    errors = _cell_errors(field, table, years, language)
    texts = [text for side in field.columns for text in _line_errors(side, table, language)]
    if complete and not errors and not texts:
        texts = _sum_errors(field, table, language)
    return {field.id: texts, **errors} if texts else errors


def _are_rows(field: Field, value: Any) -> bool:
    known = {column.id for column in field.columns}
    return isinstance(value, list) and all(
        isinstance(row, Mapping) and set(row) <= known for row in value
    )


def _is_filled(row: Mapping[str, Any]) -> bool:
    return not all(map(is_empty, row.values()))


def _count_error(field: Field, count: int, language: str, complete: bool) -> list[str]:
    least = field.min if field.min is not None else int(field.required)
    if field.max is not None and count > field.max:
        return [message("too_many_rows", language, most=field.max, count=count)]
    if complete and count < least:
        return [message("too_few_rows", language, least=least)]
    return []


def row_errors(
    field: Field, value: Any, language: str, check_row: CheckRow, *, complete: bool
) -> Errors:
    """Errors of repeated rows; empty rows do not count."""
    given = [] if is_empty(value) else value
    if not _are_rows(field, given):
        return {field.id: [message("rows", language)]}
    filled = [(at, row) for at, row in enumerate(given) if _is_filled(row)]
    texts = _count_error(field, len(filled), language, complete)
    errors: Errors = {field.id: texts} if texts else {}
    for at, row in filled:
        for column, found in check_row(field.columns, row).items():
            errors[f"{field.id}-{at}-{column}"] = found
    return errors
