"""More than twenty mistakes in one file, all told at once, each at its line."""

from __future__ import annotations

import pytest

from workflows import DefinitionError, parse

TWENTY = """\
key: Broken
version: zero
record: application
title: {de: Kaputt}
summary: {de: Kaputt., en: Broken.}
law: § 44 BHO
initial: drafft
colour: blue
phases:
  work: {de: Arbeit, en: Work}
states:
  draft:
    phase: wrok
    title: {de: Entwurf, en: Draft}
    plain: {de: Bitte schreiben Sie., en: Please write.}
    owner: case_oficer
    limit: {day: 5}
    editabel: [case_officer]
    timers:
      - {event: finish, at: {fact: reviews_needed}}
  done:
    phase: work
    title: {de: Fertig, en: ""}
    terminal: true
transitions:
  - event: finish
    from: draft
    to: dnoe
    title: {de: Abschließen, en: Finish}
    by: robot
    roles: [case_officer, aprover]
    guards: [form_complet, {decision_is: {kind: maybe}}, {confirmed: {filds: [a]}}]
    effects: [freeze_answer, record_decision]
    tone: loud
    fields:
      - {id: way, type: select, label: {de: Weg, en: Way}}
"""


AT_LINE = {
    1: "key: 'Broken' does not match",
    2: "version: 'zero' is not of type 'integer'",
    4: "lacks 'en': every text stands in German and in English",
    7: "unknown state 'drafft'; did you mean 'draft'?",
    8: "workflow definition knows no 'colour'",
    13: "unknown phase 'wrok'; did you mean 'work'?",
    16: "unknown owner 'case_oficer'; did you mean 'case_officer'?",
    17: "limit knows no 'day': a limit is one unit with its number, or a fact with a day",
    18: "state knows no 'editabel'; did you mean 'editable'?",
    20: "lacks 'law': a timer brings about only what the law attaches to time itself",
    21: "states.done lacks 'plain'",
    23: "states.done.title.en",
    28: "unknown state 'dnoe'; did you mean 'done'?",
    30: "unknown kind of transition 'robot'",
    31: "unknown role 'aprover'; did you mean 'approver'?",
    32: "unknown guard 'form_complet'; did you mean 'form_complete'?",
    33: "unknown effect 'freeze_answer'; did you mean 'freeze_answers'?",
    34: "unknown tone 'loud'",
    36: "lacks 'choices'",
}
BESIDE = [
    "unknown fact with a day 'reviews_needed'",
    "unknown value 'maybe'",
    "transitions.0.guards.2.confirmed lacks 'fields'",
    "'confirmed' knows no 'filds'; did you mean 'fields'?",
    "'record_decision' needs its parameters here, or is no effect",
]


@pytest.fixture(scope="module")
def mistakes() -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse(TWENTY, "broken.yaml")
    return str(caught.value).splitlines()


def test_there_are_more_than_twenty(mistakes: list[str]) -> None:
    assert len(mistakes) >= len(AT_LINE) + len(BESIDE)


@pytest.mark.parametrize("line", AT_LINE)
def test_each_stands_at_its_line(mistakes: list[str], line: int) -> None:
    there = [one for one in mistakes if one.startswith(f"broken.yaml:{line}: ")]
    assert any(AT_LINE[line] in one for one in there), there


@pytest.mark.parametrize("words", BESIDE)
def test_one_mistake_does_not_hide_another(mistakes: list[str], words: str) -> None:
    assert any(words in one for one in mistakes), mistakes
