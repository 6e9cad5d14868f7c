"""A step that would fail because nobody was asked for what its effect reads is told before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.workflows.walk import shipped
from workflows import Problem, parse
from workflows.lint import lint
from workflows.vocabulary import EFFECTS

Tree = dict[str, Any]


def told(key: str, change: Callable[[Tree], None]) -> tuple[str, list[Problem]]:
    """A shipped definition with a change, as text, and what is wrong with it."""
    tree = yaml.safe_load(shipped().get(key).text)
    change(tree)
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    return text, lint(parse(text, f"{key}.yaml"))


def without(arrow: Tree, name: str) -> None:
    """Takes a field from an event, with those that are asked because of its answer."""
    named = [name, *(spec["id"] for spec in arrow.get("fields", ()) if asked_by(spec) == name)]
    left = [spec for spec in arrow.pop("fields", ()) if spec["id"] not in named]
    if left:
        arrow["fields"] = left


def asked_by(spec: Tree) -> str:
    return str(spec.get("when", {}).get("field", ""))


def needing(attribute: str) -> dict[str, list[tuple[int, str, str]]]:
    """By shipped definition: places of events, their effects, and the fields these need."""
    found: dict[str, set[tuple[int, str, str]]] = {}
    for definition in shipped().newest():
        for arrow in definition.transitions:
            for effect in arrow.effects:
                for name in getattr(EFFECTS[effect.name], attribute):
                    found.setdefault(definition.key, set()).add((arrow.index, effect.name, name))
    return {key: sorted(needs) for key, needs in found.items()}


ASKED = needing("asks")
RECORDED = needing("recorded")


def test_whatever_an_effect_needs_some_shipped_definition_asks_for() -> None:
    declared = {(key, name) for key, effect in EFFECTS.items() for name in effect.asks}
    assert {need[1:] for needs in ASKED.values() for need in needs} == declared
    kept = {(key, name) for key, effect in EFFECTS.items() for name in effect.recorded}
    assert {need[1:] for needs in RECORDED.values() for need in needs} == kept


@pytest.mark.parametrize("key", ASKED)
def test_a_field_that_is_not_asked_for_is_told_at_the_event(key: str) -> None:
    def change(tree: Tree) -> None:
        for index, _, name in ASKED[key]:
            without(tree["transitions"][index], name)

    text, problems = told(key, change)
    lines = text.splitlines()
    found = {
        (lines[each.line - 1], each.what.partition(" cannot ")[2], each.why.partition(" of ")[0])
        for each in problems
        if " cannot " in each.what
    }
    events = {arrow.index: arrow.event for arrow in shipped().get(key).transitions}
    assert found >= {
        (f"- event: {events[index]}", f"'{effect}'", f"there is no field '{name}'")
        for index, effect, name in ASKED[key]
    }


@pytest.mark.parametrize("key", RECORDED)
def test_a_field_that_nothing_records_is_told_where_it_is_read(key: str) -> None:
    def change(tree: Tree) -> None:
        for arrow in tree["transitions"]:
            for _, _, name in RECORDED[key]:
                without(arrow, name)

    _, problems = told(key, change)
    found = {(each.what, each.why.partition(" of type ")[0]) for each in problems}
    events = {arrow.index: arrow for arrow in shipped().get(key).transitions}
    none = "of the events with 'record_fields' none states it"
    for index, effect, name in RECORDED[key]:
        what = f"'{events[index].event}' from '{events[index].source}' cannot '{effect}'"
        assert (what, f"{none}: there is no field '{name}'") in found


def event(name: str, change: Callable[[Tree], None]) -> Callable[[Tree], None]:
    """A change of the first event of that name."""
    return lambda tree: change(next(one for one in tree["transitions"] if one["event"] == name))


def field(name: str, **values: Any) -> Callable[[Tree], None]:
    """A change of a field of an event; `None` takes a key away."""

    def change(arrow: Tree) -> None:
        spec = next(spec for spec in arrow["fields"] if spec["id"] == name)
        spec |= values
        for key in [key for key, value in values.items() if value is None]:
            del spec[key]

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            event("request_info", field("items", id="itmes")),
            "there is no field 'items' of type text or textarea; did you mean 'itmes'?",
        ),
        (
            event("request_info", field("items", type="money")),
            "there is no field 'items' of type text or textarea; it is of type money",
        ),
        (
            event("request_info", field("items", required=None)),
            "field 'items' may be left empty; it has to be required, without 'when'",
        ),
        (
            event("decide_reject", lambda arrow: without(arrow, "reasons")),
            "there is no field 'reasons' of type text or textarea, or 'reason: required'",
        ),
        (
            event("decide_grant", lambda arrow: without(arrow, "amount")),
            "there is no field 'amount' of type money; a grant follows",
        ),
        (
            event("decide_grant", lambda arrow: arrow["effects"].pop(1)),
            "no event recommends an amount, as 'set_recommendation' with a field 'amount' does",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words(change: Callable[[Tree], None], why: str) -> None:
    _, (problem, *_others) = told("micro_grant", change)
    assert problem.why == why


def test_a_refusal_with_the_reason_of_its_event_is_right() -> None:
    def change(arrow: Tree) -> None:
        without(arrow, "reasons")
        arrow["reason"] = "required"

    assert told("micro_grant", event("decide_reject", change))[1] == []


def test_what_nobody_brings_about_cannot_state_anything() -> None:
    def change(arrow: Tree) -> None:
        arrow["effects"] = [*arrow.get("effects", ()), "fix_court_window"]

    arrows = shipped().get("grant_case").transitions
    automatic = next(arrow for arrow in arrows if arrow.by == "automatic")
    _, problems = told("grant_case", event(automatic.event, change))
    assert [each.why for each in problems] == [
        "it reads 'served_on', and only a person's event asks for something"
    ]
