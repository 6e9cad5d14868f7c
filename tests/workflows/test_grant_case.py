"""The grant of several ministries: its ways, and what bars them."""

from __future__ import annotations

import pytest

from tests.workflows.walk import Walk, child, effects, follow

TO_PANEL = (
    "submit applicant_signatory submitted",
    "start_check case_officer formal_check",
    "pass case_officer under_review",
    "all_reviews_in system review_complete",
    "to_panel office_clerk panel",
)
TO_DECISION = (
    "recommend panel_chair recommended",
    "open_consultation case_officer consultation",
    "all_signed system decision_prepared",
)
TO_FINAL = (
    "approve lead_signatory decision_approved",
    "notify case_officer notified",
    "accept applicant_signatory notified",
    "become_final system final",
)
BEFORE_DECISION = (
    "draft submitted submitted_late formal_check info_requested under_review review_complete "
    "panel recommended reserve not_recommended consultation decision_prepared"
).split()


def at(state: str, **facts: object) -> Walk:
    return Walk("grant_case", state, dict(facts))


def test_from_draft_to_closed() -> None:
    case = at("draft")
    follow(case, *TO_PANEL, *TO_DECISION, *TO_FINAL)
    follow(
        case,
        "verify_bank case_officer final",
        "activate case_officer active",
        "request_payment applicant_editor active",
        "end_period system proof_due",
    )
    case.children = (child("proof_of_use", "submitted"),)
    follow(case, "proof_submitted system under_audit")
    case.children = (child("proof_of_use", "settled", terminal=True),)
    follow(case, "proof_assessed system settlement", "close case_officer closed")


def test_the_clock_of_the_call_chooses_where_a_submission_arrives() -> None:
    late = at("draft", in_time=False)
    follow(late, "submit applicant_signatory submitted_late", "exclude case_officer excluded_late")


def test_a_strict_call_admits_a_late_application_only_on_reinstatement() -> None:
    late = at("submitted_late", strict_deadline=True)
    assert late.refused("admit", "case_officer") == {"deadline_strict"}
    assert late.refused("admit", "case_officer", reinstatement=True) == set()


def test_a_draft_hears_every_reason_at_once() -> None:
    draft = at("draft", form_complete=False, budget_balanced=False, call_open=False)
    reasons = {"incomplete", "budget_unbalanced", "call_not_open"}
    assert draft.refused("submit", "applicant_signatory") == reasons
    shown = draft.explained("applicant_signatory")["submit"]
    assert {one.code for one in shown.refusals} == reasons


def test_who_may_not_fire_an_event_learns_nothing_else() -> None:
    draft = at("draft", form_complete=False)
    assert draft.refused("submit", "applicant_editor") == {"not_permitted"}
    assert "submit" not in draft.explained("applicant_editor")


@pytest.mark.parametrize("state", BEFORE_DECISION)
def test_an_applicant_withdraws_until_the_decision_is_approved(state: str) -> None:
    case = at(state)
    case.fire("withdraw", "applicant_signatory")
    assert case.state == "withdrawn"


def test_a_withdrawal_gives_the_signatures_up() -> None:
    assert effects(at("consultation").fire("withdraw", "applicant_signatory")) == [
        "stale_signatures"
    ]
    assert at("decision_approved").refused("withdraw", "applicant_signatory") == {"wrong_state"}


def test_a_rejection_goes_its_own_way_to_the_end() -> None:
    case = at("panel", decision_kind="reject")
    follow(
        case,
        "decline panel_chair not_recommended",
        "prepare_reject case_officer decision_prepared",
        "approve approver decision_approved",
        "notify case_officer notified",
        "become_final system final",
        "close_rejected system rejected",
    )


@pytest.mark.parametrize("event", ["recommend", "open_consultation"])
def test_the_final_signature_is_by_a_person_who_has_not_prepared_it(event: str) -> None:
    case = at("decision_prepared")
    case.performers = {event: "anna"}
    assert case.refused("approve", "lead_signatory", "anna") == {"four_eyes_violation"}
    assert case.refused("approve", "lead_signatory", "boris") == set()


def test_an_approver_signs_rejections_and_no_grants() -> None:
    assert at("decision_prepared").refused("approve", "approver") == {"not_permitted"}
    rejection = at("decision_prepared", decision_kind="reject")
    rejection.performers = {"prepare_reject": "anna"}
    assert rejection.refused("approve", "approver", "anna") == {"four_eyes_violation"}
    assert rejection.refused("approve", "approver", "boris") == set()


def test_without_all_signatures_there_is_no_decision() -> None:
    for facts in ({"signatures_missing": 1}, {"content_hash": ""}):
        assert "signature_missing" in at("consultation", **facts).refused("all_signed", "system")
        decision = at("decision_prepared", **facts)
        assert decision.refused("approve", "lead_signatory") == {"signature_missing"}


def test_what_is_changed_or_returned_has_to_be_signed_anew() -> None:
    for event, role in (("restructure", "case_officer"), ("return_decision", "lead_signatory")):
        case = at("decision_prepared")
        assert "stale_signatures" in effects(case.fire(event, role))
        assert case.state == "recommended"


def test_a_rejection_is_returned_to_the_check() -> None:
    case = at("decision_prepared", decision_kind="reject")
    follow(case, "return_decision approver formal_check")


def test_reviews_decide_when_the_panel_may_meet() -> None:
    waiting = at("under_review", reviews_counted=1, reviews_open=1)
    assert waiting.refused("all_reviews_in", "system") == {"reviews_missing"}
    short = at("panel", reviews_counted=1)
    follow(short, "reviews_fell_short system under_review")


def test_a_notice_not_retrieved_is_notified_by_post() -> None:
    case = at("notified")
    follow(case, "portal_not_retrieved system decision_approved", "notify case_officer notified")


def test_only_time_makes_a_decision_final_or_a_waiver() -> None:
    assert at("notified").refused("become_final", "case_officer") == {"not_permitted"}
    assert at("notified", already_notified=False).refused("waive", "applicant_signatory") == {
        "not_notified"
    }
    follow(at("notified"), "waive applicant_signatory final")


def test_money_needs_an_accepted_award_and_a_verified_account() -> None:
    case = at("final", accepted=False, bank_verified=False)
    assert case.refused("activate", "case_officer") == {"terms_not_accepted", "bank_unverified"}


@pytest.mark.parametrize(
    ("state", "event"),
    [
        ("submitted_late", "exclude"),
        ("submitted_late", "admit"),
        ("formal_check", "reject_formal"),
        ("reserve", "promote"),
        ("final", "verify_bank"),
        ("active", "suspend"),
        ("suspended", "resume"),
        ("settlement", "close"),
    ],
)
def test_four_eyes(state: str, event: str) -> None:
    outcome = at(state).fire(event, "case_officer")
    assert outcome.needs_second
    assert outcome.transition.second == ("approver",)


def test_a_case_closes_only_when_money_and_children_are_settled() -> None:
    case = at("settlement", balance_zero=False)
    case.children = (child("payment_request", "submitted"), child("co_signature", "signed"))
    assert case.refused("close", "case_officer") == {"balance_open", "child_open"}
