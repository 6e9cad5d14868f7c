"""Servers of the tests' own, on free ports, ended with the test: PostgreSQL, Redis, the portal."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

# The data are thrown away with the cluster: nothing has to outlive a power cut.
FORGETFUL = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
             "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "checkpoint_timeout=1h",
             "-c", "max_wal_size=4GB", "-c", "autovacuum=off")  # fmt: skip


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"{name} is missing: apt-get install postgresql"
    return path


def _as_owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then its own system user owns the cluster."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@contextmanager
def postgresql() -> Iterator[str]:
    """Runs a cluster; yields the address of its server, without a database's name."""
    folder = Path(tempfile.mkdtemp(prefix="funding-pg-"))
    options = _as_owner(folder)
    data, port = folder / "data", free_port()
    create = [_program("initdb"), "-D", str(data), "-A", "trust", "-U", "funding"]
    subprocess.run(create, check=True, capture_output=True, cwd=folder, **options)
    words = ["-D", str(data), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", *FORGETFUL]
    server = subprocess.Popen(
        [_program("postgres"), *words],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )
    try:
        _wait(port)
        yield f"postgresql+psycopg://funding@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: the data are thrown away
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int) -> None:
    ready = [_program("pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
    for _attempt in range(100):
        if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
            return
        subprocess.run(["sleep", "0.1"], check=True)
    raise RuntimeError("PostgreSQL did not start")


def until(holds: Callable[[], bool], seconds: float = 10, what: str = "it") -> None:
    """Waits for a condition; fails where it does not come about in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen in {seconds} seconds"
        time.sleep(0.05)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except (OSError, RedisError):
        return False


@contextmanager
def redis_server() -> Iterator[str]:
    """Runs a Redis that keeps nothing on disk; yields its address."""
    program = shutil.which("redis-server")
    assert program, "redis-server is missing: apt-get install redis-server"
    port = free_port()
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        client = Redis(port=port)
        until(lambda: _answers(client))
        client.close()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def command(*arguments: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Runs `funding` with these arguments until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "funding_app.cli", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def portal(environment: Mapping[str, str], *options: str, workers: int = 0) -> Iterator[str]:
    """Serves the portal, with workers of its own beside it; yields its address."""
    with ExitStack() as stack:
        words = ("serve", "--port", "0", *options)
        server = stack.enter_context(command(*words, environment=environment))
        assert server.stdout is not None
        address = next((line.split()[1] for line in server.stdout if line.startswith("ready ")), "")
        assert address, "the server did not start"
        for _number in range(workers):
            stack.enter_context(command("worker", environment=environment))
        yield address
