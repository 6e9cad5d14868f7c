"""What would go wrong later is found before; the shipped definitions have no finding."""

from __future__ import annotations

import pytest

from forms import schema
from tests.workflows.test_loader import RIGHT, line_of
from tests.workflows.walk import shipped
from workflows import Registry, parse
from workflows.lint import lint, lint_all

TASK = "    task: {de: Beantworten, en: Answer}\n"
ROLES = "    roles: [case_officer]\n"
LONELY = """\
  lonely:
    phase: only
    title: {de: Allein, en: Alone}
    plain: {de: Niemand kommt hierher., en: Nobody comes here.}
    terminal: true
"""
SECOND_ANSWER = """\
  - event: answer
    from: open
    to: open
    title: {de: Noch einmal, en: Again}
    roles: [case_officer]
"""


def findings(text: str) -> list[str]:
    return [problem.what for problem in lint(parse(text, "request.yaml"))]


def test_the_shipped_definitions_are_clean() -> None:
    assert lint_all(shipped(), schema.keys()) == []


def test_a_right_definition_is_clean() -> None:
    assert findings(RIGHT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("transitions:\n", LONELY + "transitions:\n", "state 'lonely' is never reached"),
        ("    to: done\n", "    to: open\n", "state 'open' leads to no end"),
        (ROLES, "", "'answer' from 'open' has no actor"),
        ("    owner: case_officer\n", "", "state 'open' has no owner"),
        (
            "    owner: case_officer\n",
            "    owner: approver\n",
            "state 'open' belongs to 'approver'",
        ),
        ("    limit: {days: 5}\n", "", "state 'open' waits without a limit"),
        (TASK, "", "state 'open' has no task"),
        ("transitions:\n", "transitions:\n" + SECOND_ANSWER, "'answer' from 'open' stands twice"),
        (
            TASK,
            TASK + "    timers: [{event: answer, at: {days: 1}, law: § 1}]\n",
            "timer 'answer' is deaf",
        ),
        (
            "    title: {de: Antworten, en: Answer}\n" + ROLES,
            "    title: {de: Antworten, en: Answer}\n    by: timer\n",
            "'answer' from 'open' names no law",
        ),
        (
            "[form_complete]",
            "[{confirmed: {fields: [sure]}}]",
            "'answer' from 'open' can never answer 'confirmed'",
        ),
        (
            "[form_complete]",
            "[{different_person: {from: [create]}}]\n    by: automatic",
            "'answer' from 'open' is not fired by a person",
        ),
        ("  only: {", "  idle: {de: Leer, en: Empty}\n  only: {", "phase 'idle' has no state"),
    ],
)
def test_a_finding(right: str, wrong: str, finding: str) -> None:
    assert RIGHT.count(right) == 1
    assert finding in findings(RIGHT.replace(right, wrong))


def test_a_finding_has_its_line() -> None:
    text = RIGHT.replace(TASK, "")
    (problem,) = lint(parse(text, "request.yaml"))
    assert (problem.file, problem.line) == ("request.yaml", line_of(text, "  open:\n"))


def test_a_child_that_does_not_exist_is_waited_for_in_vain() -> None:
    waiting = "[{child_in: {kind: revue, states: [done]}}]"
    registry = Registry(
        [
            parse(RIGHT.replace("[form_complete]", waiting), "request.yaml"),
            shipped().get("approval"),
        ]
    )
    assert "'answer' from 'open' waits in vain" in [
        one.what for one in lint_all(registry, schema.keys())
    ]


def test_a_second_person_must_be_able_to_confirm() -> None:
    text = RIGHT.replace(ROLES, ROLES + "    second: [auditor]\n")
    registry = Registry([parse(text, "request.yaml"), shipped().get("approval")])
    assert [one.what for one in lint_all(registry, schema.keys())] == [
        "'answer' from 'open' cannot keep four eyes"
    ]


KEPT = "initial: open\n"


def test_what_applicants_begin_they_can_hand_in() -> None:
    begun = RIGHT.replace(KEPT, f"{KEPT}create: [applicant_editor]\n")
    assert findings(begun) == []
    found = findings(begun.replace("    effects: [freeze_answers]\n", ""))
    assert found == ["nobody can hand in what begins in 'open'"]
