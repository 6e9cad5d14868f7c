"""A definition as a graph: which states lead where, and which arrows go in circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workflows.definition import Definition, Transition


def _spread(neighbours: Mapping[str, set[str]], start: Iterable[str]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for state in neighbours.get(waiting.pop(), set()) - found:
            found.add(state)
            waiting.append(state)
    return found


def reachable_from(definition: Definition, start: str) -> set[str]:
    """The states to which arrows lead from a state, itself included."""
    after: dict[str, set[str]] = {}
    for arrow in definition.transitions:
        after.setdefault(arrow.source, set()).add(arrow.target)
    return _spread(after, [start])


def leading_to(definition: Definition, ends: Iterable[str]) -> set[str]:
    """The states from which arrows lead to one of the ends, those included."""
    before: dict[str, set[str]] = {}
    for arrow in definition.transitions:
        before.setdefault(arrow.target, set()).add(arrow.source)
    return _spread(before, list(ends))


def cycles(arrows: Iterable[Transition]) -> Iterator[tuple[Transition, ...]]:
    """Every simple circle of these arrows, once, beginning at its earliest arrow."""
    ordered = list(arrows)
    for position, first in enumerate(ordered):
        yield from _close(ordered[position:], (first,))


def _close(
    arrows: list[Transition], path: tuple[Transition, ...]
) -> Iterator[tuple[Transition, ...]]:
    if path[-1].target == path[0].source:
        yield path
        return
    visited = {arrow.source for arrow in path}
    for arrow in arrows:
        if arrow.source == path[-1].target and arrow.target not in visited - {path[0].source}:
            yield from _close(arrows, (*path, arrow))
