"""The second person: another one, with the right role."""

from __future__ import annotations

from tests.workflows.walk import Walk, effects


def test_another_person_with_the_role_confirms() -> None:
    approval = Walk("approval", "pending")
    assert effects(approval.fire("confirm", "approver", "boris")) == ["fire_proposed"]
    assert approval.state == "confirmed"


def test_the_proposer_does_not_confirm() -> None:
    refused = Walk("approval", "pending").refused("confirm", "approver", "anna")
    assert refused == {"four_eyes_violation"}


def test_another_role_does_not_confirm() -> None:
    refused = Walk("approval", "pending").refused("confirm", "case_officer", "boris")
    assert refused == {"not_permitted"}


def test_only_the_proposer_withdraws() -> None:
    approval = Walk("approval", "pending")
    assert approval.refused("withdraw_proposal", "case_officer", "boris") == {"not_permitted"}
    approval.fire("withdraw_proposal", "case_officer", "anna")
    assert approval.state == "withdrawn"
