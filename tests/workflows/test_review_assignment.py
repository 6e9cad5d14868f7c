"""Reviews: only by persons without a conflict of interest."""

from __future__ import annotations

import pytest

from tests.workflows.walk import Walk, effects, follow


def at(state: str, **facts: object) -> Walk:
    return Walk("review_assignment", state, dict(facts))


def test_from_invitation_to_validated() -> None:
    follow(
        at("invited"),
        "accept reviewer in_progress",
        "submit reviewer submitted",
        "return_review office_clerk in_progress",
        "submit reviewer submitted",
        "validate office_clerk validated",
    )


def test_without_the_declaration_there_is_no_review() -> None:
    invited = at("invited")
    refused = invited.refused("accept", "reviewer", no_conflict=False)
    assert refused == {"confirmation_missing"}
    follow(invited, "declare_conflict reviewer recused")


def test_an_incomplete_review_is_not_submitted() -> None:
    unfinished = at("in_progress", form_complete=False)
    assert unfinished.refused("submit", "reviewer") == {"incomplete"}


@pytest.mark.parametrize("state", ["in_progress", "submitted", "validated"])
@pytest.mark.parametrize("role", ["office_clerk", "reviewer"])
def test_a_conflict_found_later_discards_the_review(state: str, role: str) -> None:
    review = at(state)
    outcome = review.fire("late_conflict", role)
    assert (review.state, effects(outcome)) == ("discarded", ["discard_review"])
    assert outcome.transition.reason == "required"


@pytest.mark.parametrize("state", ["invited", "in_progress"])
@pytest.mark.parametrize(
    ("event", "role"), [("hand_over", "reviewer"), ("reassign", "office_clerk")]
)
def test_a_review_that_is_not_in_is_handed_over(state: str, event: str, role: str) -> None:
    review = at(state)
    outcome = review.fire(event, role, successor="berta")
    assert (review.state, effects(outcome)) == ("handed_over", ["hand_over_review"])
    assert at("submitted").refused(event, role) == {"wrong_state"}


@pytest.mark.parametrize(
    ("why", "state"),
    [("no_time", "declined"), ("not_my_field", "declined"), ("conflict", "recused")],
)
def test_declining_for_a_conflict_declares_it(why: str, state: str) -> None:
    review = at("invited")
    outcome = review.fire("decline", "reviewer", declined_for=why)
    assert (review.state, effects(outcome)) == (state, ["keep_declining"])
