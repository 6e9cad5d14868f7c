"""What counts for a deadline is when a request was there, not when its turn came."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask import Flask, request
from sqlalchemy import select, update

from funding_app.adapters.clock import system_clock
from funding_app.app import create_app
from funding_app.cli.server.listening import listen
from funding_app.demo.runner import Story, grant_answers
from funding_app.demo.world.initiative import CLOSES
from funding_app.engine.log.verify import verify
from funding_app.jobs.workplace import Workplace
from funding_app.models import Application, Call, LogPayload, LogRecord, Process, Submission
from funding_app.services.applications.answers import save_section
from funding_app.services.operations.portal import Portal
from funding_app.services.people.accounts import create_token
from funding_app.settings import Settings
from funding_app.web.received_at import LONGEST_WAIT, arrived
from tests.conftest import START
from tests.fixtures.pages import SignIn

AMOUNT, PERIOD = Decimal("250000.00"), ("2026-04-01", "2026-12-31")
SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)
NOTHING = [
    "", "t=", "t=x", "t=-1.000", "t=1e9", "t=NaN", "t= 1770022800", "t=1770022800.", "t=٣",
    "t=1770022800.1234567", "t=1770022800000", "t=999999999999", "1770022800.000",
    "t=1770022800.000, t=1770022800.000", "t=0.000",
]  # fmt: skip


def stamp(at: datetime) -> str:
    """The instant as nginx writes it, with more places where there are any."""
    return f"t={int(at.timestamp())}.{at.microsecond:06d}"


def portal_of(workplace: Workplace, tmp_path: Path, proxies: int, now: Any) -> Portal:
    settings = Settings(env="test", data_dir=tmp_path, trusted_proxies=proxies)
    return Portal(settings, workplace.database, workplace.machinery, workplace.storage, now)


def seen(workplace: Workplace, tmp_path: Path, proxies: int, said: Mapping[str, str]) -> datetime:
    """What a request with these headers is taken to have arrived at."""
    parts = portal_of(workplace, tmp_path, proxies, lambda: START)
    app = create_app(parts.settings, parts)
    found: list[datetime] = []
    app.after_request(lambda answer: found.append(arrived()) or answer)
    app.test_client().get("/healthz", headers=dict(said))
    return found[0]


@pytest.mark.parametrize(
    ("back", "believed"),
    [
        (timedelta(), True),
        (TICK, True),
        (2 * SECOND, True),
        (LONGEST_WAIT, True),
        (LONGEST_WAIT + TICK, False),
        (timedelta(days=300), False),
        (-TICK, False),
        (-timedelta(hours=1), False),
    ],
)
def test_a_stamp_counts_where_it_can_be_and_comes_from_a_trusted_proxy(
    workplace: Workplace, tmp_path: Path, back: timedelta, believed: bool
) -> None:
    said = {"X-Request-Start": stamp(START - back)}
    assert seen(workplace, tmp_path, 1, said) == (START - back if believed else START)
    assert seen(workplace, tmp_path, 0, said) == START


@pytest.mark.parametrize("said", NOTHING)
def test_what_is_no_stamp_is_nothing(workplace: Workplace, tmp_path: Path, said: str) -> None:
    assert seen(workplace, tmp_path, 1, {"X-Request-Start": said}) == START


@pytest.fixture
def closes(story: Story) -> datetime:
    """An application waits to be sent; the clock stands three seconds after the cut-off."""
    story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, "Auf den letzten Drücker"))
    story.now = CLOSES + 3 * SECOND
    return CLOSES


def by_page(app: Flask, story: Story, sign_in: SignIn, header: Mapping[str, str]) -> int:
    place = f"/cases/{story.case_id}/events/submit"
    return sign_in("applicant1").post(place, headers=dict(header)).status_code


def by_api(app: Flask, story: Story, _sign_in: SignIn, header: Mapping[str, str]) -> int:
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], system_clock())
        version = session.get_one(Process, story.case_id).row_version
    said = {"Authorization": f"Bearer {token}", "If-Match": str(version), **header}
    place = f"/api/v1/processes/{story.case_id}/events/submit"
    return app.test_client().post(place, json={"data": {}}, headers=said).status_code


Door = Callable[[Flask, Story, SignIn, Mapping[str, str]], int]


def received(story: Story) -> tuple[str, datetime, datetime, bool]:
    """The state, both times of receipt, and whether the case counts as late."""
    with story.database.read() as session:
        process = session.get_one(Process, story.case_id)
        case = session.get_one(Application, story.case_id)
        sent = session.scalars(select(Submission).where(Submission.process_id == process.id)).one()
        assert case.submitted_at is not None
        assert verify(session) == []
        return process.state, sent.received_at, case.submitted_at, case.is_late


@pytest.mark.parametrize("door", [by_page, by_api])
@pytest.mark.parametrize(
    ("before", "state"), [(TICK, "submitted"), (timedelta(), "submitted_late")]
)
def test_the_boundary_is_exact_by_the_time_of_arrival(
    app: Flask,
    story: Story,
    sign_in: SignIn,
    closes: datetime,
    door: Door,
    before: timedelta,
    state: str,
) -> None:
    app.before_request_funcs[None].insert(0, lambda: arrive(closes - before))
    assert door(app, story, sign_in, {}) in (200, 302)
    late = state == "submitted_late"
    assert received(story) == (state, closes - before, closes - before, late)
    with story.database.read() as session:
        record, payload = session.execute(
            select(LogRecord.at, LogPayload.payload)
            .join(LogPayload, LogPayload.process_id == LogRecord.process_id)
            .where(LogRecord.process_id == story.case_id, LogRecord.event == "submit")
            .where(LogPayload.seq == LogRecord.seq)
        ).one()
    assert record == story.now, "the log goes in the order in which it is written"
    assert json.loads(payload)["received_at"] == (closes - before).isoformat()


def arrive(at: datetime) -> None:
    """As our own server notes it."""
    request.environ["funding.arrived"] = at


@pytest.mark.parametrize("door", [by_page, by_api])
def test_a_client_can_not_send_itself_back_in_time(
    app: Flask, story: Story, sign_in: SignIn, closes: datetime, door: Door
) -> None:
    forged = {
        "X-Request-Start": stamp(closes - SECOND),
        "Funding-Arrived": stamp(closes - SECOND),
        "Date": "Mon, 02 Feb 2026 09:00:00 GMT",
    }
    assert door(app, story, sign_in, forged) in (200, 302)
    assert received(story) == ("submitted_late", story.now, story.now, True)


def test_writing_on_after_the_sending_is_not_in_time(
    app: Flask, story: Story, sign_in: SignIn, closes: datetime
) -> None:
    """While the submission waits for its turn, the answers may not change under it."""
    changed = closes + SECOND
    with story.database.write() as session:
        project = grant_answers(AMOUNT, *PERIOD, "Nachgebessert")["project"]
        save_section(
            session, uuid.UUID(str(story.case_id)), "project", project, expected_version=1,
            saved_by=story.world.people["applicant1"], when=changed,
        )  # fmt: skip
    app.before_request_funcs[None].insert(0, lambda: arrive(closes - SECOND))
    assert by_page(app, story, sign_in, {}) == 302
    assert received(story) == ("submitted_late", changed, changed, True)


@contextmanager
def listening(parts: Portal, app: Flask, threads: int) -> Iterator[str]:
    """The server of `funding serve`, in a thread."""
    server = listen(app, parts, "127.0.0.1", 0, threads)

    def run() -> None:
        with contextlib.suppress(OSError):
            server.run()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(30)


def test_our_server_leaves_it_to_the_application_whom_to_believe(
    workplace: Workplace, tmp_path: Path
) -> None:
    said = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    for proxies, expected in ((0, ("127.0.0.1", "http")), (1, ("203.0.113.9", "https"))):
        parts = portal_of(workplace, tmp_path, proxies, system_clock)
        app = create_app(parts.settings, parts)
        found: list[tuple[str | None, str]] = []
        app.before_request(lambda to=found: to.append((request.remote_addr, request.scheme)))
        with listening(parts, app, 1) as place:
            urlopen(Request(f"http://{place}/healthz", headers=said)).close()
        assert found == [expected]


def drafts(story: Story, number: int) -> list[uuid.UUID]:
    made = []
    for each in range(number):
        made.append(story.apply("grant_case", grant_answers(AMOUNT, *PERIOD, f"Vorhaben {each}")))
    return made


def close_at(story: Story, instant: datetime) -> None:
    with story.database.write() as session:
        session.execute(
            update(Call).where(Call.definition_key == "grant_case").values(closes_at=instant)
        )


def posted(token: str, process_id: uuid.UUID) -> tuple[bytes, bytes]:
    """The head and the body of a submission."""
    body = json.dumps({"data": {}, "reason": "." * 1_000}).encode()
    head = (
        f"POST /api/v1/processes/{process_id}/events/submit HTTP/1.1\r\nHost: portal.example\r\n"
        f"Authorization: Bearer {token}\r\nIf-Match: 1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode(), body


def answer_of(connection: socket.socket) -> bytes:
    found = b""
    while part := connection.recv(65536):
        found += part
    return found


BURST, AFTER, SLOW = 16, 4, 0.25


@pytest.mark.both_databases
@pytest.mark.slow
def test_a_burst_at_the_deadline_makes_nobody_late(
    story: Story, workplace: Workplace, tmp_path: Path
) -> None:
    """Two slow threads need seconds for what was sent in one instant before the cut-off."""
    parts = portal_of(workplace, tmp_path, 0, system_clock)
    app = create_app(parts.settings, parts)
    app.before_request(lambda: time.sleep(SLOW))
    cases = drafts(story, BURST + AFTER + 1)
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], system_clock())
    closes = system_clock() + timedelta(seconds=1.5)
    close_at(story, closes)
    states: dict[uuid.UUID, str] = {}
    sent_at: dict[uuid.UUID, datetime] = {}
    barrier = threading.Barrier(BURST)

    def send(process_id: uuid.UUID, place: str, half: timedelta | None = None) -> None:
        address, port = place.split(":")
        head, body = posted(token, process_id)
        with socket.create_connection((address, int(port))) as connection:
            if half is not None:
                connection.sendall(head + body[:500])
                until(closes + half)
                connection.sendall(body[500:])
            else:
                connection.sendall(head + body)
            sent_at[process_id] = system_clock()
            states[process_id] = json.loads(answer_of(connection).partition(b"\r\n\r\n")[2])[
                "state"
            ]

    def early(process_id: uuid.UUID, place: str) -> None:
        barrier.wait()
        send(process_id, place)

    def late(process_id: uuid.UUID, place: str) -> None:
        until(closes + timedelta(milliseconds=20))
        send(process_id, place)

    with listening(parts, app, 2) as place:
        threads = [threading.Thread(target=early, args=(one, place)) for one in cases[:BURST]]
        threads += [threading.Thread(target=late, args=(one, place)) for one in cases[BURST:-1]]
        slow = (cases[-1], place, timedelta(milliseconds=20))
        threads.append(threading.Thread(target=send, args=slow))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(states) == len(cases)
    assert all(sent_at[one] < closes for one in cases[:BURST]), "the machine was too slow"
    assert [states[one] for one in cases[:BURST]] == ["submitted"] * BURST
    assert [states[one] for one in cases[BURST:]] == ["submitted_late"] * (AFTER + 1)
    with story.database.read() as session:
        assert verify(session) == []


def until(instant: datetime) -> None:
    time.sleep(max(0.0, (instant - system_clock()).total_seconds()))
