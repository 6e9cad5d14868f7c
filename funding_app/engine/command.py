"""What goes into the engine and what comes out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows.snapshot import Refusal


@dataclass(frozen=True, slots=True)
class Command:
    """Who wants which event on which process, when, and with what.

    `when` is an aware instant set by the door, never by a client. `received_at` is when the
    request was there, where it had to wait for its turn: guards judge by it, while what is written
    keeps the order in which it happened. `expected_version` is the version the actor has seen;
    `key` makes a repeated command harmless; `door` says where it came in (`page`, `api`, `timer`,
    `job`, `command_line`, `demo`).
    """

    process_id: uuid.UUID
    event: str
    actor_id: uuid.UUID | None
    when: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    expected_version: int | None = None
    key: str | None = None
    door: str = "page"
    received_at: datetime | None = None

    @property
    def received(self) -> datetime:
        """When it came in; never after it is carried out."""
        return min(self.received_at or self.when, self.when)


@dataclass(frozen=True, slots=True)
class Fired:
    """A change that is written: the new state and version, and the number of its log record."""

    state: str
    version: int
    log_seq: int
    pending: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer as it is stored under an idempotency key and sent by the API."""
        if self.pending:
            return {"pending": self.pending}
        return {"state": self.state, "version": self.version, "log_seq": self.log_seq}


class Refused(Exception):
    """Ends the transaction: nothing of the command is written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals

    @property
    def code(self) -> str:
        return self.refusals[0].code


class UnknownProcess(LookupError):
    """There is no such process, or none that the actor may see."""


class StaleVersion(Exception):
    """Someone else has changed the process since the actor looked at it."""

    def __init__(self, expected: int, current: int) -> None:
        super().__init__(f"expected version {expected}, found {current}")
        self.expected = expected
        self.current = current


class KeyReused(Exception):
    """The idempotency key came with another command before."""
