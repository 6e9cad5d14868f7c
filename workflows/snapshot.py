"""What a decision may look at, and what it answers: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows.definition import Call, Transition


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the person's id (`None` for the system) and the roles held *on this process*."""

    user_id: str | None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Child:
    """A child process as its parent's guards see it; `kind` is its definition's key."""

    id: str
    kind: str
    state: str
    terminal: bool
    record: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A process at one instant.

    `facts` holds every fact that the state asks for (`Definition.facts`); `children` stand in the
    order of their birth. `performers` maps an event to
    the id of the person who last fired it on this process. `data` is the validated data of the
    event, or `None` where only the possibility is asked for: guards over data then hold.
    """

    state: str
    when: datetime
    actor: Actor
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    performers: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event is not possible: a code, and parameters for its text in the translations.

    `at` is the field whose content is refused; empty where the cause is none that was typed.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a permitted event leads to. With `needs_second` it only opens an approval."""

    state: str
    effects: tuple[Call, ...]
    transition: Transition
    needs_second: bool = False


@dataclass(frozen=True, slots=True)
class Possibility:
    """One event seen from one state by one actor: allowed, or with all its refusals."""

    event: str
    transition: Transition
    refusals: tuple[Refusal, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals
