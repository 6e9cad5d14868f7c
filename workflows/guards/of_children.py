"""Guards over the sub-processes."""

from __future__ import annotations

from workflows.guards.registry import KIND, NUMBER_FACT, WORDS, Params, guard
from workflows.snapshot import Child, Refusal, Snapshot
from workflows.vocabulary import Record


def _of_kind(snapshot: Snapshot, params: Params) -> list[Child]:
    return [child for child in snapshot.children if child.kind == params["kind"]]


@guard(
    "child_missing",
    de="das jüngste Teilverfahren {kind} steht auf {states}",
    en="the newest sub-process {kind} is in {states}",
    params={"kind": KIND, "states": WORDS},
    children=True,
    picks="states",
)
def child_in(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The newest child of this kind is in one of these states."""
    found = _of_kind(snapshot, params)
    if found and found[-1].state in params["states"]:
        return None
    return Refusal("child_missing", {"kind": params["kind"]})


@guard(
    "child_missing",
    de="alle Teilverfahren {kind} stehen auf {states}",
    en="all sub-processes {kind} are in {states}",
    params={"kind": KIND, "states": WORDS},
    children=True,
)
def children_all(snapshot: Snapshot, params: Params) -> Refusal | None:
    """There are children of this kind, and all are in one of these states."""
    found = _of_kind(snapshot, params)
    waiting = sum(child.state not in params["states"] for child in found)
    if found and not waiting:
        return None
    return Refusal("child_missing", {"kind": params["kind"], "missing": waiting or 1})


@guard(
    "child_missing",
    de="so viele Teilverfahren {kind} stehen auf {states}: {fact}",
    en="so many sub-processes {kind} are in {states}: {fact}",
    params={"kind": KIND, "states": WORDS, "fact": NUMBER_FACT},
    children=True,
)
def children_at_least(snapshot: Snapshot, params: Params) -> Refusal | None:
    """As many children of this kind as the fact says are in one of these states."""
    there = sum(child.state in params["states"] for child in _of_kind(snapshot, params))
    missing = snapshot.facts[params["fact"]] - there
    if missing <= 0:
        return None
    return Refusal("child_missing", {"kind": params["kind"], "missing": missing})


@guard(
    "child_open",
    de="kein Teilverfahren läuft mehr",
    en="no sub-process is under way",
    params={"except": WORDS},
    optional=frozenset({"except"}),
    children=True,
)
def no_open_children(snapshot: Snapshot, params: Params) -> Refusal | None:
    """No child is under way, apart from the kinds named; approvals never count."""
    ignored = params.get("except", ())
    for child in snapshot.children:
        if not (child.terminal or child.kind in ignored or child.record == Record.APPROVAL):
            return Refusal("child_open", {"kind": child.kind})
    return None
