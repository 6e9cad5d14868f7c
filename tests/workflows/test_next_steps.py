"""Each state tells applicants whose turn it is, how long, and what can follow, or that it ends."""

from __future__ import annotations

import pytest

import workflows
from workflows.definition import Definition
from workflows.vocabulary import OWNERS, ROLES, Tag
from workflows.words.next_steps import is_applicants, outlook

OF_OFFICES = {"call", "panel", "programme"}
SEEN = [
    each
    for each in workflows.load().newest()
    if Tag.INTERNAL not in each.tags and each.key not in OF_OFFICES
]
CASES = {each.key: each for each in SEEN}


@pytest.mark.parametrize("definition", SEEN, ids=lambda definition: definition.key)
def test_every_state_tells_what_comes_next_or_that_it_ends(definition: Definition) -> None:
    for state in definition.states.values():
        ahead = outlook(definition, state)
        assert ahead.is_end == state.terminal, state.id
        if ahead.is_end:
            assert not ahead.following, state.id
            continue
        assert ahead.following, state.id
        assert ahead.waits or state.limit, state.id
        assert ahead.is_own or {"de", "en"} <= set(ahead.office), state.id
        assert not ahead.is_own or state.task, state.id
        for text in (ahead.span, ahead.waits, ahead.task):
            assert text is None or all(text[language] for language in ("de", "en")), state.id


def test_every_role_has_a_name_for_those_outside_that_is_no_person() -> None:
    for declared in (*ROLES.values(), *OWNERS.values()):
        named = declared.outsiders
        assert named is None or {"de", "en"} <= set(named)
    assert {role.id for role in ROLES.values() if role.outsiders is None} == {
        "applicant_reader",
        "applicant_editor",
        "applicant_signatory",
    }


def test_what_follows_begins_with_the_usual_and_knows_no_giving_up() -> None:
    def following(key: str, state: str) -> list[str]:
        definition = CASES[key]
        return [each.id for each in outlook(definition, definition.states[state]).following]

    assert following("micro_grant", "submitted") == ["quick_check"]
    assert following("grant_case", "under_review") == ["review_complete"]
    assert following("grant_case", "panel")[0] == "recommended"
    assert {"reserve", "not_recommended"} < set(following("grant_case", "panel"))
    assert following("grant_case", "decision_prepared") == ["decision_approved"]
    assert following("grant_case", "info_requested") == ["formal_check"]
    assert all("withdrawn" not in following(key, state.id)
               for key in ("grant_case", "micro_grant", "idea_contest", "lab_support", "sketch")
               for state in CASES[key].states.values())  # fmt: skip


def test_spans_are_read_off_the_definition() -> None:
    grant = CASES["grant_case"]
    assert outlook(grant, grant.states["formal_check"]).span == {
        "de": "10 Arbeitstage",
        "en": "10 working days",
    }
    assert outlook(grant, grant.states["notified"]).span == {"de": "einen Monat", "en": "one month"}
    assert outlook(grant, grant.states["active"]).span is None
    assert is_applicants(grant.states["notified"])
