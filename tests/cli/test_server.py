"""The server starts with one command, says when it answers, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import update

from funding_app.demo.world.initiative import lay_out
from funding_app.models import OutboxMessage
from funding_app.models.database import Database
from tests.fixtures.commands import Run
from tests.fixtures.demo import CopyDemo
from tests.support.servers import free_port

pytestmark = pytest.mark.slow

IN_A_SCRIPT = (
    sys.executable,
    "-c",
    "import os, signal, sys\n"
    "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    "os.execv(sys.argv[1], sys.argv[1:])",
)
"""As a shell starts what runs in the background of a script: the interrupt is ignored."""


@contextmanager
def served(
    environment: dict[str, str], *, start_new_session: bool = False
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    server = subprocess.Popen(
        [*IN_A_SCRIPT, sys.executable, "-m", "funding_app.cli", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if start_new_session else None,
        text=True,
        start_new_session=start_new_session,
    )
    assert server.stdout is not None
    try:
        assert f"ready http://127.0.0.1:{port}\n" in iter(server.stdout.readline, "")
        yield server, f"http://127.0.0.1:{port}"
    finally:
        if server.poll() is None:
            server.kill()
        server.wait(30)


def processes_of(folder: Path) -> list[str]:
    """The commands of running processes in whose environment or words the folder stands."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in text:
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def workers_of(folder: Path) -> list[list[str]]:
    """The environments of running workers in which the folder stands."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "environ").read_text(errors="replace")
            command = (process / "cmdline").read_text(errors="replace")
        except OSError:
            continue
        if str(folder) in words and "\0worker\0" in command:
            found.append(words.split("\0"))
    return found


def wait_for(folder: Path, words: str) -> None:
    deadline = time.monotonic() + 30
    while not any(words in line for line in processes_of(folder)):
        assert time.monotonic() < deadline, f"no process of '{words}' came"
        time.sleep(0.05)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_server_answers_and_ends_with_all_its_children(
    environment: dict[str, str], tmp_path: Path, sign: signal.Signals
) -> None:
    with served(environment) as (server, address):
        assert urllib.request.urlopen(f"{address}/healthz").status == 200
        wait_for(tmp_path, " worker")
        server.send_signal(sign)
        assert server.wait(30) == 0
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize("named", ["", "https://foerderung.example"])
def test_links_lead_to_the_port_or_to_the_address_that_was_named(
    environment: dict[str, str], funding: Run, tmp_path: Path, named: str
) -> None:
    funding("migrate")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'funding.sqlite3'}")
    with database.write() as session:
        lay_out(session)
    database.dispose()
    own = {"FUNDING_BASE_URL": named} if named else {}
    with served(environment | own) as (server, address):
        with urllib.request.urlopen(f"{address}/api/v1/calls") as answer:
            links = [call["links"]["page"] for call in json.load(answer)["items"]]
        wait_for(tmp_path, " worker")
        (worker,) = workers_of(tmp_path)
        server.terminate()
        assert server.wait(30) == 0
    assert links and all(link.startswith(f"{named or address}/calls/") for link in links)
    assert f"FUNDING_BASE_URL={named or address}" in worker


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGHUP])
def test_signal_of_the_terminal_ends_all_without_a_word(
    environment: dict[str, str], tmp_path: Path, sign: signal.Signals
) -> None:
    """Ctrl-C goes to every process of the terminal; the helpers end in their own order."""
    with served(environment, start_new_session=True) as (server, _address):
        wait_until_worker_listens(tmp_path)
        os.killpg(server.pid, sign)
        assert server.wait(30) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""
    assert processes_of(tmp_path) == []


def wait_until_worker_listens(folder: Path) -> None:
    wait_for(folder, " worker")
    deadline = time.monotonic() + 30
    with Redis(unix_socket_path=str(folder / "data" / "broker" / "broker.sock")) as broker:
        while not broker.scard("rq:workers"):
            assert time.monotonic() < deadline, "the worker does not listen"
            time.sleep(0.1)


def test_killed_server_leaves_nobody_behind(environment: dict[str, str], tmp_path: Path) -> None:
    with served(environment) as (server, _address):
        wait_until_worker_listens(tmp_path)
        server.kill()
        server.wait(30)
    deadline = time.monotonic() + 20
    while processes_of(tmp_path):
        assert time.monotonic() < deadline, processes_of(tmp_path)
        time.sleep(0.1)


def test_renderer_ends_with_the_server(
    environment: dict[str, str], copy_demo: CopyDemo, tmp_path: Path
) -> None:
    """Also the one that the worker keeps warm for the next letter."""
    copy_demo(tmp_path / "data")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'funding.sqlite3'}")
    with database.write() as session:
        again = update(OutboxMessage).values(state="pending", attempts=0)
        session.execute(again.where(OutboxMessage.job == "render_document"))
    database.dispose()
    with served(environment) as (server, _address):
        wait_for(tmp_path, "-m funding_app.documents")
        server.terminate()
        assert server.wait(30) == 0
    assert processes_of(tmp_path) == []


def test_taken_port_is_an_unusable_argument(funding: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = funding("serve", "--port", taken.getsockname()[1])
    assert done.returncode == 2
    assert "cannot listen on 127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_worker_without_redis_says_what_to_do(funding: Run) -> None:
    assert funding("migrate").returncode == 0
    done = funding("worker")
    assert done.returncode == 2
    assert "FUNDING_REDIS_URL" in done.stderr


def test_production_needs_a_secret(funding: Run) -> None:
    done = funding("serve", FUNDING_ENV="production")
    assert done.returncode == 2
    assert "FUNDING_SECRET_KEY" in done.stderr
