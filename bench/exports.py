"""Exports of a hundred thousand cases: rows a second and memory, against the bare libraries."""

from __future__ import annotations

import csv
import io
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter
from sqlalchemy import event

from bench.case_list import TOLD, multiply
from bench.measure import Figure, at_least, at_most
from bench.places import databases, machinery, tidy
from funding_app.demo.bulk.load import load_bulk
from funding_app.exports import export
from funding_app.models.database import Database

CASES = 111_000
MARKS = {"csv": 0.20, "xlsx": 0.50}
MOST_MEMORY = 64.0
CHUNK = 500
Asked: TypeAlias = tuple[str, Any]


def measure(size: int) -> Iterator[Figure]:
    """Each format on each database; every export runs in a process of its own."""
    cases = max(size, CASES)  # some are drafts, which no export holds
    with databases() as found:
        for kind, database in found.items():
            load_bulk(database, machinery(), TOLD, whole=False)
            multiply(database, cases)
            tidy(database)
            for format, share in MARKS.items():
                yield from _compare(kind, database, format, share)


def _compare(kind: str, database: Database, format: str, share: float) -> Iterator[Figure]:
    asked = _statement(database)
    bare = _apart(YARDSTICKS[format], database.url, asked)
    rows = bare["rows"]
    ours = _apart(_export, database.url, (format, rows))
    what = f"{format} of {rows:,} applications, {kind}"
    rates = [rows / each["seconds"] for each in (ours, bare)]
    yield at_least(what, "rows per second", rates[0], rates[1], share, **ours)
    grown, theirs = ours["memory"], bare["memory"]
    yield at_most(f"{what}: memory on top", "MiB", grown, theirs, MOST_MEMORY, **ours)


def _statement(database: Database) -> Asked:
    """The statement that reads the cases of the export, with its values."""
    seen: list[Asked] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        seen.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        next(iter(export(session, "applications", format="csv", person=None).chunks))
    event.remove(database.engine, "before_cursor_execute", note)
    return next(asked for asked in seen if "organisation" in asked[0])


def _apart(work: Callable[[str, Any], int], url: str, argument: Any) -> dict[str, Any]:
    """Does the work in a fresh process: rows, seconds, and memory on top of the start's (MiB)."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_observed, (work, url, argument))


def _observed(work: Callable[[str, Any], int], url: str, argument: Any) -> dict[str, Any]:
    before = _start_of_peak()
    begun = time.perf_counter()
    rows = work(url, argument)
    seconds = time.perf_counter() - begun
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "memory": round(_memory("VmHWM") - before, 1),
    }


def _start_of_peak() -> float:
    """Forgets the peak so far, which a process inherits from its parent; what is used now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    """A figure of Linux on this process's memory, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    found = next(line for line in lines if line.startswith(f"{name}:"))
    return int(found.split()[1]) / 1024


def _export(url: str, wanted: tuple[str, int]) -> int:
    """Our export, thrown away chunk by chunk; at least a byte a row has to come."""
    format, rows = wanted
    database = Database(url)
    with database.read() as session:
        made = export(session, "applications", format=format, person=None)
        size = sum(len(chunk) for chunk in made.chunks)
    database.dispose()
    assert size > rows
    return rows


def _rows(url: str, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """The same rows straight from the driver, a chunk at a time."""
    database = Database(url)
    with database.engine.connect() as connection:
        streamed = connection.execution_options(stream_results=True, yield_per=CHUNK)
        for rows in streamed.exec_driver_sql(*asked).partitions(CHUNK):
            yield from map(tuple, rows)
    database.dispose()


def _bare_csv(url: str, asked: Asked) -> int:
    """The csv module over the driver's rows."""
    count = 0
    for row in _rows(url, asked):
        line = io.StringIO()
        csv.writer(line).writerow(row)
        count += bool(line.getvalue().encode())
    return count


def _bare_xlsx(url: str, asked: Asked) -> int:
    """XlsxWriter in constant memory over the driver's rows, all as text."""
    rows = 0
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(Path(folder) / "bare.xlsx", {"constant_memory": True})
        sheet = book.add_worksheet()
        for rows, row in enumerate(_rows(url, asked), start=1):
            for place, value in enumerate(row):
                sheet.write_string(rows, place, "" if value is None else str(value))
        book.close()
    return rows


YARDSTICKS: Mapping[str, Callable[[str, Asked], int]] = {"csv": _bare_csv, "xlsx": _bare_xlsx}
