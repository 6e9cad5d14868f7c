"""Guards: small requirements over a snapshot, each with the codes by which it refuses.

A guard returns `None` where it holds. Guards over the event's data hold while only the
possibility is asked for (`snapshot.data is None`). The same guards serve as conditions (`when`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.definition import Call, Text
from workflows.snapshot import Child, Refusal, Snapshot
from workflows.vocabulary import FACTS, Parameter, one_of, text

Params = Mapping[str, Any]
Requirement = Callable[[Snapshot, Params], Refusal | None]

WORDS: Parameter = {"type": "array", "minItems": 1, "items": {"type": "string"}}
EVENTS: Parameter = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/event"}}
NUMBER_FACT: Parameter = {"$ref": "#/$defs/number_fact"}
KIND: Parameter = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Guard:
    """A requirement, the facts it reads, its parameters and its refusal codes.

    `opposite` is a guard that never holds together with this one. `picks` names the parameter
    that picks out of values of which only one is true at a time.
    """

    name: str
    holds: Requirement
    meaning: Text
    codes: tuple[str, ...]
    facts: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    children: bool = False
    opposite: str | None = None
    picks: str | None = None

    def reads(self, params: Params) -> frozenset[str]:
        """The facts it asks for, those among its parameters included."""
        chosen = (params[name] for name, kind in self.params.items() if kind is NUMBER_FACT)
        return frozenset((*self.facts, *chosen))


GUARDS: dict[str, Guard] = {}


def guard(*codes: str, de: str, en: str, **more: Any) -> Callable[[Requirement], Requirement]:
    """Registers a requirement under its function's name; `more` are fields of `Guard`."""

    def register(requirement: Requirement) -> Requirement:
        name = requirement.__name__
        GUARDS[name] = Guard(name, requirement, text(de, en), codes, **more)
        return requirement

    return register


def _by_fact(fact: str, code: str) -> None:
    """Registers a guard that holds where the yes-or-no fact of its own name does."""

    def requirement(snapshot: Snapshot, _params: Params) -> Refusal | None:
        return None if snapshot.facts[fact] else Refusal(code)

    GUARDS[fact] = Guard(fact, requirement, FACTS[fact].meaning, (code,), (fact,))


for _fact, _code in {
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
    "in_time": "deadline_passed",
}.items():
    _by_fact(_fact, _code)


@guard(
    "not_late",
    de="der Eingang liegt nach der Frist",
    en="the submission is after the cut-off",
    facts=("in_time",),
    opposite="in_time",
)
def late(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """A submission now is after the cut-off."""
    return Refusal("not_late") if snapshot.facts["in_time"] else None


@guard(
    "terms_accepted",
    de="die Bewilligung ist nicht angenommen",
    en="the award is not accepted",
    facts=("accepted",),
    opposite="accepted",
)
def not_accepted(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The award has not been accepted."""
    return Refusal("terms_accepted") if snapshot.facts["accepted"] else None


@guard(
    "deadline_strict",
    de="der Aufruf lässt verspätete Anträge zu, oder Wiedereinsetzung ist gewährt",
    en="the call admits late submissions, or reinstatement is granted",
    facts=("strict_deadline",),
)
def lenient_deadline(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The call admits late submissions, or reinstatement is granted (§ 32 VwVfG)."""
    if snapshot.data is None or snapshot.data.get("reinstatement") is True:
        return None
    return Refusal("deadline_strict") if snapshot.facts["strict_deadline"] else None


@guard(
    "decision_differs",
    de="die Entscheidung lautet auf {kind}",
    en="the decision is {kind}",
    facts=("decision_kind",),
    params={"kind": one_of("grant", "reject")},
    picks="kind",
)
def decision_is(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The recorded decision is of this kind."""
    kind = snapshot.facts["decision_kind"]
    return None if kind == params["kind"] else Refusal("decision_differs", {"kind": params["kind"]})


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
    "reviews_missing",
    de="genügend Gutachten gelten, und keines steht aus",
    en="enough reviews count, and none is under way",
    facts=("reviews_counted", "reviews_needed", "reviews_open"),
    opposite="reviews_short",
)
def reviews_sufficient(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Enough reviews count, and none is still under way."""
    facts = snapshot.facts
    missing = max(0, facts["reviews_needed"] - facts["reviews_counted"])
    if not missing and not facts["reviews_open"]:
        return None
    return Refusal("reviews_missing", {"missing": missing, "open": facts["reviews_open"]})


@guard(
    "reviews_sufficient",
    de="weniger Gutachten gelten, als der Aufruf verlangt",
    en="fewer reviews count than the call asks for",
    facts=("reviews_counted", "reviews_needed"),
)
def reviews_short(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Fewer reviews count than the call asks for."""
    enough = snapshot.facts["reviews_counted"] >= snapshot.facts["reviews_needed"]
    return Refusal("reviews_sufficient") if enough else None


@guard(
    "signature_missing",
    de="alle beteiligten Ressorts haben den geltenden Inhalt gezeichnet",
    en="every ministry has signed the present content",
    facts=("signatures_missing", "content_hash"),
)
def signatures_current(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Every ministry has signed the present content (§ 19 Abs. 2 GGO)."""
    missing = snapshot.facts["signatures_missing"]
    if snapshot.facts["content_hash"] and missing == 0:
        return None
    return Refusal("signature_missing", {"missing": missing})


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
    ignored = {"approval", *params.get("except", ())}
    for child in snapshot.children:
        if not child.terminal and child.kind not in ignored:
            return Refusal("child_open", {"kind": child.kind})
    return None


@guard(
    "confirmation_missing",
    de="mit Ja beantwortet: {fields}",
    en="answered with yes: {fields}",
    params={"fields": WORDS},
)
def confirmed(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The event's yes-or-no questions are all answered with yes."""
    if snapshot.data is None:
        return None
    for name in params["fields"]:
        if snapshot.data.get(name) is not True:
            return Refusal("confirmation_missing", {"field": name})
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
