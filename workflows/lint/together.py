"""Rules about how definitions fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.definition import Definition
from workflows.guards import GUARDS
from workflows.lint.findings import Found, calls_of, named, place_of
from workflows.registry import Registry


def children(definition: Definition, registry: Registry) -> Iterator[Found]:
    """What is asked of child processes can be answered by their definitions."""
    for arrow in definition.transitions:
        for call in calls_of(arrow):
            if not GUARDS[call.name].children or "kind" not in call.params:
                continue
            for why in _unanswerable(call.params["kind"], call.params["states"], registry):
                yield place_of(arrow), f"{named(arrow)} waits in vain", why


def _unanswerable(kind: str, states: Iterable[str], registry: Registry) -> Iterator[str]:
    if kind not in registry:
        yield f"there is no definition '{kind}'"
        return
    for state in sorted(set(states) - set(registry.get(kind).states)):
        yield f"'{kind}' has no state '{state}'"


def second_persons(definition: Definition, registry: Registry) -> Iterator[Found]:
    """Whoever is to be the second person may confirm an approval."""
    confirming = {
        role
        for arrow in registry.get("approval").transitions
        if arrow.event == "confirm"
        for role in arrow.roles
    }
    for arrow in definition.transitions:
        for role in set(arrow.second) - confirming:
            why = f"'{role}' may not confirm in 'approval'"
            yield place_of(arrow), f"{named(arrow)} can not keep four eyes", why
