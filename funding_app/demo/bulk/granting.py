"""What follows a decision on a synthetic case: notification, acceptance, money, reports."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from funding_app.demo.bulk.case_builder import Case
from funding_app.demo.bulk.deciding import COMMENT
from funding_app.demo.runner import IBAN
from funding_app.engine.tasks import end_of_day
from funding_app.models import PaymentRequest, Report
from funding_app.rules import notices
from funding_app.rules.reports import proof_due, timely_use_by

PAYING = (
    ("certifier", "certify"),
    ("payment_authoriser", "authorise"),
    ("payment_authoriser", "export"),
)


def notify(case: Case) -> None:
    """The decision goes out by post and counts as notified some days later."""
    case.act("case_officer", "notify", {"channel": "post"})
    notified = _notified(case.today)
    case.values |= {
        "channel": "post",
        "sent_on": case.today,
        "notified_on": notified,
        "final_on": _final(notified),
    }


@lru_cache(maxsize=4096)
def _notified(sent_on: date) -> date:
    found = notices.deemed_notified_on("post", sent_on=sent_on)
    assert found is not None, "a letter by post always counts as notified"
    return found


@lru_cache(maxsize=4096)
def _final(notified_on: date) -> date:
    return notices.final_on(notified_on)


def run_out(case: Case) -> None:
    """The period for remedies passes."""
    case.wait_for(end_of_day(case.values["final_on"] - timedelta(days=1)))
    case.by_itself("become_final")


def close_rejected(case: Case) -> None:
    """The final rejection ends the case."""
    case.by_itself("close_rejected")


def accept(case: Case) -> None:
    """The award is accepted and, its account verified by two persons, becomes an active grant."""
    case.act("applicant", "accept", _acceptance(case))
    run_out(case)
    case.four_eyes(case.told, "verify_bank")
    case.values["bank_verified_at"] = case.now
    case.told.step("activate", case.told.columns["officer_id"], case.later())
    case.values["is_public"] = True


def accept_and_waive(case: Case) -> None:
    """A micro-grant is accepted, remedies are waived, and the money is asked for at once."""
    case.wait_for(end_of_day(case.values["notified_on"]))
    case.act("applicant", "accept_and_waive", _acceptance(case) | {"waiver": True})
    case.values |= {"waived_on": case.today, "final_on": case.today}
    _ask_for_money(case, "submit_full")


def _acceptance(case: Case) -> dict[str, Any]:
    holder = f"Konto {case.told.columns['reference']}"
    case.values |= {"accepted_at": case.now, "iban": IBAN, "account_holder": holder}
    return {"iban": IBAN, "account_holder": holder, "terms": True}


def _ask_for_money(case: Case, event: str) -> None:
    record = {"amount": case.values["granted"], "needed_by": case.today}
    child = case.child(PaymentRequest, case.applicant.person, record)
    child.told.step(event, case.applicant.person if event == "submit" else None, case.now)


def draw(case: Case) -> None:
    """The whole grant is asked for."""
    case.act("applicant", "request_payment")
    _ask_for_money(case, "submit")


def pay(case: Case) -> None:
    """The request is certified, authorised by another person, exported and paid."""
    child = case.children_of(PaymentRequest)[-1]
    for role, event in PAYING:
        child.told.step(event, case.scene.who(role), case.later())
    paid_on = case.today
    child.told.step(
        "pay", case.scene.who("certifier"), case.now, data={"paid_on": paid_on.isoformat()}
    )
    parts = {str(share.ministry): str(part) for share, part in case.parts}
    child.record |= {"paid_on": paid_on, "use_by": timely_use_by(paid_on), "parts": parts}
    case.values["paid"] = case.values["granted"]
    year = case.values["period_start"].year
    for share, part in case.parts:
        case.scene.book("disburse", share.lines[year], child.told.id, part, case.now)
    if case.offer.is_micro:
        case.by_itself("paid_out", child.told.head)
        case.values["is_public"] = True


def prove(case: Case) -> None:
    """The project ends; its proof of use comes in and is audited."""
    end = case.values["period_end"]
    case.wait_for(end_of_day(end))
    case.by_itself("end_period")
    record = {"kind": "proof_of_use", "due_on": proof_due(period_end=end)}
    child = case.child(Report, None, record)
    child.told.step("submit", case.applicant.person, case.later())
    case.by_itself("proof_submitted", child.told.head)
    spent = case.values["expenditure"]
    child.record |= {"submitted_at": case.now, "claimed_expenditure": spent}
    officer = case.told.columns["officer_id"]
    child.told.step("start_audit", officer, case.later())
    findings = {"recognised_expenditure": str(spent), "new_other_funds": "0.00", "finding": COMMENT}
    child.told.step("record_findings", officer, case.later(), data=findings)
    child.record |= {"recognised_expenditure": spent, "finding": COMMENT}
    case.four_eyes(child.told, "assess")
    case.by_itself("proof_assessed", child.told.head)
    case.values["final_grant"] = case.values["granted"]


def settle(case: Case) -> None:
    """The case is closed by two persons."""
    case.four_eyes(case.told, "close", {"note": COMMENT})
    case.values["closed_on"] = case.today


def report(case: Case) -> None:
    """The short report of a micro-grant is handed in and accepted by two persons."""
    case.wait_for(end_of_day(case.values["period_end"]))
    case.act("applicant", "submit_report")
    case.four_eyes(case.told, "accept_report")
    case.values |= {"final_grant": case.values["granted"], "closed_on": case.today}
