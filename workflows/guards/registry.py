"""What a guard is, and the list of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.definition import Text
from workflows.snapshot import Refusal, Snapshot
from workflows.vocabulary import FACTS, Parameter, text

Params = Mapping[str, Any]
Requirement = Callable[[Snapshot, Params], Refusal | None]

WORDS: Parameter = {"type": "array", "minItems": 1, "items": {"type": "string"}}
EVENTS: Parameter = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/event"}}
NUMBER_FACT: Parameter = {"$ref": "#/$defs/number_fact"}
KIND: Parameter = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Guard:
    """A requirement, the facts it reads, its parameters and its refusal codes.

    `opposite` is a guard that never holds together with this one. `picks` names the parameter
    that picks out of values of which only one is true at a time.
    """

    name: str
    holds: Requirement
    meaning: Text
    codes: tuple[str, ...]
    facts: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    children: bool = False
    opposite: str | None = None
    picks: str | None = None

    def reads(self, params: Params) -> frozenset[str]:
        """The facts it asks for, those among its parameters included."""
        chosen = (params[name] for name, kind in self.params.items() if kind is NUMBER_FACT)
        return frozenset((*self.facts, *chosen))


GUARDS: dict[str, Guard] = {}


def guard(*codes: str, de: str, en: str, **more: Any) -> Callable[[Requirement], Requirement]:
    """Registers a requirement under its function's name; `more` are fields of `Guard`."""

    def register(requirement: Requirement) -> Requirement:
        name = requirement.__name__
        GUARDS[name] = Guard(name, requirement, text(de, en), codes, **more)
        return requirement

    return register


def by_fact(fact: str, code: str) -> None:
    """Registers a guard that holds where the yes-or-no fact of its own name does."""

    def requirement(snapshot: Snapshot, _params: Params) -> Refusal | None:
        return None if snapshot.facts[fact] else Refusal(code)

    GUARDS[fact] = Guard(fact, requirement, FACTS[fact].meaning, (code,), (fact,))
