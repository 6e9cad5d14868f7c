"""The yardstick of a transition: the same rows by hand-written SQL, straight on the driver.

It knows the two events it plays and nothing else: one statement finds the locked case with the
actor's role, then come the rows, then the commit. It computes the same chain.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg
import uuid_utils.compat
from sqlalchemy import make_url

from funding_app.engine.log.chain import GENESIS
from funding_app.engine.tasks import SEAT, due_at
from funding_app.models.database import PRAGMAS, Database
from workflows.definition import Limit

Row = tuple[Any, ...]

LOCK = (
    "SELECT p.state, p.row_version, p.log_seq, p.log_head, p.performers, p.due_at, "
    "p.definition_key, p.definition_version FROM process p WHERE p.id = ? AND EXISTS ("
    "SELECT 1 FROM role_assignment r WHERE r.user_id = ? AND r.role = 'case_officer')"
)
RECORD = (
    "INSERT INTO log_record (process_id, seq, event, from_state, to_state, definition, actor_id, "
    "proposer_id, door, at, payload_hash, cites, prev_hash, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
PAYLOAD = "INSERT INTO log_payload (process_id, seq, salt, payload) VALUES (?, ?, ?, ?)"
DONE = "UPDATE task SET done_at = ? WHERE process_id = ? AND done_at IS NULL"
TASK = "INSERT INTO task (id, process_id, state, role, opened_at, due_at) VALUES (?, ?, ?, ?, ?, ?)"
PROCESS = (
    "UPDATE process SET state = ?, row_version = ?, log_seq = ?, log_head = ?, performers = ?, "
    "entered_at = ?, due_at = ?, updated_at = ? WHERE id = ?"
)
APPLICATION = "UPDATE application SET information_requested = ? WHERE id = ?"
REQUEST = (
    "INSERT INTO information_request (process_id, number, words, asked_at) VALUES (?, "
    "(SELECT count(*) + 1 FROM information_request WHERE process_id = ?), ?, ?)"
)

ITEMS = "Bitte reichen Sie die Satzung nach."
MOVES = {
    "request_info": ("info_requested", "applicant_signatory", Limit("days", 14)),
    "resume_check": ("formal_check", "case_officer", Limit("working_days", 10)),
}


class Driver(Protocol):
    """How one database wants its statements and values."""

    def run(self, statement: str, values: Row) -> Any: ...
    def begin(self) -> None: ...
    def commit(self) -> None: ...
    def close(self) -> None: ...
    def lock(self, values: Row) -> Row: ...
    def key(self, value: uuid.UUID) -> Any: ...
    def instant(self, value: datetime) -> Any: ...
    def read_instant(self, value: Any) -> datetime: ...
    def performers(self, value: Any) -> dict[str, str]: ...


class Sqlite:
    """The standard library's driver, with the same pragmas."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(pragma)
        self.run = self._connection.execute

    def begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def lock(self, values: Row) -> Row:
        return tuple(self.run(LOCK, values).fetchone())

    def key(self, value: uuid.UUID) -> str:
        return value.hex

    def instant(self, value: datetime) -> str:
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")

    def read_instant(self, value: str) -> datetime:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)

    def performers(self, value: str) -> dict[str, str]:
        return dict(json.loads(value))


class Postgresql:
    """psycopg, which prepares what is repeated."""

    def __init__(self, conninfo: str) -> None:
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self._cursor = self._connection.cursor()

    def run(self, statement: str, values: Row) -> Any:
        return self._cursor.execute(statement.replace("?", "%s"), values)

    def begin(self) -> None:
        self._cursor.execute("BEGIN")

    def commit(self) -> None:
        self._cursor.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def lock(self, values: Row) -> Row:
        found = self.run(f"{LOCK} FOR UPDATE OF p", values).fetchone()
        return tuple(found)

    def key(self, value: uuid.UUID) -> uuid.UUID:
        return value

    def instant(self, value: datetime) -> datetime:
        return value

    def read_instant(self, value: datetime) -> datetime:
        return value

    def performers(self, value: dict[str, str]) -> dict[str, str]:
        return value


def connect(database: Database) -> Driver:
    """A bare connection to the same database."""
    url = make_url(database.url)
    if database.is_sqlite:
        return Sqlite(str(url.database))
    return Postgresql(url.set(drivername="postgresql").render_as_string(hide_password=False))


def canonical(value: Any) -> str:
    """Canonical JSON, for texts and whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Locked:
    """What the lock's statement found."""

    state: str
    version: int
    seq: int
    head: str
    performers: Any
    due: Any
    kind: str
    release: int


def fire(driver: Driver, process: uuid.UUID, event: str, actor: uuid.UUID, when: datetime) -> None:
    """One of the two events, as a transaction of its own."""
    key, at = driver.key(process), driver.instant(when)
    target, role, limit = MOVES[event]
    driver.begin()
    found = Locked(*driver.lock((key, driver.key(actor))))
    data, facts = _judge(driver, found, event, when)
    if data:
        driver.run(APPLICATION, (data["items"], key))
        driver.run(REQUEST, (key, key, data["items"], at))
    head = _record(driver, found, process, event, actor, when, {"data": data, "facts": facts})
    until = due_at(limit, when, {}, SEAT)
    assert until is not None, "both states have a limit"
    due = driver.instant(until)
    driver.run(DONE, (at, key))
    driver.run(TASK, (driver.key(uuid_utils.compat.uuid7()), key, target, role, at, due))
    done_by = canonical(driver.performers(found.performers) | {event: str(actor)})
    changed = (target, found.version + 1, found.seq + 1, head, done_by, at, due, at, key)
    driver.run(PROCESS, changed)
    driver.commit()


def _judge(
    driver: Driver, found: Locked, event: str, when: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data and the facts that go into the log; the guards hold."""
    if event == "request_info":
        assert found.state == "formal_check", "the case is being checked"
        return {"items": ITEMS}, {}
    passed = found.due is not None and driver.read_instant(found.due) <= when
    assert found.state == "info_requested" and passed, "the limit has passed"
    return {}, {"limit_passed": passed}


def _record(
    driver: Driver,
    found: Locked,
    process: uuid.UUID,
    event: str,
    actor: uuid.UUID,
    when: datetime,
    words: dict[str, Any],
) -> str:
    payload = canonical({**words, "notes": {}, "reason": ""})
    salt, seq = secrets.token_hex(16), found.seq + 1
    record = {
        "process_id": str(process),
        "seq": seq,
        "event": event,
        "from_state": found.state,
        "to_state": MOVES[event][0],
        "definition": f"{found.kind}@{found.release}",
        "actor_id": str(actor),
        "proposer_id": None,
        "door": "page",
        "at": when.isoformat(),
        "payload_hash": hashlib.sha256((salt + payload).encode()).hexdigest(),
        "cites": "",
        "prev_hash": found.head or GENESIS,
    }
    link = hashlib.sha256(canonical(record).encode()).hexdigest()
    key = driver.key(process)
    typed = {"process_id": key, "actor_id": driver.key(actor), "at": driver.instant(when)}
    driver.run(RECORD, (*(record | typed).values(), link))
    driver.run(PAYLOAD, (key, seq, salt, payload))
    return link
