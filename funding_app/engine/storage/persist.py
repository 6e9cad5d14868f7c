"""What one event writes: the link of the chain, the tasks, and the process's own row.

Other writers (of the file on SQLite, of the case on PostgreSQL) wait until they are written.
SQLite takes prepared statements straight on the driver; PostgreSQL gets all of them in one,
because there each costs a round trip.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Executable, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from funding_app.models import LogPayload, LogRecord, Process, Task

_record = cast(Table, LogRecord.__table__)
_words = cast(Table, LogPayload.__table__)
_process = cast(Table, Process.__table__)
_task = cast(Table, Task.__table__)

insert_record, insert_words, insert_task = insert(_record), insert(_words), insert(_task)
close_tasks = update(_task).where(_task.c.process_id == bindparam("of"), _task.c.done_at.is_(None))
change_process = update(_process).where(_process.c.id == bindparam("of"))

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one event: `closes` says whether a task was open, `opens` is the next one."""

    process_id: uuid.UUID
    record: Values
    words: Values
    closes: bool
    opens: Values | None
    changes: Values

    def statements(self) -> Iterator[tuple[Insert | Update, dict[str, Any]]]:
        """Each statement with its values, in the order of writing."""
        yield insert_record, dict(self.record)
        yield insert_words, dict(self.words)
        if self.closes:
            yield close_tasks, {"of": self.process_id, "done_at": self.record["at"]}
        if self.opens is not None:
            yield insert_task, dict(self.opens)
        yield change_process, {"of": self.process_id, **self.changes}

    def at_once(self) -> tuple[Executable, dict[str, Any]]:
        """All of it as one statement of PostgreSQL."""
        statement = _together(tuple(self.changes), self.closes, self.opens is not None)
        values = {"of": self.process_id, "at": self.record["at"]}
        parts = (("r", self.record), ("w", self.words), ("p", self.changes), ("t", self.opens))
        for letter, part in parts:
            values |= {f"{letter}_{name}": value for name, value in (part or {}).items()}
        return statement, values


def _bound(table: Table, letter: str, names: Iterator[str] | tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(f"{letter}_{name}", type_=table.c[name].type) for name in names}


_RECORD = tuple(column.name for column in _record.columns if column.name != "id")
_WORDS = tuple(column.name for column in _words.columns)
_TASK = ("id", "process_id", "state", "role", "opened_at", "due_at")


@lru_cache(maxsize=256)
def _together(changes: tuple[str, ...], closes: bool, opens: bool) -> Update:
    parts = [
        insert_record.values(_bound(_record, "r", _RECORD)).cte("record"),
        insert_words.values(_bound(_words, "w", _WORDS)).cte("words"),
    ]
    if closes:
        done = close_tasks.values(done_at=bindparam("at", type_=_task.c.done_at.type))
        parts.append(done.cte("closed"))
    if opens:
        parts.append(insert_task.values(_bound(_task, "t", _TASK)).cte("opened"))
    return change_process.values(_bound(_process, "p", changes)).add_cte(*parts)


class Prepared:
    """A statement compiled once for SQLite, with what turns its values into the driver's."""

    def __init__(self, statement: Insert | Update, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=_SQLITE, column_keys=list(names))
        self._text = str(compiled)
        self._binders = [
            (name, _binder(compiled.binds[name].type)) for name in compiled.positiontup or ()
        ]

    def run(self, driver: sqlite3.Connection, values: Values) -> None:
        """Executes the statement straight on the driver."""
        driver.execute(self._text, self._bound(values))

    def run_all(self, driver: sqlite3.Connection, many: Iterable[Values]) -> None:
        """Executes the statement for each of the values."""
        driver.executemany(self._text, (self._bound(values) for values in many))

    def _bound(self, values: Values) -> list[Any]:
        return [
            values[name] if binder is None else binder(values[name])
            for name, binder in self._binders
        ]


_SQLITE = sqlite.dialect(paramstyle="qmark")


def _binder(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    return kind.dialect_impl(_SQLITE).bind_processor(_SQLITE)


_prepared: dict[tuple[int, tuple[str, ...]], Prepared] = {}


def _prepare(statement: Insert | Update, values: Values) -> Prepared:
    place = (id(statement), tuple(values))
    if place not in _prepared:
        _prepared[place] = Prepared(statement, tuple(name for name in values if name != "of"))
    return _prepared[place]


def write(session: Session, written: Written) -> None:
    """Writes the rows of one event."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(*written.at_once())
        return
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    for statement, values in written.statements():
        _prepare(statement, values).run(driver, values)


def write_on_sqlite(driver: sqlite3.Connection, gathered: Sequence[Written]) -> None:
    """Writes the rows of many events, statement by statement."""
    sorted_out: dict[tuple[int, tuple[str, ...]], list[dict[str, Any]]] = {}
    for written in gathered:
        for statement, values in written.statements():
            _prepare(statement, values)
            sorted_out.setdefault((id(statement), tuple(values)), []).append(values)
    for place, many in sorted_out.items():
        _prepared[place].run_all(driver, many)
