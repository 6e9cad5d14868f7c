"""The micro-grant: quick, and still by two persons."""

from __future__ import annotations

from tests.workflows.walk import Walk, child, effects, follow


def at(state: str, **facts: object) -> Walk:
    return Walk("micro_grant", state, dict(facts))


def test_from_draft_to_closed() -> None:
    case = at("draft")
    follow(
        case,
        "submit applicant_signatory submitted",
        "start_check case_officer quick_check",
        "request_info case_officer info_requested",
        "provide applicant_signatory quick_check",
        "decide_grant case_officer decided",
        "notify case_officer notified",
        "accept_and_waive applicant_signatory accepted",
    )
    case.children = (child("payment_request", "paid", terminal=True),)
    follow(
        case,
        "paid_out system paid",
        "report_due system short_report_due",
        "submit_report applicant_signatory report_submitted",
        "return_report case_officer short_report_due",
        "submit_report applicant_signatory report_submitted",
        "accept_report case_officer closed",
    )


def test_the_report_may_come_before_it_is_due() -> None:
    follow(at("paid"), "submit_report applicant_signatory report_submitted")


def test_both_decisions_need_a_second_person() -> None:
    for event in ("decide_grant", "decide_reject"):
        assert at("quick_check").fire(event, "case_officer").needs_second


def test_a_grant_keeps_within_call_and_quarter() -> None:
    case = at("quick_check", amount_within_call=False, within_quarter=False)
    reasons = {"amount_outside_call", "budget_insufficient"}
    assert case.refused("decide_grant", "case_officer") == reasons
    assert case.refused("decide_reject", "case_officer") == set()


def test_one_grant_a_year() -> None:
    case = at("draft", one_per_year=False)
    assert case.refused("submit", "applicant_signatory") == {"already_funded"}


def test_acceptance_needs_the_day_of_notification_and_every_yes() -> None:
    case = at("notified", already_notified=False)
    assert case.refused("accept_and_waive", "applicant_signatory", terms=False) == {
        "not_notified",
        "confirmation_missing",
    }


def test_a_rejection_ends_when_it_is_final_and_can_not_be_accepted() -> None:
    case = at("notified", decision_kind="reject")
    assert case.refused("accept_and_waive", "applicant_signatory") == {"wrong_state"}
    follow(case, "become_final system rejected")


def test_a_grant_not_accepted_lapses_by_two_persons_after_its_limit() -> None:
    assert at("notified", limit_passed=False).refused("lapse", "case_officer") == {"limit_running"}
    assert at("notified").fire("lapse", "case_officer").needs_second


def test_a_notice_not_retrieved_is_notified_again() -> None:
    follow(at("notified"), "portal_not_retrieved system decided", "notify case_officer notified")


def test_a_payment_that_came_to_nothing_is_opened_anew() -> None:
    case = at("accepted")
    case.children = (child("payment_request", "submitted"),)
    assert case.refused("repeat_payment", "case_officer") == {"child_open"}
    case.children = (child("payment_request", "rejected", terminal=True),)
    assert effects(case.fire("repeat_payment", "case_officer")) == ["open_payment_request"]
