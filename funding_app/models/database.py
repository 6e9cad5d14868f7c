"""One database, two kinds of sessions: those that read and those that write.

On SQLite a writing session takes `BEGIN IMMEDIATE` behind a lock of our own, because a deferred
transaction that turns to writing fails at once under load, and the busy handler is unfair. On
PostgreSQL both are plain READ COMMITTED transactions.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _sqlite_engine(url: str, begin: str) -> Engine:
    """An engine whose transactions begin with the given word.

    Said by the dialect and not by an event, as an engine with events asks for them at every
    statement.
    """
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    engine.dialect.do_begin = lambda connection: connection.execute(begin)  # type: ignore[method-assign,assignment]
    return engine


def upsert(session: Session, table: Any) -> Any:
    """An INSERT that can say what happens on a conflict, in the words of the session's database."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if on_postgresql else sqlite.insert)(table)


class WriteLock:
    """Lets one writer at a time through to a SQLite file, across threads and processes."""

    def __init__(self, path: Path | None) -> None:
        self._threads = threading.Lock()
        self._path = path
        self._file: BinaryIO | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._threads:
            if self._path is None:
                yield
                return
            if self._file is None:
                self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Closes the file; the next writer opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Database:
    """An engine, its reading and writing sessions, and what follows a commit.

    A function in `after_commit` is called, without arguments, after each writing session that
    has set `session.info["doorbell"]`.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.after_commit: list[Callable[[], None]] = []
        self._lock: WriteLock | None = None
        if self.is_sqlite:
            self.engine = _sqlite_engine(url, "BEGIN")
            self._writing = _sqlite_engine(url, "BEGIN IMMEDIATE")
            file = self.engine.url.database
            self._lock = WriteLock(Path(f"{file}.lock") if file else None)
        else:
            self.engine = self._writing = create_engine(url, pool_size=pool_size)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; whatever it holds at the end is rolled back."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back where an exception passes through.

        It joins a transaction that has begun already: whoever writes without the session, as the
        engine does, does not make it begin one of its own.
        """
        with (
            self._write_lock(),
            self._writing.begin() as connection,
            Session(connection, join_transaction_mode="rollback_only") as session,
        ):
            yield session
            if session.in_transaction() or session.new:
                session.commit()
            rung = bool(session.info.get("doorbell"))
        if rung:
            for ring in self.after_commit:
                ring()

    @contextmanager
    def _write_lock(self) -> Iterator[None]:
        if self._lock is None:
            yield
            return
        with self._lock.held():
            yield

    def dispose(self) -> None:
        """Closes all connections."""
        self.engine.dispose()
        self._writing.dispose()
        if self._lock is not None:
            self._lock.close()
