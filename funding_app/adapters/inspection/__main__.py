"""The child: one file after the other comes in; out goes what speaks against it, or its picture."""

from __future__ import annotations

import base64
import resource
import sys
from collections.abc import Callable, Mapping

from funding_app.adapters.inspection.drawing import drawn
from funding_app.adapters.inspection.kinds import examined

MOST_MEMORY = 1024**3


def _examined(content: bytes, ending: str) -> str:
    return examined(content, ending) or "sound"


def _drawn(content: bytes, ending: str) -> str:
    return base64.b64encode(drawn(content, ending)).decode() or "nothing"


ANSWERS: Mapping[str, Callable[[bytes, str], str]] = {"examine": _examined, "draw": _drawn}


def serve_examinations() -> None:
    """Examines until the parent hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for line in sys.stdin.buffer:
        wish, ending, size = line.decode().split()
        sys.stdout.write(f"{ANSWERS[wish](sys.stdin.buffer.read(int(size)), ending)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve_examinations()
