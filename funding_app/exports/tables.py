"""CSV in two flavours, and JSON: rows in, bytes out, one after another."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from funding_app.exports.columns import Column, Value
from funding_app.exports.csv_injection import clean, neutral

Rows = Iterable[Sequence[Value]]
BYTES_PER_CHUNK = 64 * 1024
BERLIN = ZoneInfo("Europe/Berlin")
YES_NO = {"de": ("ja", "nein"), "en": ("yes", "no")}


def instant(at: datetime) -> str:
    """An instant in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def machine_cell(value: Value) -> str:
    """A value for programs: ISO dates, decimal points, true and false."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case str():
            return neutral(value)
        case _:
            return str(value)


def german_cell(value: Value) -> str:
    """A value for a German spreadsheet: DD.MM.YYYY, decimal commas, local time, ja and nein."""
    match value:
        case bool():
            return YES_NO["de"][0 if value else 1]
        case datetime():
            return value.astimezone(BERLIN).strftime("%d.%m.%Y %H:%M")
        case date():
            return value.strftime("%d.%m.%Y")
        case Decimal():
            return str(value).replace(".", ",")
        case _:
            return machine_cell(value)


def encoded(parts: Iterable[str], encoding: str = "utf-8") -> Iterator[bytes]:
    """Text in pieces of a good size; the first one tells the encoding where that has a mark."""
    gathered: list[str] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= BYTES_PER_CHUNK:
            yield "".join(gathered).encode(encoding)
            encoding, gathered, size = "utf-8", [], 0
    yield "".join(gathered).encode(encoding)


def _lines(
    head: Sequence[str], rows: Rows, separator: str, cell: Callable[[Value], str]
) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def machine_csv(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """CSV for programs: UTF-8, comma; the columns carry their names."""
    return encoded(_lines([column.name for column in columns], rows, ",", machine_cell))


def german_csv(columns: Sequence[Column], rows: Rows, language: str) -> Iterator[bytes]:
    """CSV that a German spreadsheet opens by a double click: byte order mark, semicolon."""
    head = [column.title[language] for column in columns]
    return encoded(_lines(head, rows, ";", german_cell), "utf-8-sig")


def json_value(value: Value) -> str | int | bool | None:
    """A value as JSON has it: amounts and numbers with places are text."""
    match value:
        case str():
            return clean(value)
        case bool() | int() | None:
            return value
        case _:
            return machine_cell(value)


def json_list(items: Iterable[object]) -> Iterator[str]:
    """A JSON array, one item a line."""
    separator = "[\n"
    for item in items:
        yield separator + json.dumps(item, ensure_ascii=False)
        separator = ",\n"
    yield "[]" if separator == "[\n" else "\n]"


def as_json(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """A JSON array of objects."""
    names = [column.name for column in columns]
    items = (dict(zip(names, (json_value(value) for value in row), strict=True)) for row in rows)
    return encoded(json_list(items))
