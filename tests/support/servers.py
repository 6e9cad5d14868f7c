"""A PostgreSQL cluster of the tests' own, on a free port, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


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
    server = subprocess.Popen(
        [_program("postgres"), "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )
    try:
        _wait(port)
        yield f"postgresql+psycopg://funding@127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int) -> None:
    ready = [_program("pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
    for _attempt in range(100):
        if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
            return
        subprocess.run(["sleep", "0.1"], check=True)
    raise RuntimeError("PostgreSQL did not start")
