"""Mistakes in a definition: all at once, each with its line and the nearest right name."""

from __future__ import annotations

import pytest

from tests.workflows.walk import shipped
from workflows import DefinitionError, Problem, parse

RIGHT = """\
key: request
version: 1
record: procedure
title: {de: Anfrage, en: Request}
summary: {de: Eine Anfrage., en: A request.}
law: § 1
initial: open
phases:
  only: {de: Phase, en: Phase}
states:
  open:
    phase: only
    title: {de: Offen, en: Open}
    plain: {de: Wir antworten bald., en: We answer soon.}
    owner: case_officer
    limit: {days: 5}
    task: {de: Beantworten, en: Answer}
    editable: [applicant_editor]
  done:
    phase: only
    title: {de: Erledigt, en: Done}
    plain: {de: Wir haben geantwortet., en: We have answered.}
    terminal: true
transitions:
  - event: answer
    from: open
    to: done
    title: {de: Antworten, en: Answer}
    roles: [case_officer]
    guards: [form_complete]
    effects: [freeze_answers]
"""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        parse(text, "request.yaml")
    return caught.value.problems


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_right_text_is_read() -> None:
    definition = parse(RIGHT, "request.yaml")
    assert definition.facts == {"open": {"form_complete"}, "done": frozenset()}
    assert [arrow.target for arrow in definition.arrows_from("open")] == ["done"]
    assert not definition.reads_children


@pytest.mark.parametrize(
    ("right", "wrong", "nearest"),
    [
        ("guards: [form_complete]", "guards: [form_compleet]", "form_complete"),
        ("effects: [freeze_answers]", "effects: [freeze_answer]", "freeze_answers"),
        ("    roles: [case_officer]", "    roles: [case_oficer]", "case_officer"),
        ("owner: case_officer", "owner: case_oficer", "case_officer"),
        ("to: done", "to: don", "done"),
        ("initial: open", "initial: opened", "open"),
        ("limit: {days: 5}", "limit: {day: 5}", "days"),
        ("    limit: {days", "    limt: {days", "limit"),
    ],
)
def test_a_wrong_name_has_its_line_and_the_nearest_right_one(
    right: str, wrong: str, nearest: str
) -> None:
    text = RIGHT.replace(right, wrong)
    (problem,) = problems(text)
    assert problem.nearest == nearest
    assert problem.line == line_of(text, wrong)
    assert f"did you mean '{nearest}'?" in str(problem)


def test_all_mistakes_are_said_at_once_in_order_of_line() -> None:
    text = (
        RIGHT.replace("version: 1", "version: one")
        .replace("{de: Anfrage, en: Request}", "{de: Anfrage}")
        .replace("to: done", "to: don")
    )
    found = problems(text)
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert {one.line for one in found} == {2, 4, line_of(text, "to: don")}


def test_a_guard_needs_its_parameters() -> None:
    (problem,) = problems(RIGHT.replace("[form_complete]", "[decision_is]"))
    assert "needs its parameters" in str(problem)
    (problem,) = problems(RIGHT.replace("[form_complete]", "[{decision_is: {kind: gift}}]"))
    assert problem.line == line_of(RIGHT, "guards:")


def test_a_repeated_key_is_a_mistake() -> None:
    (problem,) = problems(RIGHT + "version: 2\n")
    assert "'version' is repeated" in str(problem)


@pytest.mark.parametrize("text", ["", "- a list", "key: [", "42", "states: 3\ntransitions: x\n"])
def test_what_is_no_definition_is_refused_in_words(text: str) -> None:
    assert all(str(problem).startswith("request.yaml:") for problem in problems(text))


def test_the_definition_says_who_may_edit_where() -> None:
    states = shipped().get("micro_grant").states
    assert "applicant_editor" in states["info_requested"].editable
    assert "applicant_editor" not in states["submitted"].editable
    assert "case_officer" not in states["draft"].editable
