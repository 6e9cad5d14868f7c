"""The list of cases as an office clerk sees it: page by page, filtered, sorted and searched."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import event, func, select, text

from bench.measure import Figure, at_most, milliseconds
from bench.places import databases, machinery, tidy
from funding_app.access import Grant, Person
from funding_app.demo.bulk.load import load_bulk
from funding_app.models import Application, FundingShare, Process, Task, new_id
from funding_app.models.database import Database
from funding_app.queries.applications.cases import CaseFilter, encode_cursor, list_cases

SMALL = 1_000
TOLD = 5_000
SAMPLES = 9
LIMIT, LIMIT_OF_A_MILLION = 40.0, 80.0
CLERK = Person(new_id(), "Geschäftsstelle", "de", frozenset({Grant("office_clerk", None)}))
PAGES: Mapping[str, CaseFilter] = {
    "first page": CaseFilter(),
    "one state": CaseFilter(state="formal_check"),
    "one definition and state": CaseFilter(definition="grant_case", state="panel"),
    "sorted by limit": CaseFilter(sort="due"),
    "sorted by amount": CaseFilter(sort="amount"),
    "sorted by reference": CaseFilter(sort="reference"),
    "search for a word": CaseFilter(search="Moorschutz"),
    "search for a reference": CaseFilter(search="CC-2026-0012"),
    "search without a hit": CaseFilter(search="Quastenflosser"),
}


def measure(size: int) -> Iterator[Figure]:
    """Milliseconds for a page at a thousand cases and at `size`."""
    engine = machinery()
    for cases in dict.fromkeys((SMALL, size)):
        with databases() as found:
            for kind, database in found.items():
                load_bulk(database, engine, min(cases, TOLD), whole=False)
                multiply(database, cases)
                tidy(database)
                yield from _pages(kind, database, cases)


def _pages(kind: str, database: Database, cases: int) -> Iterator[Figure]:
    limit = LIMIT if cases <= 50_000 else LIMIT_OF_A_MILLION
    wanted = {**PAGES, "deep page": replace(PAGES["first page"], after=_deep(database))}
    for name, narrowed in wanted.items():
        with database.read() as session:
            call = partial(list_cases, session, CLERK, narrowed)
            taken = milliseconds(SAMPLES, call)
            bare = milliseconds(SAMPLES, _bare(session, narrowed))
            rows = len(call().rows)
        what = f"case list of {cases:,}, {name}, {kind}"
        ours, yardstick = statistics.median(taken), statistics.median(bare)
        yield at_most(what, "ms", ours, yardstick, limit, rows=rows, worst=taken[-1])


def _bare(session: Any, narrowed: CaseFilter) -> Callable[[], object]:
    """The yardstick: the list's own SQL, kept from one call and sent straight to the driver."""
    kept: list[tuple[str, Any]] = []
    engine = session.get_bind()

    def keep(_conn: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        kept.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    list_cases(session, CLERK, narrowed)
    event.remove(engine, "before_cursor_execute", keep)
    statement, values = kept[-1]
    cursor = session.connection().connection.cursor()

    def run() -> object:
        cursor.execute(statement, values)
        return cursor.fetchall()

    return run


def _deep(database: Database) -> str:
    """The cursor behind nine tenths of the list."""
    with database.read() as session:
        shown = select(Process.updated_at, Process.id).where(
            Process.is_root, Process.handed_in_at.is_not(None)
        )
        total = session.scalar(select(func.count()).select_from(shown.subquery())) or 0
        order = (Process.updated_at.desc(), Process.id.desc())
        row = session.execute(shown.order_by(*order).offset(total * 9 // 10).limit(1)).one()
    return encode_cursor(row.updated_at, row.id)


def multiply(database: Database, cases: int) -> None:
    """Copies the cases within the database, under new ids, until there are that many.

    The copies have what lists and exports read, and their open tasks: neither log nor children.
    """
    kind = "sqlite" if database.is_sqlite else "postgresql"
    fresh, earlier = FRESH[kind], EARLIER[kind]
    with database.write() as session:
        if database.is_sqlite:
            session.execute(text("PRAGMA cache_size = -1000000"))
        told = session.scalar(select(func.count()).select_from(Application)) or 0
        values = {"copies": -(-cases // told), "most": max(0, cases - told)}
        session.execute(text(COPIED.format(fresh=fresh)), values)
        changed = {
            "id": "c.fresh",
            "root_id": "c.fresh",
            "updated_at": earlier,
            "title": "t.title || ', Teil ' || c.number",
            "reference": "CASE t.reference WHEN '' THEN '' ELSE t.reference || c.number END",
        }
        for model, key, own in (
            (Process, "id", changed),
            (Application, "id", {"id": "c.fresh"}),
            (FundingShare, "application_id", {"application_id": "c.fresh"}),
            (Task, "process_id", {"id": "c.fresh", "process_id": "c.fresh"}),
        ):
            names = [column.name for column in model.__table__.columns]
            found = ", ".join(own.get(name, f"t.{name}") for name in names)
            session.execute(
                text(
                    f"INSERT INTO {model.__tablename__} ({', '.join(names)}) SELECT {found} "
                    f"FROM {model.__tablename__} t JOIN copied c ON c.told = t.{key}"
                )
            )
        session.execute(text("DROP TABLE copied"))


COPIED = (
    "CREATE TABLE copied AS WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL "
    "SELECT number + 1 FROM numbers WHERE number < :copies) "
    "SELECT p.id AS told, numbers.number AS number, {fresh} AS fresh "
    "FROM numbers CROSS JOIN process p WHERE p.is_root LIMIT :most"
)
FRESH = {
    "sqlite": "printf('019f%028x', row_number() OVER ())",
    "postgresql": "CAST('019f' || lpad(to_hex(row_number() OVER ()), 28, '0') AS uuid)",
}
"""Ids that ascend, as those by time do."""
EARLIER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', t.updated_at, (-37 * c.number) || ' minutes')",
    "postgresql": "t.updated_at - c.number * interval '37 minutes'",
}
"""Every copy was last changed a little earlier than the one before."""
