"""Putting a backup back into an installation that has nothing yet: all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from funding_app import migrate
from funding_app.adapters.storage import Storage
from funding_app.backup.form import (
    FORMAT,
    MANIFEST,
    BackupError,
    checksum,
    rows_of,
    stored_file,
    table_file,
    tables,
)
from funding_app.models.database import Database

BATCH = 1_000
Row = Mapping[str, Any]
Progress = Callable[[str], None]


def restore_backup(
    database: Database,
    storage: Storage,
    folder: Path,
    progress: Progress = lambda _what: None,
) -> dict[str, Any]:
    """Puts a copy back; returns its manifest. Raises `BackupError` and then writes no row."""
    manifest = _manifest(folder)
    _demand_whole(folder, manifest)
    _demand_empty(database)
    migrate.upgrade(database.url)
    progress("files")
    _put_files(storage, folder, manifest)
    with database.write() as session:
        for table in tables():
            progress(table.name)
            _put_rows(session, table, folder, manifest["tables"][table.name]["columns"])
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} holds no finished backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{folder} has the format {manifest.get('format')}, known is {FORMAT}")
    if manifest["schema"] != migrate.newest():
        raise BackupError(
            f"the copy has schema {manifest['schema']}, this version needs {migrate.newest()}: "
            "restore it with the version that made it, then migrate"
        )
    return dict(manifest)


def _demand_whole(folder: Path, manifest: Row) -> None:
    """Every table and file is as it was written. Raises `BackupError`."""
    lost = set(manifest["missing_files"])
    for table in tables():
        file, known = table_file(folder, table), manifest["tables"].get(table.name)
        if known is None or not file.exists() or checksum(file) != known["sha256"]:
            raise BackupError(f"{file} is not as it was written")
    for sha256 in manifest["files"]:
        file = stored_file(folder, sha256)
        if sha256 not in lost and not (file.exists() and checksum(file) == sha256):
            raise BackupError(f"{file} is not as it was written")


def _demand_empty(database: Database) -> None:
    with database.read() as session:
        there = set(inspect(session.connection()).get_table_names())
        for table in tables():
            if (
                table.name in there
                and session.execute(select(1).select_from(table).limit(1)).first()
            ):
                raise BackupError("the database is not empty; a backup is put into an empty one")


def _put_files(storage: Storage, folder: Path, manifest: Row) -> None:
    for sha256 in set(manifest["files"]) - set(manifest["missing_files"]):
        storage.put(stored_file(folder, sha256).read_bytes())


def _put_rows(session: Session, table: Table, folder: Path, columns: list[str]) -> None:
    """Writes a table; references within it come last, as a row may come before its parent."""
    file = table_file(folder, table)
    inner = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    for batch in _batches(rows_of(file, table, columns)):
        session.execute(insert(table), [row | dict.fromkeys(inner) for row in batch])
    for name in inner:
        pointing = (row for row in rows_of(file, table, columns) if row[name] is not None)
        for batch in _batches(pointing):
            _point(session, table, name, batch)
    if session.get_bind().dialect.name == "postgresql":
        _continue_numbers(session, table)


def _point(session: Session, table: Table, name: str, batch: list[dict[str, Any]]) -> None:
    statement = update(table).where(table.c.id == bindparam("own")).values({name: bindparam("to")})
    session.connection().execute(statement, [{"own": row["id"], "to": row[name]} for row in batch])


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _continue_numbers(session: Session, table: Table) -> None:
    """PostgreSQL's own numbering goes on after the numbers that were put in."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = session.execute(
        text("SELECT pg_get_serial_sequence(:table, :column)"),
        {"table": table.name, "column": column.name},
    ).scalar()
    last = session.execute(select(func.max(column))).scalar()
    if sequence and last:
        session.execute(select(func.setval(sequence, last)))
