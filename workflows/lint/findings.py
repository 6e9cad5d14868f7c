"""What a rule looks at and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

from source_text import Place, nearest
from workflows.definition import Call, Definition, Transition
from workflows.guards import excludes

Found: TypeAlias = tuple[Place, str, str]
"""Where something is wrong, what, and why."""

Rule: TypeAlias = Callable[[Definition], Iterator[Found]]


def place_of(arrow: Transition) -> Place:
    """Where an arrow stands in its text."""
    return ("transitions", arrow.index)


def named(arrow: Transition) -> str:
    """How an arrow is called in a finding."""
    return f"'{arrow.event}' from '{arrow.source}'"


def calls_of(arrow: Transition) -> tuple[Call, ...]:
    """The conditions and guards of an arrow."""
    return (*arrow.when, *arrow.guards)


def apart(one: tuple[Call, ...], other: tuple[Call, ...]) -> bool:
    """Whether the two lists of calls can never hold together."""
    return any(excludes(first, second) for first in one for second in other)


def hint(name: object, known: Collection[str]) -> str:
    """The nearest right name as the end of a sentence, or nothing."""
    close = nearest(name, known)
    return f"; did you mean '{close}'?" if close else ""
