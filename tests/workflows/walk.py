"""Walks a definition without a database: one snapshot after the other, as the engine does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import workflows
from workflows import Registry
from workflows.definition import Transition
from workflows.snapshot import Actor, Child, Outcome, Possibility, Refusal, Snapshot

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
YES = {
    "no_conflict": True,
    "complete": True,
    "eligible": True,
    "not_begun": True,
    "no_double_funding": True,
    "terms": True,
    "waiver": True,
}
# A case in which nothing stands in the way; a test changes what it is about.
SMOOTH: Mapping[str, Any] = {
    "strict_deadline": False,
    "reviews_counted": 2,
    "reviews_open": 0,
    "reviews_needed": 2,
    "content_hash": "hash",
    "signatures_missing": 0,
    "decision_kind": "grant",
    "proposer": "anna",
    "second_roles": ["approver"],
    "recorded": {"hours": 10, "ceiling": "5000.00"},
    "remedy_kind": "objection",
    "consents_missing": 0,
    "consents_denied": 0,
    "voters": 6,
    "voters_present": 4,
    "recusals": ["item:otto"],
    "capacity": 40,
    "hours_left": 8,
}
# What people state where a guard looks at it; a question that has to be confirmed is added.
STATED: Mapping[str, Any] = {
    "until": "2026-04-01",
    "known_on": "2026-03-01",
    "received_on": "2026-03-01",
    "worked_on": "2026-03-01",
    "video_seconds": 120,
    "participants": 3,
    "spent": 4,
    "more_hours": 5,
    "price": "4000.00",
    "kind": "purpose_change",
    "recusal": "item:otto",
}


def stated_for(arrow: Transition) -> dict[str, Any]:
    """Data with which the arrow's guards over the event's data hold."""
    confirmed = (
        name for call in arrow.guards if call.name == "confirmed" for name in call.params["fields"]
    )
    chosen = {
        call.params["field"]: call.params["value"]
        for call in arrow.when
        if call.name == "answer_is"
    }
    return {**YES, **STATED, **dict.fromkeys(confirmed, True), **chosen}


@lru_cache(maxsize=1)
def shipped() -> Registry:
    return workflows.load()


@dataclass
class Walk:
    """One process on its way, with the facts of its case; unnamed facts are true."""

    key: str
    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    performers: dict[str, str] = field(default_factory=dict)

    def snapshot(self, actor: Actor, data: Mapping[str, Any] | None) -> Snapshot:
        asked = shipped().get(self.key).facts[self.state]
        facts = {name: self.facts.get(name, SMOOTH.get(name, True)) for name in asked}
        return Snapshot(self.state, NOW, actor, facts, self.children, self.performers, data)

    def decide(
        self, event: str, role: str, who: str = "anna", data: Mapping[str, Any] | None = None
    ) -> Outcome | tuple[Refusal, ...]:
        """What the event would lead to; the role `system` stands for the engine itself."""
        actor = Actor(None) if role == "system" else Actor(who, frozenset({role}))
        given = YES if data is None else data
        return workflows.decide(shipped().get(self.key), self.snapshot(actor, given), event)

    def fire(self, event: str, role: str, who: str = "", **data: Any) -> Outcome:
        """Fires an event that must be possible, by default by a person of its own."""
        person = who or f"{role} of {event}"
        decided = self.decide(event, role, person, {**YES, **data})
        assert isinstance(decided, Outcome), f"{event} in {self.state}: {decided}"
        if role != "system":
            self.performers[event] = person
        self.state = decided.state
        return decided

    def refused(self, event: str, role: str, who: str = "anna", **data: Any) -> set[str]:
        """The codes by which an event is refused; empty where it is possible."""
        decided = self.decide(event, role, who, {**YES, **data})
        return set() if isinstance(decided, Outcome) else {one.code for one in decided}

    def explained(self, role: str, who: str = "anna") -> dict[str, Possibility]:
        found = workflows.explain(
            shipped().get(self.key), self.snapshot(Actor(who, frozenset({role})), None)
        )
        return {one.event: one for one in found}


def follow(walk: Walk, *steps: str) -> None:
    """Fires steps written as `event role state` and checks the state each leads to."""
    for step in steps:
        event, role, state = step.split()
        walk.fire(event, role)
        assert walk.state == state, f"{event} led to {walk.state}"


def effects(outcome: Outcome) -> list[str]:
    return [call.name for call in outcome.effects]


def child(kind: str, state: str, *, terminal: bool = False) -> Child:
    record = shipped().get(kind).record if kind in shipped() else ""
    return Child(f"{kind}-{state}", kind, state, terminal, record)
