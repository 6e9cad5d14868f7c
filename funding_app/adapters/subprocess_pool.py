"""A child process for work with limits: started on demand, kept warm, ended when nobody asks.

What such a child loads takes a second and tens of megabytes: server and worker stay small without.
A child that hangs is killed; one that died is replaced with the next request.
"""

from __future__ import annotations

import selectors
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO

IDLE_SECONDS = 60.0


class WarmChild:
    """Runs a module that answers each request with one line; safe to share between threads."""

    def __init__(self, module: str, seconds: float, idle_seconds: float = IDLE_SECONDS) -> None:
        self._lock = threading.Lock()
        self._module, self._seconds, self._idle_seconds = module, seconds, idle_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None

    def ask(self, request: bytes, *, tries: int = 1) -> bytes:
        """The line that answers; empty where the child died or hung, each time it was tried."""
        with self._lock:
            self._stay()
            try:
                return next(filter(None, (self._ask(request) for _ in range(tries))), b"")
            finally:
                self._leave_later()

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            self._stay()
            self._end()

    @property
    def is_warm(self) -> bool:
        """Whether a child is waiting for the next request."""
        return self._child is not None and self._child.poll() is None

    def _ask(self, request: bytes) -> bytes:
        child = self._child if self.is_warm else self._start()
        assert child is not None and child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(request)
            child.stdin.flush()
            line = _read_line(child.stdout, self._seconds)
        except BrokenPipeError:
            line = b""
        if not line:
            self._end()
        return line

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", self._module], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                _close(pipe)

    def _stay(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave_later(self) -> None:
        self._timer = threading.Timer(self._idle_seconds, self.close)
        self._timer.daemon = True
        self._timer.start()


def _close(pipe: IO[bytes]) -> None:
    """Closes a pipe whose other end may be gone, with what was not yet written."""
    with suppress(BrokenPipeError):
        pipe.close()


def _read_line(pipe: IO[bytes], seconds: float) -> bytes:
    """A line of the child's, or nothing once it is over or the time is."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        return pipe.readline() if selector.select(seconds) else b""
