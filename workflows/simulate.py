"""Walking a definition without a case: all ways, and what a role or nobody can bring about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.definition import Definition, Transition

Way = tuple[Transition, ...]


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
