"""The child: one file after the other comes in, what speaks against it goes out."""

from __future__ import annotations

import resource
import sys

from funding_app.adapters.examining.kinds import examined

MOST_MEMORY = 1024**3


def serve_examinations() -> None:
    """Examines until the parent hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    for line in sys.stdin.buffer:
        ending, size = line.decode().split()
        found = examined(sys.stdin.buffer.read(int(size)), ending)
        sys.stdout.write(f"{found or 'sound'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve_examinations()
