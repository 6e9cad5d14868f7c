"""XLSX through a temporary file: one row in memory at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from funding_app.exports.columns import Column, Kind, Value
from funding_app.exports.csv_injection import cell_text
from funding_app.exports.tables import BERLIN, BYTES_PER_CHUNK, YES_NO, Rows

ROWS_PER_SHEET = 1_048_575  # and one for the head
DATES = {"de": "dd.mm.yyyy", "en": "yyyy-mm-dd"}


def _formats(book: Any, language: str) -> dict[Kind, Any]:
    day = DATES[language]
    patterns = {
        Kind.TEXT: "@",
        Kind.YES_NO: "@",
        Kind.MONEY: "#,##0.00",
        Kind.NUMBER: "0.00",
        Kind.COUNT: "#,##0",
        Kind.YEAR: "0",
        Kind.DATE: day,
        Kind.INSTANT: f"{day} hh:mm",
    }
    return {
        kind: book.add_format({"num_format": pattern, "valign": "top"})
        for kind, pattern in patterns.items()
    }


def _write(sheet: Any, row: int, place: int, value: Value, style: Any, language: str) -> None:
    """One cell of the right type; local time, as a spreadsheet knows no zones."""
    match value:
        case None:
            pass
        case bool():
            sheet.write_string(row, place, YES_NO[language][0 if value else 1], style)
        case int() | Decimal():
            sheet.write_number(row, place, float(value), style)
        case datetime():
            local = value.astimezone(BERLIN).replace(tzinfo=None)
            sheet.write_datetime(row, place, local, style)
        case date():
            sheet.write_datetime(row, place, value, style)
        case _:
            sheet.write_string(row, place, cell_text(value), style)


def _sheet(book: Any, name: str, columns: Sequence[Column], language: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.title[language], head)
    return sheet


def _fill(sheet: Any, columns: Sequence[Column], rows: Rows, styles: Any, language: str) -> None:
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, last, place, value, styles[column.kind], language)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _in_sheets(rows: Rows) -> Iterator[Iterable[Sequence[Value]]]:
    """The rows by sheet; at least one sheet, empty where there are none."""
    left = iter(rows)
    yield islice(left, ROWS_PER_SHEET)
    for first in left:
        yield chain([first], islice(left, ROWS_PER_SHEET - 1))


def _save(path: Path, title: str, columns: Sequence[Column], rows: Rows, language: str) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title})
        styles = _formats(book, language)
        for number, part in enumerate(_in_sheets(rows), start=1):
            name = title[:31] if number == 1 else f"{title[:26]} {number}"
            _fill(_sheet(book, name, columns, language), columns, part, styles, language)


def workbook(title: str, columns: Sequence[Column], rows: Rows, language: str) -> Iterator[bytes]:
    """An XLSX file with a frozen head, a filter, and values of their own type.

    More rows than a sheet holds go on in the next one.
    """
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "export.xlsx"
        _save(path, title, columns, rows, language)
        with path.open("rb") as file:
            while piece := file.read(BYTES_PER_CHUNK):
                yield piece
