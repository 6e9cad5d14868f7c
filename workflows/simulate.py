"""Walking a definition without a case: all ways, and what a role or nobody can bring about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from workflows.definition import Definition, Transition

Way = tuple[Transition, ...]
MOST_WAYS = 20_000


def ways(definition: Definition, start: str | None = None) -> Iterator[Way]:
    """Every way from a state (the initial one) to an end that visits no state twice."""
    first = start or definition.initial
    yield from _on(definition, first, (), frozenset({first}))


def _on(definition: Definition, state: str, way: Way, visited: frozenset[str]) -> Iterator[Way]:
    if definition.states[state].terminal:
        yield way
    for arrow in definition.arrows_from(state):
        if arrow.target not in visited:
            yield from _on(definition, arrow.target, (*way, arrow), visited | {arrow.target})


DAYS_IN = {"working_days": 7 / 5, "days": 1.0, "weeks": 7.0, "months": 30.4}
"""Roughly, in calendar days: a simulation plans, it sets no date."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a way may take by the limits of its states, in calendar days.

    `open` are the states on it that wait without a number of days: for a date of the case, or
    without a limit.
    """

    days: int
    open: tuple[str, ...]
    way: Way


def shortest_and_longest(definition: Definition) -> tuple[Length, Length] | None:
    """Of all ways to an end, the one whose limits add up to least, and to most.

    Where it can, the shortest is one on which nothing is broken off (no step of tone `danger`).
    `None` where no way leads to an end.
    """
    found = [_length(definition, way) for way in islice(ways(definition), MOST_WAYS)]
    if not found:
        return None
    by_days = sorted(
        found,
        key=lambda one: (
            any(arrow.tone == "danger" for arrow in one.way),
            one.days,
            len(one.way),
        ),
    )
    return by_days[0], max(found, key=lambda one: (one.days, -len(one.way)))


def _length(definition: Definition, way: Way) -> Length:
    limits = {arrow.source: definition.states[arrow.source].limit for arrow in way}
    days = sum(
        limit.amount * DAYS_IN[limit.unit]
        for limit in limits.values()
        if limit is not None and limit.unit in DAYS_IN
    )
    waiting = tuple(
        state for state, limit in limits.items() if limit is None or limit.unit not in DAYS_IN
    )
    return Length(round(days), waiting, way)


def brought_about_by(definition: Definition, roles: Iterable[str]) -> set[str]:
    """The states that these roles bring about by themselves, without a second person."""
    held = set(roles)
    return {
        arrow.target
        for arrow in definition.transitions
        if arrow.by == "person" and not arrow.second and held & set(arrow.roles)
    }


def without_anyone(definition: Definition) -> set[str]:
    """The states in which a case stays for ever where no person acts."""
    moved = {arrow.source for arrow in definition.transitions if arrow.by != "person"}
    return {state.id for state in definition.states.values() if not state.terminal} - moved


def only_by(definition: Definition) -> dict[str, set[str]]:
    """For each role, the states that nobody leaves where nobody holds it."""
    roles = {role for arrow in definition.transitions for role in (*arrow.roles, *arrow.second)}
    waiting = {role: _stuck_without(definition, role) for role in sorted(roles)}
    return {role: states for role, states in waiting.items() if states}


def _stuck_without(definition: Definition, role: str) -> set[str]:
    left = {
        arrow.source
        for arrow in definition.transitions
        if arrow.target != arrow.source and _possible_without(arrow, role)
    }
    return {state.id for state in definition.states.values() if not state.terminal} - left


def _possible_without(arrow: Transition, role: str) -> bool:
    if arrow.by != "person":
        return True
    return set(arrow.roles) != {role} and set(arrow.second) != {role}
