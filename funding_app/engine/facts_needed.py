"""What one event from one state asks for: worked out once per definition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workflows.definition import Definition, Transition
from workflows.guards import GUARDS


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts that the guards of some transitions read, and whether they look at children."""

    facts: frozenset[str]
    children: bool


_events: dict[tuple[str, str, str], Asked] = {}
_second: dict[tuple[str, str], bool] = {}
_automatic: dict[tuple[str, str], tuple[str, ...]] = {}


def asked_by(definition: Definition, state: str, event: str) -> Asked:
    """What must be known to judge an event in a state."""
    place = (definition.sha256, state, event)
    if place not in _events:
        _events[place] = _asked(
            arrow for arrow in definition.arrows_from(state) if arrow.event == event
        )
    return _events[place]


def _asked(arrows: Iterable[Transition]) -> Asked:
    calls = [call for arrow in arrows for call in (*arrow.when, *arrow.guards)]
    return Asked(
        frozenset(fact for call in calls for fact in GUARDS[call.name].reads(call.params)),
        any(GUARDS[call.name].children for call in calls),
    )


def needs_second(definition: Definition, state: str) -> bool:
    """Whether something that leaves the state, or stays in it, is proposed to a second person."""
    place = (definition.sha256, state)
    if place not in _second:
        _second[place] = any(arrow.second for arrow in definition.arrows_from(state))
    return _second[place]


def automatic_events(definition: Definition, state: str) -> tuple[str, ...]:
    """The events that happen by themselves in a state, in the order of the text."""
    place = (definition.sha256, state)
    if place not in _automatic:
        found = (arrow for arrow in definition.arrows_from(state) if arrow.by == "automatic")
        _automatic[place] = tuple(dict.fromkeys(arrow.event for arrow in found))
    return _automatic[place]
