"""Co-signature: three persons of a ministry, on one content."""

from __future__ import annotations

import pytest

from tests.workflows.walk import Walk, effects, follow

LIVE = "pending expert_cleared budget_cleared signed queried dissent escalated opted_out".split()


def at(state: str, **facts: object) -> Walk:
    return Walk("co_signature", state, dict(facts))


def test_from_pending_to_signed() -> None:
    follow(
        at("pending"),
        "clear_expert ministry_expert expert_cleared",
        "clear_budget budget_officer budget_cleared",
        "sign ministry_signatory signed",
    )


@pytest.mark.parametrize("earlier", ["clear_expert", "clear_budget"])
def test_who_cleared_does_not_sign(earlier: str) -> None:
    ready = at("budget_cleared")
    ready.performers = {earlier: "anna"}
    assert ready.refused("sign", "ministry_signatory", "anna") == {"four_eyes_violation"}
    assert ready.refused("sign", "ministry_signatory", "boris") == set()


def test_an_old_content_can_not_be_signed() -> None:
    assert at("budget_cleared", content_current=False).refused("sign", "ministry_signatory") == {
        "signature_stale"
    }


def test_a_question_gives_the_reservation_back_and_begins_anew() -> None:
    case = at("budget_cleared")
    assert "release_reservation" in effects(case.fire("query", "ministry_signatory"))
    follow(case, "answer case_officer pending")


def test_a_dissent_is_resolved_or_the_ministry_leaves() -> None:
    follow(
        at("budget_cleared"),
        "dissent ministry_signatory dissent",
        "escalate ministry_signatory escalated",
        "escalate case_officer escalated",
        "resolve ministry_signatory pending",
    )
    follow(at("escalated"), "opt_out ministry_signatory opted_out")


@pytest.mark.parametrize("state", LIVE)
def test_every_signature_goes_stale_by_its_case_alone(state: str) -> None:
    assert at(state).refused("become_stale", "case_officer") == {"not_permitted"}
    case = at(state)
    assert effects(case.fire("become_stale", "system")) == ["release_reservation"]
    assert case.state == "stale"
