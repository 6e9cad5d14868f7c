"""Guards: small requirements over a snapshot, each with the codes by which it refuses.

A guard returns `None` where it holds. Guards over the event's data hold while only the
possibility is asked for (`snapshot.data is None`). The same guards serve as conditions (`when`).
"""

from __future__ import annotations

from typing import Any

from workflows.definition import Call
from workflows.guards import of_children, of_data, of_facts, of_persons
from workflows.guards.registry import GUARDS, Guard

__all__ = ["GUARDS", "Guard", "excludes", "of_children", "of_data", "of_facts", "of_persons"]


def excludes(one: Call, other: Call) -> bool:
    """Whether two calls can never hold at the same time."""
    first, second = GUARDS[one.name], GUARDS[other.name]
    if one.name != other.name:
        return first.opposite == other.name or second.opposite == one.name
    if first.picks is None:
        return False
    picked, others = _split(one, first.picks), _split(other, first.picks)
    return picked[1] == others[1] and not picked[0] & others[0]


def _split(call: Call, picks: str) -> tuple[set[str], dict[str, Any]]:
    value = call.params[picks]
    rest = {name: param for name, param in call.params.items() if name != picks}
    return ({value} if isinstance(value, str) else set(value)), rest
