"""Databases to measure on: a SQLite file, and a PostgreSQL cluster of our own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

import workflows
from funding_app import migrate
from funding_app.engine import Machinery
from funding_app.models.database import Database
from funding_app.services import machinery_for
from tests.support.servers import postgresql

KINDS = ("sqlite", "postgresql")


@contextmanager
def databases(kinds: tuple[str, ...] = KINDS) -> Iterator[dict[str, Database]]:
    """An empty, migrated database of each kind, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="funding-bench-") as folder:
        if "postgresql" not in kinds:
            yield from _opened({"sqlite": _file(folder)})
            return
        with postgresql() as server:
            urls = {"sqlite": _file(folder), "postgresql": f"{server}/postgres"}
            yield from _opened({kind: urls[kind] for kind in kinds})


def _file(folder: str) -> str:
    return f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


def _opened(urls: dict[str, str]) -> Iterator[dict[str, Database]]:
    found = {}
    for kind, url in urls.items():
        migrate.upgrade(url)
        found[kind] = Database(url)
    try:
        yield found
    finally:
        for database in found.values():
            database.dispose()


def machinery() -> Machinery:
    """The engine over the shipped definitions."""
    return machinery_for(workflows.load())


def versions(found: dict[str, Database]) -> dict[str, str]:
    """The databases' own versions."""
    asked = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
    answers = {}
    for kind, database in found.items():
        with database.read() as session:
            answers[kind] = str(session.scalar(text(asked[kind])))
    return answers


def tidy(database: Database) -> None:
    """Gives PostgreSQL's planner its statistics, as autovacuum does in a running installation."""
    if database.is_sqlite:
        return
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
