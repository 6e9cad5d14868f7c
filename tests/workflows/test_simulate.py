"""Walking the shipped definitions without a case."""

from __future__ import annotations

import pytest

from tests.workflows.walk import shipped
from workflows.simulate import brought_about_by, only_by, ways, without_anyone


@pytest.mark.parametrize("key", shipped().keys())
def test_all_ways_lead_from_the_beginning_to_an_end(key: str) -> None:
    definition = shipped().get(key)
    found = list(ways(definition))
    assert found
    for way in found:
        states = [way[0].source, *(arrow.target for arrow in way)]
        assert states[0] == definition.initial
        assert definition.states[states[-1]].terminal
        assert len(states) == len(set(states))


@pytest.mark.parametrize("key", ["grant_case", "micro_grant"])
def test_no_way_to_money_is_gone_without_a_second_person(key: str) -> None:
    definition = shipped().get(key)
    award = next(
        arrow
        for arrow in definition.transitions
        if any(call.name == "commit_budget" for call in arrow.effects)
    )
    for way in ways(definition):
        if award in way:
            checks = [call.name for arrow in way for call in arrow.guards]
            assert any(arrow.second for arrow in way) or "different_person" in checks


def test_what_a_role_brings_about_alone() -> None:
    definition = shipped().get("micro_grant")
    assert brought_about_by(definition, ["applicant_editor"]) == set()
    assert "decided" not in brought_about_by(definition, ["case_officer", "approver"])
    assert "quick_check" in brought_about_by(definition, ["case_officer"])


def test_whoever_is_missing_leaves_cases_waiting() -> None:
    waiting = only_by(shipped().get("payment_request"))
    assert waiting["payment_authoriser"] == {"certified", "authorised"}
    assert waiting["certifier"] == {"exported"}


def test_only_time_and_children_move_what_nobody_touches() -> None:
    staying = without_anyone(shipped().get("grant_case"))
    assert "draft" in staying
    assert not staying & {"notified", "active", "consultation", "under_audit"}
