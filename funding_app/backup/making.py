"""Making a backup while the portal runs.

One transaction reads everything: on SQLite a snapshot of the write-ahead log, on PostgreSQL one of
REPEATABLE READ, READ ONLY. Files come after the rows that name them; as a file never changes under
its hash, what was stored in between does no harm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from funding_app.adapters.storage import Storage
from funding_app.backup.form import (
    FORMAT,
    MANIFEST,
    BackupError,
    encoded,
    stored_file,
    table_file,
    tables,
)
from funding_app.models.database import Database
from funding_app.queries.files.in_use import named_hashes

BATCH = 2_000
Progress = Callable[[str], None]


@contextmanager
def _snapshot(database: Database) -> Iterator[Session]:
    if database.is_sqlite:
        with database.read() as session:
            yield session
        return
    engine = database.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    with Session(engine) as session:
        yield session


def make_backup(
    database: Database,
    storage: Storage,
    folder: Path,
    now: datetime,
    progress: Progress = lambda _what: None,
) -> dict[str, Any]:
    """Writes a copy into a folder that is not there yet; returns its manifest.

    `missing_files` of the manifest names stored files that are lost or damaged. Raises
    `BackupError`; a copy that was not finished has another name (`….partial`).
    """
    partial = _new_folder(folder)
    manifest: dict[str, Any] = {"format": FORMAT, "made_at": now.isoformat()}
    with _snapshot(database) as session:
        manifest |= _copy_database(session, partial, progress)
    progress("files")
    manifest["missing_files"] = _copy_files(storage, manifest["files"], partial)
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    partial.rename(folder)
    return manifest


def _new_folder(folder: Path) -> Path:
    """Where the copy grows until it is finished."""
    if folder.exists():
        raise BackupError(f"{folder} is there already; a backup goes into a folder of its own")
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        partial.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise BackupError(f"{partial} is left from a copy that was not finished") from None
    return partial


def _copy_database(session: Session, folder: Path, progress: Progress) -> dict[str, Any]:
    """All rows, and what the manifest says of them and of the files they name."""
    schema = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    copied = {table.name: _copy_rows(session, table, folder, progress) for table in tables()}
    return {"schema": schema, "tables": copied, "files": named_hashes(session)}


def _copy_rows(session: Session, table: Table, folder: Path, progress: Progress) -> dict[str, Any]:
    progress(table.name)
    file = table_file(folder, table)
    file.parent.mkdir(exist_ok=True)
    statement = select(table).order_by(*table.primary_key)
    count, hashed = 0, hashlib.sha256()
    with file.open("wb") as lines:
        for row in session.execute(statement, execution_options={"yield_per": BATCH}):
            line = encoded(row)
            lines.write(line)
            hashed.update(line)
            count += 1
    return {"columns": table.c.keys(), "rows": count, "sha256": hashed.hexdigest()}


def _copy_files(storage: Storage, hashes: list[str], folder: Path) -> list[str]:
    """Copies stored files; returns those that are lost or damaged."""
    missing = []
    for sha256 in hashes:
        try:
            content = storage.get(sha256)
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            missing.append(sha256)
            continue
        file = stored_file(folder, sha256)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return missing
