"""Letters are rendered in a child process with limits, which stays warm between them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funding_app.adapters.subprocess_pool import IDLE_SECONDS, WarmChild

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
        self._child = WarmChild("funding_app.documents", SECONDS_PER_DOCUMENT, idle_seconds)

    def render(self, kind: str, values: Mapping[str, Any]) -> Rendered:
        """Renders a document; tried again where the child died. Raises `RendererFailed`."""
        request = json.dumps({"kind": kind, "values": values}).encode() + b"\n"
        line = self._child.ask(request, tries=2)
        if not line:
            raise RendererFailed("the renderer ended without an answer")
        answer = json.loads(line)
        if "error" in answer:
            raise RendererFailed(str(answer["error"]))
        content = base64.b64decode(answer["content"])
        return Rendered(content, hashlib.sha256(content).hexdigest())

    def close(self) -> None:
        """Ends the child."""
        self._child.close()

    @property
    def is_warm(self) -> bool:
        """Whether a child is waiting for the next document."""
        return self._child.is_warm


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
