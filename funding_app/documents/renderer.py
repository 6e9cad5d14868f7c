"""A child process that renders: started on demand, kept warm, ended when nobody needs it.

The renderer's libraries take a second to load and 80 MB to hold; server and worker stay small
without them. A child that hangs is killed; one that died is replaced once per document.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import resource
import selectors
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

IDLE_SECONDS = 60.0
SECONDS_PER_DOCUMENT = 30.0
MOST_MEMORY = 2 * 1024**3


class RendererFailed(RuntimeError):
    """The document could not be rendered; the text says why."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document's bytes and their SHA-256 in hexadecimal."""

    content: bytes
    sha256: str


class Renderer:
    """Renders one document after the other in a child; safe to share between threads."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._lock = threading.Lock()
        self._idle_seconds = idle_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None

    def render(self, kind: str, values: Mapping[str, Any]) -> Rendered:
        """Renders a document. Raises `RendererFailed`."""
        request = json.dumps({"kind": kind, "values": values}).encode() + b"\n"
        with self._lock:
            self._stay()
            try:
                answer = self._ask(request) or self._ask(request)
            finally:
                self._leave_later()
        if answer is None:
            raise RendererFailed("the renderer ended without an answer")
        if "error" in answer:
            raise RendererFailed(str(answer["error"]))
        content = base64.b64decode(answer["content"])
        return Rendered(content, hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            self._stay()
            self._end()

    @property
    def is_warm(self) -> bool:
        """Whether a child is waiting for the next document."""
        return self._child is not None and self._child.poll() is None

    def _ask(self, request: bytes) -> dict[str, Any] | None:
        """One request; `None` where the child died or hung."""
        child = self._child if self.is_warm else self._start()
        assert child is not None and child.stdin is not None and child.stdout is not None
        try:
            child.stdin.write(request)
            child.stdin.flush()
            line = _read_line(child.stdout, SECONDS_PER_DOCUMENT)
        except BrokenPipeError:
            line = b""
        if not line:
            self._end()
            return None
        return dict(json.loads(line))

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "funding_app.documents"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
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
                pipe.close()

    def _stay(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave_later(self) -> None:
        self._timer = threading.Timer(self._idle_seconds, self.close)
        self._timer.daemon = True
        self._timer.start()


def _read_line(pipe: IO[bytes], seconds: float) -> bytes:
    """A line of the child's, or nothing once it is over or the time is."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        return pipe.readline() if selector.select(seconds) else b""


def serve_letters() -> None:
    """The child: one document per line of JSON, until the parent hangs up."""
    from funding_app.documents.pdf import render  # noqa: PLC0415 - loaded in the child only

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            content = render(request["kind"], request["values"])
            answer = {"content": base64.b64encode(content).decode()}
        except Exception as error:  # whatever a document does, the parent gets an answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        try:
            sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # the parent is gone, and nobody else waits for the letter
            os._exit(0)
