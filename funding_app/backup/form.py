"""How a backup looks on disk: the manifest, and a table's rows as lines of JSON."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Date, Table, Uuid
from sqlalchemy.types import TypeEngine

from funding_app.models import Base
from funding_app.models.types import Money, Tags, UtcDateTime

FORMAT = 1
MANIFEST = "manifest.json"


class BackupError(Exception):
    """A copy can not be made or put back; the text says why."""


def tables() -> list[Table]:
    """All tables, each after those it refers to."""
    return list(Base.metadata.sorted_tables)


def table_file(folder: Path, table: Table) -> Path:
    """Where a table's rows stand."""
    return folder / "tables" / f"{table.name}.jsonl"


def stored_file(folder: Path, sha256: str) -> Path:
    """Where a stored file's bytes stand."""
    return folder / "files" / sha256[:2] / sha256


def encoded(row: Sequence[Any]) -> bytes:
    """A row as a line of JSON: amounts and ids as text, times in ISO 8601, tags in order."""
    return json.dumps([_plain(value) for value in row]).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


DECODERS: Mapping[type[TypeEngine[Any]], Callable[[str], Any]] = {
    Money: Decimal,
    Uuid: uuid.UUID,
    Tags: frozenset,
    UtcDateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
}


def rows_of(file: Path, table: Table, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table's file, with the values that its columns take."""
    decoders = [(name, _decoder(table.c[name])) for name in columns]
    with file.open("rb") as lines:
        for line in lines:
            values = zip(decoders, json.loads(line), strict=True)
            yield {
                name: value if value is None else decode(value) for (name, decode), value in values
            }


def _decoder(column: Column[Any]) -> Callable[[Any], Any]:
    return DECODERS.get(type(column.type), _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value


def checksum(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
