"""Two versions of a definition, compared in words; and how long its ways may take."""

from __future__ import annotations

import pytest

import workflows
from tests.workflows.walk import shipped
from workflows.simulate import shortest_and_longest, ways
from workflows.words.differences import compare

HEARING = shipped().get("hearing")


def changed(*replaced: tuple[str, str]) -> list[str]:
    text = HEARING.text
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return compare(HEARING, workflows.parse(text, "new.yaml"), "en")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_same_text_changes_nothing(language: str) -> None:
    lines = compare(HEARING, HEARING, language)
    assert lines == [
        {"de": "Nichts, was ein Fall bemerkt.", "en": "Nothing that a case would notice."}[language]
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "limit: {working_days: 10}",
            "limit: {weeks: 3}",
            "In preparation: limit 3 weeks instead of 10 working days",
        ),
        (
            "roles: [applicant_signatory]",
            "roles: [applicant_editor]",
            "Make a statement (Open): now by Applicant (editor), not by Applicant (signatory)",
        ),
        (
            "guards: [limit_passed]",
            "reason: required",
            "Close without a statement (Open): now required: none",
        ),
        (
            "law: § 31 Abs. 7 VwVfG",
            "law: § 31 VwVfG",
            "Extend the period (Open): legal basis now § 31 VwVfG",
        ),
        (
            "effects: [record_fields, renew_limit]",
            "effects: [record_fields]",
            "Extend the period (Open): effects now: keeps what the step states with the procedure",
        ),
        (
            "  prepared:\n    phase: hearing\n",
            "  prepared:\n    phase: hearing\n    tags: [draft]\n",
            "In preparation: now means to the portal: not handed in yet",
        ),
        (
            "  prepared:\n    phase: hearing\n",
            "  prepared:\n    phase: hearing\n    form: short_report\n",
            "In preparation: another form",
        ),
        ("en: Hearing}", "en: Being heard}", "Nothing that a case would notice."),
    ],
)
def test_a_change_is_said_in_words(old: str, new: str, line: str) -> None:
    assert line in changed((old, new))


def test_a_state_and_its_steps_come_and_go() -> None:
    text = HEARING.text.replace("statement_received", "weighed")
    lines = compare(HEARING, workflows.parse(text, "new.yaml"), "en")
    assert "New state: Statement received" in lines
    assert "State removed: Statement received" in lines
    assert "New step: Close the hearing (Statement received)" in lines


def test_the_shortest_and_the_longest_way_of_a_hearing() -> None:
    found = shortest_and_longest(HEARING)
    assert found is not None
    shortest, longest = found
    # 10 working days are 14 calendar days; the hearing is overtaken before it is opened
    assert (shortest.days, [arrow.event for arrow in shortest.way]) == (14, ["become_moot"])
    # 14 days, then until a day of the case, then 15 working days or 21 calendar days
    assert (longest.days, longest.open) == (35, ("opened",))


@pytest.mark.parametrize("key", shipped().keys())
def test_every_definition_has_an_end_within_its_limits(key: str) -> None:
    found = shortest_and_longest(shipped().get(key))
    assert found is not None
    assert 0 <= found[0].days <= found[1].days
    assert next(ways(shipped().get(key))) != ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("    guards: [limit_passed]\n", "    guards: [limit_passed]\n    reason: required\n",
         "Close without a statement (Open): a reason is needed"),
        ("    reason: required\n", "", "Extend the period (Open): a reason is no longer needed"),
        ("day_ahead: {fields: [until]}", "day_ahead: {fields: [until, intention]}",
         "Open the hearing (In preparation): now required: this day lies ahead: until, intention"),
    ],
)  # fmt: skip
def test_reasons_and_lists_are_said_in_words(old: str, new: str, line: str) -> None:
    assert changed((old, new)) == [line]
