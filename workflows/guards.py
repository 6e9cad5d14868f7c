"""Guards: small requirements over a snapshot, each with the codes by which it refuses.

A guard returns `None` where it holds. Guards over the event's data hold while only the
possibility is asked for (`snapshot.data is None`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.snapshot import Refusal, Snapshot

Requirement = Callable[[Snapshot, Mapping[str, Any]], Refusal | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A requirement, the facts it reads, its parameters and its refusal codes."""

    name: str
    holds: Requirement
    facts: tuple[str, ...]
    params: tuple[str, ...]
    codes: tuple[str, ...]
    children: bool = False


GUARDS: dict[str, Guard] = {}


def guard(
    *codes: str,
    facts: tuple[str, ...] = (),
    params: tuple[str, ...] = (),
    children: bool = False,
) -> Callable[[Requirement], Requirement]:
    """Registers a requirement under its function's name."""

    def register(requirement: Requirement) -> Requirement:
        name = requirement.__name__
        GUARDS[name] = Guard(name, requirement, facts, params, codes, children)
        return requirement

    return register


def _simple(name: str, code: str, *, wanted: bool = True) -> None:
    """Registers a guard that holds where a yes-or-no fact of its own name does."""

    def requirement(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
        return None if bool(snapshot.facts[name]) is wanted else Refusal(code)

    GUARDS[name] = Guard(name, requirement, (name,), (), (code,))


for _name, _code in {
    "call_open": "call_not_open",
    "form_complete": "incomplete",
    "budget_balanced": "budget_unbalanced",
    "one_per_year": "already_funded",
    "amount_within_call": "amount_outside_call",
    "within_quarter": "budget_insufficient",
    "shares_complete": "shares_incomplete",
    "content_current": "signature_stale",
    "letter_issued": "letter_pending",
    "already_notified": "not_notified",
    "accepted": "terms_not_accepted",
    "bank_verified": "bank_unverified",
    "limit_passed": "limit_running",
    "balance_zero": "balance_open",
    "parent_active": "not_active",
    "amount_available": "total_exceeded",
    "no_overdue_report": "report_overdue",
}.items():
    _simple(_name, _code)


@guard("deadline_passed", facts=("in_time",))
def in_time(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """A submission now is within the cut-off."""
    return None if snapshot.facts["in_time"] else Refusal("deadline_passed")


@guard("not_late", facts=("in_time",))
def late(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """A submission now is after the cut-off."""
    return Refusal("not_late") if snapshot.facts["in_time"] else None


@guard("deadline_strict", facts=("strict_deadline",))
def lenient_deadline(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """The call admits late submissions, or reinstatement is stated (§ 32 VwVfG)."""
    reinstated = bool((snapshot.data or {}).get("reinstatement"))
    strict = snapshot.facts["strict_deadline"] and snapshot.data is not None
    return Refusal("deadline_strict") if strict and not reinstated else None


@guard("decision_differs", facts=("decision_kind",), params=("kind",))
def decision_is(snapshot: Snapshot, params: Mapping[str, Any]) -> Refusal | None:
    """The recorded decision is of this kind."""
    kind = snapshot.facts["decision_kind"]
    return None if kind == params["kind"] else Refusal("decision_differs")


@guard("four_eyes_violation", params=("events",))
def different_person(snapshot: Snapshot, params: Mapping[str, Any]) -> Refusal | None:
    """Who acts has fired none of these events on the process (VV zu §§ 70 ff. BHO)."""
    for event in params["events"]:
        if snapshot.performers.get(event) == snapshot.actor.user_id:
            return Refusal("four_eyes_violation", {"event": event})
    return None


@guard(
    "reviews_missing",
    facts=("reviews_counted", "reviews_needed", "reviews_open"),
)
def reviews_sufficient(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """Enough reviews count, and none is still under way."""
    facts = snapshot.facts
    if facts["reviews_counted"] >= facts["reviews_needed"] and not facts["reviews_open"]:
        return None
    missing = max(0, facts["reviews_needed"] - facts["reviews_counted"])
    return Refusal("reviews_missing", {"missing": missing, "open": facts["reviews_open"]})


@guard("reviews_sufficient", facts=("reviews_counted", "reviews_needed"))
def reviews_short(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """Fewer reviews count than the call asks for."""
    enough = snapshot.facts["reviews_counted"] >= snapshot.facts["reviews_needed"]
    return Refusal("reviews_sufficient") if enough else None


@guard("signature_missing", facts=("signatures_missing", "content_hash"))
def signatures_current(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """Every ministry has signed the present content (§ 19 Abs. 2 GGO)."""
    missing = snapshot.facts["signatures_missing"]
    if snapshot.facts["content_hash"] and missing == 0:
        return None
    return Refusal("signature_missing", {"missing": missing})


@guard("child_missing", params=("kind", "states"), children=True)
def child_in(snapshot: Snapshot, params: Mapping[str, Any]) -> Refusal | None:
    """A child of this kind is in one of these states."""
    for child in snapshot.children:
        if child.kind == params["kind"] and child.state in params["states"]:
            return None
    return Refusal("child_missing", {"kind": params["kind"]})


@guard("child_open", params=("except",), children=True)
def no_open_children(snapshot: Snapshot, params: Mapping[str, Any]) -> Refusal | None:
    """No child is under way, apart from the kinds named; approvals never count."""
    ignored = {"approval", *params.get("except", ())}
    for child in snapshot.children:
        if not child.terminal and child.kind not in ignored:
            return Refusal("child_open", {"kind": child.kind})
    return None


@guard("confirmation_missing", params=("fields",))
def confirmed(snapshot: Snapshot, params: Mapping[str, Any]) -> Refusal | None:
    """The event's yes-or-no questions are all answered with yes."""
    if snapshot.data is None:
        return None
    for name in params["fields"]:
        if snapshot.data.get(name) is not True:
            return Refusal("confirmation_missing", {"field": name})
    return None


@guard("four_eyes_violation", "not_permitted", facts=("proposer", "second_roles"))
def is_second_person(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """Another person than the proposer, holding one of the roles that may confirm."""
    if snapshot.actor.user_id == snapshot.facts["proposer"]:
        return Refusal("four_eyes_violation", {"event": "propose"})
    if not snapshot.actor.roles & set(snapshot.facts["second_roles"]):
        return Refusal("not_permitted")
    return None


@guard("not_permitted", facts=("proposer",))
def is_proposer(snapshot: Snapshot, _params: Mapping[str, Any]) -> Refusal | None:
    """The person who proposed."""
    own = snapshot.actor.user_id == snapshot.facts["proposer"]
    return None if own else Refusal("not_permitted")


REFUSAL_CODES = frozenset(
    {"not_permitted", "wrong_state", "unknown_event", "already_proposed", "reason_missing"}
).union(*(known.codes for known in GUARDS.values()))
