"""Interim reports and the proof of use."""

from __future__ import annotations

from tests.workflows.walk import Walk, effects, follow


def test_an_interim_report_is_accepted_after_a_question() -> None:
    follow(
        Walk("interim_report", "due"),
        "submit applicant_signatory submitted",
        "ask_clarification case_officer due",
        "submit applicant_signatory submitted",
        "accept_report case_officer accepted",
    )


def test_waiving_a_report_takes_two_persons() -> None:
    assert Walk("interim_report", "due").fire("waive_report", "case_officer").needs_second


def test_a_proof_is_audited_in_depth_and_settled_by_two_persons() -> None:
    proof = Walk("proof_of_use", "due")
    follow(
        proof,
        "submit applicant_signatory submitted",
        "start_audit case_officer desk_audit",
        "in_depth case_officer in_depth_audit",
    )
    assert effects(proof.fire("record_findings", "case_officer")) == ["record_findings"]
    assert proof.fire("assess", "case_officer").needs_second
    assert proof.state == "settled"


def test_an_incomplete_proof_is_not_submitted_and_a_wrong_one_returned() -> None:
    unfinished = Walk("proof_of_use", "due", {"form_complete": False})
    assert unfinished.refused("submit", "applicant_signatory") == {"incomplete"}
    follow(Walk("proof_of_use", "desk_audit"), "return_proof case_officer due")
