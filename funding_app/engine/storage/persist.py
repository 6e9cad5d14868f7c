"""What one event writes: the link of the chain, the tasks, and the process's own row.

Other writers (of the file on SQLite, of the case on PostgreSQL) wait until they are written.
PostgreSQL gets all of them in one statement, because there each costs a round trip.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, insert, update
from sqlalchemy.orm import Session

from funding_app.engine.storage.prepared import Statement, Values
from funding_app.models import LogPayload, LogRecord, Process, Task

_record = cast(Table, LogRecord.__table__)
_words = cast(Table, LogPayload.__table__)
_process = cast(Table, Process.__table__)
_task = cast(Table, Task.__table__)

_RECORD = tuple(column.name for column in _record.columns if column.name != "id")
_WORDS = tuple(column.name for column in _words.columns)
_TASK = ("id", "process_id", "state", "role", "opened_at", "due_at")

_close = update(_task).where(_task.c.process_id == bindparam("of"), _task.c.done_at.is_(None))
_child = _process.alias("child")
_its = _process.c.id == bindparam("of")
_has_open_child = exists().where(_child.c.parent_id == bindparam("of"), ~_child.c.is_terminal)

insert_record = Statement(insert(_record).inline(), _RECORD)
insert_words = Statement(insert(_words).inline(), _WORDS)
insert_task = Statement(insert(_task).inline(), _TASK)
close_tasks = Statement(_close, ("done_at",))


@lru_cache(maxsize=256)
def change_process(*columns: str) -> Statement:
    """The change of these columns of the process `of`."""
    return Statement(update(_process).where(_its), columns)


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one event: `closes` says whether a task was open, `opens` is the next one."""

    process_id: uuid.UUID
    record: Values
    words: Values
    closes: bool
    opens: Values | None
    changes: Values

    def statements(self) -> Iterator[tuple[Statement, Values]]:
        """Each statement with its values, in the order of writing."""
        yield insert_record, self.record
        yield insert_words, self.words
        if self.closes:
            yield close_tasks, {"of": self.process_id, "done_at": self.record["at"]}
        if self.opens is not None:
            yield insert_task, self.opens
        yield change_process(*self.changes), {"of": self.process_id, **self.changes}

    def at_once(self) -> tuple[Statement, Values]:
        """All of it as one statement of PostgreSQL; answers whether a child has not ended."""
        statement = _together(tuple(self.changes), self.closes, self.opens is not None)
        values = {"of": self.process_id, "at": self.record["at"]}
        parts = (("r", self.record), ("w", self.words), ("p", self.changes), ("t", self.opens))
        for letter, part in parts:
            values |= {f"{letter}_{name}": value for name, value in (part or {}).items()}
        return statement, values


def _bound(table: Table, letter: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(f"{letter}_{name}", type_=table.c[name].type) for name in names}


@lru_cache(maxsize=256)
def _together(changes: tuple[str, ...], closes: bool, opens: bool) -> Statement:
    parts = [
        insert(_record).values(_bound(_record, "r", _RECORD)).cte("record"),
        insert(_words).values(_bound(_words, "w", _WORDS)).cte("words"),
    ]
    if closes:
        done = _close.values(done_at=bindparam("at", type_=_task.c.done_at.type))
        parts.append(done.cte("closed"))
    if opens:
        parts.append(insert(_task).values(_bound(_task, "t", _TASK)).cte("opened"))
    change = update(_process).where(_its).values(_bound(_process, "p", changes))
    change = change.returning(_has_open_child)
    return Statement(change.add_cte(*parts))


def write(session: Session, written: Written) -> bool:
    """Writes the rows of one event; `False` says that no child of the process is open.

    PostgreSQL tells it along the way and saves a round trip; SQLite would take longer to answer
    with the change than to be asked.
    """
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        statement, values = written.at_once()
        [[has_open_child]] = statement.run(session, values)
        return bool(has_open_child)
    for statement, values in written.statements():
        statement.run(session, values)
    return True


def write_on_sqlite(session: Session, gathered: Sequence[Written]) -> None:
    """Writes the rows of many events, statement by statement."""
    sorted_out: dict[Statement, list[Values]] = {}
    for written in gathered:
        for statement, values in written.statements():
            sorted_out.setdefault(statement, []).append(values)
    for statement, many in sorted_out.items():
        statement.run_all(session, many)
