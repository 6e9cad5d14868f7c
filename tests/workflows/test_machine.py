"""Deciding: whatever is asked, the answer is a value, and pages see what the machine decides."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workflows
from tests.workflows.walk import SMOOTH, Walk, shipped
from workflows.definition import Definition
from workflows.machine import is_meant
from workflows.snapshot import Actor, Outcome, Refusal, Snapshot
from workflows.vocabulary import FACTS, REFUSAL_CODES, ROLES

definitions = st.sampled_from(shipped().all())
people = st.builds(
    Actor, st.sampled_from(["anna", "boris"]), st.frozensets(st.sampled_from(sorted(ROLES)))
)


@st.composite
def moments(draw: st.DrawFn) -> tuple[Definition, Snapshot]:
    """Any definition in any of its states, seen by anyone, with yes-or-no facts at random."""
    definition = draw(definitions)
    state = draw(st.sampled_from(sorted(definition.states)))
    facts = {
        name: draw(st.booleans()) if FACTS[name].kind == "yes_no" else SMOOTH.get(name)
        for name in sorted(definition.facts[state])
    }
    snapshot = Walk(definition.key, state).snapshot(draw(people), None)
    return definition, replace(snapshot, facts=facts)


def _agree(definition: Definition, snapshot: Snapshot) -> None:
    shown = {one.event: one for one in workflows.explain(definition, snapshot)}
    for event in {arrow.event for arrow in definition.transitions}:
        decided = workflows.decide(definition, snapshot, event)
        if isinstance(decided, Outcome):
            assert shown[event].allowed
            assert shown[event].transition == decided.transition
            assert decided.state in definition.states
        else:
            assert event not in shown or shown[event].refusals == decided
            assert event in shown or _is_not_for(definition, snapshot, event)


def _is_not_for(definition: Definition, snapshot: Snapshot, event: str) -> bool:
    """Whether no arrow of the event that is meant from this state can be fired by the person."""
    return not any(
        arrow.event == event and is_meant(arrow, snapshot)
        for arrow in definition.arrows_from(snapshot.state)
        if arrow.by == "person" and snapshot.actor.roles & set(arrow.roles)
    )


@given(moments())
def test_explain_and_decide_agree_on_every_event(moment: tuple[Definition, Snapshot]) -> None:
    _agree(*moment)


@pytest.mark.parametrize("definition", shipped().all(), ids=lambda one: f"{one.key}@{one.version}")
def test_what_is_shown_is_what_would_happen(definition: Definition) -> None:
    """Each state, role and event, where all facts hold and where none does."""
    for state in definition.states:
        for role in (*sorted(ROLES), None):
            actor = Actor("anna", frozenset({role} if role else ()))
            smooth = Walk(definition.key, state).snapshot(actor, None)
            for holds in (True, False):
                facts = {
                    name: holds if FACTS[name].kind == "yes_no" else SMOOTH.get(name)
                    for name in definition.facts[state]
                }
                _agree(definition, replace(smooth, facts=facts))


@given(moments())
def test_every_refusal_has_a_known_code(moment: tuple[Definition, Snapshot]) -> None:
    definition, snapshot = moment
    for event in {arrow.event for arrow in definition.transitions}:
        decided = workflows.decide(definition, snapshot, event)
        if not isinstance(decided, Outcome):
            assert decided
            assert {one.code for one in decided} <= set(REFUSAL_CODES)


@given(moments())
def test_without_a_role_nothing_is_possible(moment: tuple[Definition, Snapshot]) -> None:
    definition, snapshot = moment
    stranger = replace(snapshot, actor=Actor("stranger"))
    assert workflows.explain(definition, stranger) == []
    for event in {arrow.event for arrow in definition.transitions}:
        assert not isinstance(workflows.decide(definition, stranger, event), Outcome)


@given(moments())
def test_what_happens_by_itself_no_person_can_do(moment: tuple[Definition, Snapshot]) -> None:
    definition, snapshot = moment
    everyone = replace(snapshot, actor=Actor("anna", frozenset(ROLES)))
    for arrow in definition.transitions:
        if arrow.by != "person":
            assert not isinstance(workflows.decide(definition, everyone, arrow.event), Outcome)


def test_an_unknown_event_is_refused() -> None:
    decided = Walk("approval", "pending").decide("to_confirmed", "approver")
    assert decided == (Refusal("unknown_event", {"event": "to_confirmed"}),)


def test_an_event_of_another_state_is_refused() -> None:
    assert Walk("grant_case", "draft").refused("close", "case_officer") == {"wrong_state"}
