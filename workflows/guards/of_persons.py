"""Guards over who acts."""

from __future__ import annotations

from workflows.guards.registry import EVENTS, Params, guard
from workflows.snapshot import Refusal, Snapshot


@guard(
    "four_eyes_violation",
    de="eine andere Person als bei {from}",
    en="another person than at {from}",
    params={"from": EVENTS},
)
def different_person(snapshot: Snapshot, params: Params) -> Refusal | None:
    """Who acts has fired none of these events on the process (VV zu §§ 70 ff. BHO)."""
    for event in params["from"]:
        if event in snapshot.performers and snapshot.performers[event] == snapshot.actor.user_id:
            return Refusal("four_eyes_violation", {"event": event})
    return None


@guard(
    "four_eyes_violation",
    "not_permitted",
    de="eine andere Person als beim Vorschlag, mit einer der bestätigenden Rollen",
    en="another person than the proposer, with one of the confirming roles",
    facts=("proposer", "second_roles"),
    opposite="is_proposer",
)
def is_second_person(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Another person than the proposer, holding one of the roles that may confirm."""
    if snapshot.actor.user_id == snapshot.facts["proposer"]:
        return Refusal("four_eyes_violation", {"event": "propose"})
    if not snapshot.actor.roles & set(snapshot.facts["second_roles"]):
        return Refusal("not_permitted")
    return None


@guard(
    "not_permitted",
    de="die Person, die vorgeschlagen hat",
    en="the person who proposed",
    facts=("proposer",),
)
def is_proposer(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The person who proposed."""
    own = snapshot.actor.user_id == snapshot.facts["proposer"]
    return None if own else Refusal("not_permitted")
