"""Payments: who certifies does not authorise."""

from __future__ import annotations

from tests.workflows.walk import Walk, effects, follow


def at(state: str, **facts: object) -> Walk:
    return Walk("payment_request", state, dict(facts))


def test_from_draft_to_paid() -> None:
    follow(
        at("draft"),
        "submit applicant_signatory submitted",
        "certify certifier certified",
        "authorise payment_authoriser authorised",
        "export payment_authoriser exported",
        "pay certifier paid",
    )


def test_a_payment_in_full_is_handed_in_by_the_case_alone() -> None:
    assert at("draft").refused("submit_full", "applicant_signatory") == {"not_permitted"}
    follow(at("draft"), "submit_full system submitted")


def test_who_certified_does_not_authorise() -> None:
    certified = at("certified")
    certified.performers = {"certify": "anna"}
    assert certified.refused("authorise", "payment_authoriser", "anna") == {"four_eyes_violation"}
    assert effects(certified.fire("authorise", "payment_authoriser")) == ["check_year_budget"]


def test_a_request_hears_every_reason_at_once() -> None:
    draft = at("draft", parent_active=False, amount_available=False, no_overdue_report=False)
    reasons = {"not_active", "total_exceeded", "report_overdue"}
    assert draft.refused("submit", "applicant_signatory") == reasons


def test_a_request_is_returned_rejected_or_cancelled() -> None:
    follow(
        at("submitted"), "return_request certifier draft", "cancel applicant_signatory cancelled"
    )
    follow(at("certified"), "reject_payment payment_authoriser rejected")
