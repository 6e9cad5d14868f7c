"""Business time: the one clock that decides about deadlines. Leases and sessions use real time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, aware."""
    return datetime.now(UTC)


def file_clock(path: Path) -> Clock:
    """A clock that stands where the file's ISO instant says, so that tests can let days pass."""

    def read() -> datetime:
        return datetime.fromisoformat(path.read_text("utf-8").strip()).astimezone(UTC)

    return read
