"""Statements of every event: compiled once for each database, and run straight on its driver.

SQLAlchemy writes their text and turns their values; what it does beside that for each execution
takes longer than the statement itself. The transaction stays the session's. Nothing here flushes:
who reads what the session may still hold back flushes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update, Uuid
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from funding_app.models.types import UtcDateTime

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]
Core = Select[Any] | Insert | Update

MOST_KEPT = 1024


class Text:
    """The statement in the words of one database, and how its values go in and come out."""

    def __init__(self, core: Core, names: Iterable[str] | None, dialect: Dialect) -> None:
        compiled = core.compile(dialect=dialect, column_keys=None if names is None else [*names])
        assert isinstance(compiled, SQLCompiler)
        assert not (compiled.insert_prefetch or compiled.update_prefetch), "give every value"
        self.text = compiled.string
        self.is_positional = compiled.positional
        self._binders = [
            (name, _kept(kind, kind.dialect_impl(dialect).bind_processor(dialect)))
            for name, kind in _parameters(compiled)
        ]
        kinds = [column.type for column in core.exported_columns]
        self.gives_rows = bool(kinds)
        self._readers = [
            (place, convert)
            for place, kind in enumerate(kinds)
            if (convert := _kept(kind, kind.dialect_impl(dialect).result_processor(dialect, None)))
        ]

    def bound(self, values: Values) -> Any:
        """The values as the driver wants them."""
        found = [
            values[name] if convert is None else convert(values[name])
            for name, convert in self._binders
        ]
        if self.is_positional:
            return found
        return dict(zip((name for name, _convert in self._binders), found, strict=True))

    def read(self, row: Sequence[Any]) -> list[Any]:
        """A row as Python knows its values."""
        found = list(row)
        for place, convert in self._readers:
            found[place] = convert(found[place])
        return found


def _kept(kind: TypeEngine[Any], convert: Convert | None) -> Convert | None:
    """The conversion, which remembers instants and ids: each is met several times in an event."""
    if convert is None or not isinstance(kind, UtcDateTime | Uuid):
        return convert
    return lru_cache(maxsize=MOST_KEPT)(convert)


def _parameters(compiled: SQLCompiler) -> list[tuple[str, TypeEngine[Any]]]:
    names = compiled.positiontup if compiled.positional else compiled.binds
    return [(name, compiled.binds[name].type) for name in names or ()]


class Statement:
    """A statement of the engine. `names` are the columns that an INSERT or UPDATE sets."""

    def __init__(self, core: Core, names: Iterable[str] | None = None) -> None:
        self._core, self._names = core, names
        self._texts: dict[str, Text] = {}

    def run(self, session: Session, values: Values) -> list[list[Any]]:
        """Executes it within the session's transaction; returns what it answers.

        Raises `sqlalchemy.exc.DBAPIError`, as every statement does.
        """
        connection = connection_of(session)
        said = self._in(connection.dialect)
        bound = said.bound(values)
        try:
            cursor = _cursor(connection)
            cursor.execute(said.text, bound)
            rows = cursor.fetchall() if said.gives_rows else ()
        except connection.dialect.loaded_dbapi.Error as error:
            raise _translated(connection, said, error) from error
        return [said.read(row) for row in rows]

    def run_all(self, session: Session, many: Iterable[Values]) -> None:
        """Executes it for each of the values. Raises `sqlalchemy.exc.DBAPIError`."""
        connection = connection_of(session)
        said = self._in(connection.dialect)
        try:
            _cursor(connection).executemany(said.text, [said.bound(values) for values in many])
        except connection.dialect.loaded_dbapi.Error as error:
            raise _translated(connection, said, error) from error

    def _in(self, dialect: Dialect) -> Text:
        known = self._texts.get(dialect.name)
        if known is None:
            known = self._texts[dialect.name] = Text(self._core, self._names, dialect)
        return known


def connection_of(session: Session) -> Connection:
    """The connection of a session; one that `Database.write` has given it is at hand at once.

    Within a savepoint the session has to join: it says SAVEPOINT when its connection is first used.
    """
    bind = session.get_bind()
    if isinstance(bind, Connection) and not session.in_nested_transaction():
        return bind
    return session.connection()


def _cursor(connection: Connection) -> Any:
    """The one cursor of a connection for these statements; psycopg takes its time to make one."""
    lent = connection.connection
    cursor = lent.info.get("cursor")
    if cursor is None:
        cursor = lent.info["cursor"] = lent.cursor()
    return cursor


def _translated(connection: Connection, said: Text, error: Any) -> BaseException:
    """The driver's error as SQLAlchemy tells it; a connection that is lost leaves the pool."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if is_lost:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    told: BaseException = DBAPIError.instance(
        said.text, None, error, base, connection_invalidated=is_lost, dialect=dialect
    )
    return told
