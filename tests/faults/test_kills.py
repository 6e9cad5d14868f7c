"""Many times `kill -9` of server and worker while people apply: nothing lost, nothing twice."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes
from os import environ
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import func, select

from funding_app.adapters.clock import system_clock
from funding_app.demo.runner import micro_answers
from funding_app.demo.world.initiative import World
from funding_app.engine import outbox
from funding_app.engine.log.verify import verify
from funding_app.models import (
    Application,
    Call,
    Document,
    LogRecord,
    MailDelivery,
    OutboxMessage,
    Process,
    Task,
    TaskMail,
)
from funding_app.models.database import Database
from funding_app.services.people.accounts import create_token
from tests.support.samples import amounts
from tests.support.servers import free_port, redis_server, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.both_databases]
EMPTIED_EVERY = 9
PAUSE = 0.05
LONGEST_RECOVERY = outbox.LEASE.total_seconds() + 60


@dataclass(slots=True)
class Fleet:
    """A server and a worker, each started anew once it is killed."""

    environment: Mapping[str, str]
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, part: str) -> None:
        options = ["--port", str(self.port)] if part == "serve" else []
        self.running[part] = subprocess.Popen(
            [sys.executable, "-m", "funding_app.cli", part, *options],
            env={**environ, **self.environment},
            stdout=subprocess.DEVNULL,
        )

    def kill(self, part: str) -> None:
        self.running[part].kill()
        self.running[part].wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(60)


@dataclass(slots=True)
class Applicant:
    """Writes and submits one application after the other, asking again until it is answered.

    It pauses between two of them: a fast machine would otherwise write more in the minute of the
    kills than one worker delivers in the time after, and the test would measure that.
    """

    port: int
    token: str
    call: str
    name: str
    over: threading.Event
    submitted: list[str] = field(default_factory=list)
    repeated: int = 0
    unexpected: list[Any] = field(default_factory=list)

    def work(self) -> None:
        for number in itertools.count():
            if self.over.is_set():
                return
            self.submitted.append(self._apply(f"{self.name}-{number}"))
            self.over.wait(PAUSE)

    def _apply(self, name: str) -> str:
        begun = self._send("POST", f"/calls/{self.call}/applications", key=f"begin-{name}")
        process = f"/processes/{begun['id']}"
        answers = micro_answers(Decimal("900.00"), "2027-04-01", "2027-05-31", name)
        while True:
            version = self._send("GET", process)["answers_version"]
            every = {key: value for part in answers.values() for key, value in part.items()}
            if self._send("PATCH", f"{process}/answers", every, version=version, stale={}):
                break
        version = self._send("GET", process)["version"]
        self._send(
            "POST", f"{process}/events/submit", {"data": {}}, key=f"submit-{name}", version=version
        )
        return str(begun["id"])

    def _send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        version: int | None = None,
        stale: Any = None,
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"If-Match": str(version)} if version is not None else {}
        while True:
            try:
                status, answer = self._exchange(method, path, body, headers)
            except (OSError, http.client.HTTPException, ValueError):
                self.repeated += 1
                time.sleep(0.1)
                continue
            if status == 409 and stale is not None:
                return stale
            if status not in (200, 201):
                self.unexpected.append((method, path, status, answer))
                raise AssertionError(self.unexpected[-1])
            return answer

    def _exchange(
        self, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            payload = None if body is None else json.dumps(body).encode()
            connection.request(method, f"/api/v1{path}", payload, dict(headers))
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


@pytest.fixture
def broker() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.mark.parametrize("kills", amounts(10, 100))
def test_kills_and_an_emptied_redis(
    database: Database, database_url: str, world: World, broker: str, tmp_path: Path, kills: int
) -> None:
    environment = {
        "FUNDING_ENV": "test",
        "FUNDING_DATABASE_URL": database_url,
        "FUNDING_REDIS_URL": broker,
        "FUNDING_DATA_DIR": str(tmp_path / "var"),
    }
    _open_the_call_today(database)
    fleet = Fleet(environment, free_port())
    over = threading.Event()
    applicants = [_applicant(database, world, who, fleet.port, over) for who in ("1", "2")]
    threads = [threading.Thread(target=each.work) for each in applicants]
    try:
        for part in ("serve", "worker"):
            fleet.start(part)
        for thread in threads:
            thread.start()
        began = time.monotonic()
        _kill_all_the_time(fleet, database, Redis.from_url(broker), kills)
        last_kill = time.monotonic()
        over.set()
        for thread in threads:
            thread.join(LONGEST_RECOVERY)
        until(lambda: _all_done(database), LONGEST_RECOVERY, "delivery of everything")
        assert time.monotonic() - last_kill < LONGEST_RECOVERY
    finally:
        over.set()
        fleet.stop()
    assert [each.unexpected for each in applicants] == [[], []]
    assert sum(each.repeated for each in applicants) > kills / 2, "the kills were not felt"
    submitted = [case for each in applicants for case in each.submitted]
    print(f"{kills} kills in {last_kill - began:.0f} s, {len(submitted)} applications")
    assert len(submitted) > kills
    _nothing_lost_nothing_twice(database, submitted, tmp_path / "var")


def _open_the_call_today(database: Database) -> None:
    """The world's calls run in its own year; sessions and leases need the real time."""
    now = system_clock()
    with database.write() as session:
        for call in session.scalars(select(Call)):
            call.opens_at, call.closes_at = now - timedelta(days=1), now + timedelta(days=30)


def _applicant(
    database: Database, world: World, who: str, port: int, over: threading.Event
) -> Applicant:
    with database.write() as session:
        token = create_token(session, world.people["applicant1"], system_clock())
        call = session.scalars(select(Call.ref).where(Call.definition_key == "micro_grant")).one()
    return Applicant(port, token, call, f"window {who}", over)


def _kill_all_the_time(fleet: Fleet, database: Database, redis: Redis, kills: int) -> None:
    """Server and worker in turn, once each is at work, at moments that fall into all they do."""
    for number in range(kills):
        part = ("serve", "worker")[number % 2]
        if part == "serve":
            until(lambda: _answers(fleet.port), 30, "an answer of the server")
        else:
            done = _done(database)
            until(lambda seen=done: _done(database) > seen, 30, "work of the worker")  # type: ignore[misc]
        time.sleep(number % 6 / 10)
        fleet.kill(part)
        if number % EMPTIED_EVERY == EMPTIED_EVERY - 2:
            redis.flushall()
        fleet.start(part)


def _answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
        return True
    return False


def _done(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.state == "done")) or 0


def _all_done(database: Database) -> bool:
    """Nothing waits: neither in the outbox nor a task that nobody was told of."""
    with database.read() as session:
        untold = select(func.count()).where(Task.done_at.is_(None), Task.announced_at.is_(None))
        return outbox.status(session) == {} and session.scalar(untold) == 0


def _nothing_lost_nothing_twice(database: Database, submitted: list[str], folder: Path) -> None:
    once = Counter(dict.fromkeys(submitted, 1))
    with database.read() as session:
        assert verify(session) == []
        assert Counter(map(str, session.scalars(select(Application.id)))) == once
        states = set(session.scalars(select(Process.state)))
        assert states == {"submitted"}
        for event in ("submit", "document_issued"):
            noted = session.scalars(select(LogRecord.process_id).where(LogRecord.event == event))
            assert Counter(map(str, noted)) == once, event
        receipts = session.execute(select(Document.process_id, Document.sha256)).all()
        # a task that was done before its mail left needs none
        stopped = select(TaskMail.mail_id).where(TaskMail.stopped_at.is_not(None))
        mails = session.scalars(select(MailDelivery).where(MailDelivery.id.not_in(stopped))).all()
        given_up = select(func.count()).where(OutboxMessage.state == "dead")
        assert session.scalar(given_up) == 0
    assert Counter(str(row.process_id) for row in receipts) == once
    stored = {hashlib.sha256(file.read_bytes()).hexdigest()
              for file in (folder / "files").rglob("*") if file.is_file()}  # fmt: skip
    assert {row.sha256 for row in receipts} <= stored
    _each_mail_once(mails, folder / "outbox", len(submitted))


def _each_mail_once(mails: Any, folder: Path, cases: int) -> None:
    """One receipt per case, each handed over under the one Message-ID it was written with."""
    assert {mail.state for mail in mails} == {"sent"}
    sent = [message_from_bytes(file.read_bytes())["Message-ID"] for file in folder.glob("*.eml")]
    assert Counter(sent) == Counter(mail.message_id for mail in mails)
    receipts = [mail for mail in mails if mail.dedup_key.startswith("receipt:")]
    assert len(receipts) == cases
