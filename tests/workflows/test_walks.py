"""Wherever chance leads a process, it stays on the map, and the machine keeps nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workflows
from tests.workflows.walk import NOW, SMOOTH, STATED, YES, child, shipped, stated_for
from workflows.definition import Call, Definition, Transition
from workflows.guards import GUARDS
from workflows.machine import machine_of
from workflows.snapshot import Actor, Child, Outcome, Snapshot
from workflows.vocabulary import FACTS, ROLES

LONG = 60
ARROWS = [(one, arrow) for one in shipped().all() for arrow in one.transitions]


def _first(call: Call) -> dict[str, object]:
    recorded = {call.params["field"]: call.params["values"][0]}
    return {"recorded": {**SMOOTH["recorded"], **recorded}}


# What some guards need beyond the smooth case.
NEEDED: Mapping[str, Callable[[Call], dict[str, object]]] = {
    "decision_is": lambda call: {"decision_kind": call.params["kind"]},
    "recorded_is": _first,
    "remedy_is": lambda call: {"remedy_kind": call.params["kind"]},
    "capacity_taken": lambda _call: {"capacity": 0},
    "consent_refused": lambda _call: {"consents_denied": 1, "consents_missing": 1},
    "reviews_short": lambda _call: {"reviews_counted": 0},
    "is_proposer": lambda _call: {"proposer": "boris"},
}


def fulfilling(arrow: Transition) -> tuple[dict[str, object], tuple[Child, ...]]:
    """Facts and children on which the arrow's conditions and guards hold."""
    facts: dict[str, object] = {name: SMOOTH.get(name, True) for name in FACTS}
    children: tuple[Child, ...] = ()
    for call in (*arrow.when, *arrow.guards):
        if call.name in NEEDED:
            facts |= NEEDED[call.name](call)
        elif call.name == "child_in":
            children = (child(call.params["kind"], call.params["states"][0], terminal=True),)
        elif GUARDS[call.name].opposite in FACTS:
            facts[GUARDS[call.name].opposite or ""] = False
    return facts, children


@pytest.mark.parametrize(
    ("definition", "arrow"), ARROWS, ids=lambda one: getattr(one, "event", getattr(one, "key", ""))
)
def test_every_transition_can_happen(definition: Definition, arrow: Transition) -> None:
    facts, children = fulfilling(arrow)
    actor = Actor("boris", frozenset(ROLES)) if arrow.by == "person" else Actor(None)
    stated = stated_for(arrow)
    snapshot = Snapshot(arrow.source, NOW, actor, facts, children, {}, stated)
    decided = workflows.decide(definition, snapshot, arrow.event)
    assert isinstance(decided, Outcome), decided
    assert decided.transition == arrow
    assert decided.needs_second == bool(arrow.second)


@given(st.data())
def test_a_random_walk_stays_on_the_map_and_can_always_end(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(shipped().all()))
    state = definition.initial
    for _step in range(LONG):
        if definition.states[state].terminal:
            assert definition.arrows_from(state) == []
            return
        facts = {name: _value(data, name) for name in sorted(definition.facts[state])}
        person = data.draw(st.booleans())
        actor = Actor("anna", frozenset(ROLES)) if person else Actor(None)
        stated = {**YES, **STATED}
        snapshot = Snapshot(state, NOW, actor, facts, _children(data, definition), {}, stated)
        event = data.draw(st.sampled_from([one.event for one in definition.arrows_from(state)]))
        decided = workflows.decide(definition, snapshot, event)
        if isinstance(decided, Outcome):
            assert decided.transition in definition.arrows_from(state)
            state = decided.state


def _value(data: st.DataObject, name: str) -> object:
    kind = FACTS[name].kind
    if name == "decision_kind":
        return data.draw(st.sampled_from(["grant", "reject"]))
    if kind == "yes_no":
        return data.draw(st.booleans())
    return data.draw(st.integers(0, 3)) if kind == "number" else SMOOTH.get(name)


def _children(data: st.DataObject, definition: Definition) -> tuple[Child, ...]:
    calls = [call for arrow in definition.transitions for call in arrow.guards]
    wanted = [call.params for call in calls if call.name == "child_in"]
    if not wanted:
        return ()
    params = data.draw(st.sampled_from(wanted))
    return (child(params["kind"], data.draw(st.sampled_from(params["states"]))),)


def test_the_machine_is_one_per_definition_and_holds_no_model() -> None:
    definition = shipped().get("grant_case")
    machine = machine_of(definition)
    test_every_transition_can_happen(definition, definition.transitions[0])
    assert machine_of(definition) is machine
    assert machine_of(workflows.parse(definition.text, "copy.yaml")) is machine
    assert machine.models == []
    assert not machine.has_queue
    assert not any(event.startswith("to_") and event != "to_panel" for event in machine.events)


def test_threads_share_the_machine_without_mixing_their_answers() -> None:
    definition = shipped().get("grant_case")
    facts: dict[str, object] = {name: SMOOTH.get(name, True) for name in FACTS}

    def submit(number: int) -> tuple[bool, str]:
        in_time = number % 2 == 0
        actor = Actor(str(number), frozenset({"applicant_signatory"}))
        snapshot = Snapshot("draft", NOW, actor, facts | {"in_time": in_time})
        decided = workflows.decide(definition, snapshot, "submit")
        return in_time, decided.state if isinstance(decided, Outcome) else "refused"

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(submit, range(400)))
    assert found == {(True, "submitted"), (False, "submitted_late")}
