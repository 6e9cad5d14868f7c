"""How a synthetic case comes to its decision: each stage adds its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from funding_app.demo.bulk.case_builder import Case, Child
from funding_app.demo.runner import grant_answers, micro_answers
from funding_app.engine.log.chain import digest
from funding_app.models import (
    AnswerSection,
    CoSignature,
    FundingShare,
    Review,
    Submission,
    new_id,
)
from funding_app.rules import scoring
from funding_app.rules.money import split
from funding_app.rules.periods import end_of_period

CENT = Decimal("0.01")
COMMENT = "Überzeugend begründet und gut belegt."
CHECKS = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
MISSING = "Bitte reichen Sie die Satzung in der geltenden Fassung nach."
REASONS = "Andere Anträge versprechen bei gleichem Mitteleinsatz eine größere Wirkung."

SIGNING = (
    ("ministry_expert", "clear_expert"),
    ("budget_officer", "clear_budget"),
    ("ministry_signatory", "sign"),
)


def _period(case: Case) -> tuple[date, date]:
    """An award period that begins on the first of a month and ends within its year."""
    chance, micro = case.scene.random, case.offer.is_micro
    ahead = case.today + timedelta(
        days=chance.randrange(25, 40) if micro else chance.randrange(70, 120)
    )
    first = ahead.replace(day=1)
    if first.month > 9:
        first = date(first.year + 1, 1, 1)
    months = chance.randrange(1, 3) if micro else chance.randrange(3, 9)
    return first, min(
        end_of_period(first, months=months) - timedelta(days=1), date(first.year, 12, 31)
    )


def _answers(case: Case) -> dict[str, dict[str, Any]]:
    values = case.values
    write = micro_answers if case.offer.is_micro else grant_answers
    start, end = values["period_start"].isoformat(), values["period_end"].isoformat()
    answers = write(values["requested"], start, end, case.told.columns["title"])
    answers["project"]["summary"] = values["summary"]
    if "description" in answers:
        answers["description"] = dict.fromkeys(answers["description"], values["summary"])
    return answers


def draft(case: Case) -> None:
    """An application is filled in."""
    least, most = case.offer.amounts
    amount = Decimal(case.scene.random.randrange(int(least), int(most) + 1, 50)).quantize(CENT)
    start, end = _period(case)
    own = Decimal(0) if case.offer.is_micro else (amount / 9).quantize(CENT)
    case.values |= {"requested": amount, "expenditure": amount + own}
    case.values |= {"period_start": start, "period_end": end}
    if not case.scene.whole:
        return
    for section, answers in _answers(case).items():
        case.scene.rows.add(
            AnswerSection,
            process_id=case.told.id,
            section=section,
            answers=answers,
            version=1,
            saved_at=case.now,
            saved_by=case.applicant.person,
        )


def submit(case: Case) -> None:
    """The answers are frozen with their hash; the case gets its reference."""
    answers = {name: item for part in _answers(case).values() for name, item in part.items()}
    frozen, reference = digest(answers), case.scene.next_reference(case.now)
    case.told.columns["reference"], case.frozen = reference, frozen
    notes = {"answers_sha256": frozen, "files": [], "reference": reference}
    case.act("applicant", "submit", notes=notes)
    case.values |= {"submitted_at": case.now, "completed_at": case.now}
    if case.scene.whole:
        case.scene.rows.add(
            Submission,
            id=new_id(),
            process_id=case.told.id,
            number=1,
            answers=answers,
            sha256=frozen,
            files=[],
            received_at=case.now,
            log_seq=case.told.log_seq,
            submitted_by=case.applicant.person,
        )


def check(case: Case) -> None:
    """An officer takes the case."""
    officer = case.told.columns["officer_id"] = case.scene.who("case_officer")
    case.told.step("start_check", officer, case.later(), data={"no_conflict": True})


def ask(case: Case) -> None:
    """Something is missing."""
    case.values["information_requested"] = MISSING
    case.act("case_officer", "request_info", {"items": MISSING})


def withdraw(case: Case) -> None:
    """The applicant takes the application back."""
    case.act("applicant", "withdraw")


def invite(case: Case) -> None:
    """The formal check is passed, two reviewers are invited."""
    assessment = {**CHECKS, "aid_basis": "none_non_economic"}
    case.values |= {"assessment": assessment, "aid_basis": assessment["aid_basis"]}
    case.act("case_officer", "pass", assessment)
    for reviewer in case.scene.random.sample(case.scene.people["reviewer", None], 2):
        case.act("office_clerk", "assign_reviewer", {"reviewer": str(reviewer)})
        record = {"reviewer_id": reviewer}
        case.child(Review, case.scene.who("office_clerk"), record, assignee_id=reviewer)


def review(case: Case) -> None:
    """Both reviews come in and are validated; the score follows by itself."""
    weights = case.offer.weights
    for child in case.children_of(Review):
        _assess(case, child, weights)
    found = [scoring.Review(child.record["scores"]) for child in case.children_of(Review)]
    score = scoring.application_score(found, weights)
    case.values |= {
        "score": score.value,
        "first_criterion_mean": score.criterion_means[next(iter(weights))],
        "score_spread": score.spread,
    }
    case.by_itself("all_reviews_in", case.children[-1].told.head, notes={"score": score.value})


def _assess(case: Case, child: Child, weights: Mapping[str, Decimal]) -> None:
    chance, reviewer = case.scene.random, child.record["reviewer_id"]
    mood = chance.randrange(2, 5)
    scores = {key: mood + chance.randrange(-1, 2) for key in weights}
    child.told.step("accept", reviewer, case.later(), data={"no_conflict": True})
    child.record |= {
        "declared_at": case.now,
        "declaration": "no_conflict",
        "scores": scores,
        "comments": dict.fromkeys(scores, COMMENT),
        "score": scoring.review_score(scores, weights),
    }
    child.told.step("submit", reviewer, case.later())
    child.told.step("validate", case.scene.who("office_clerk"), case.later())


def to_panel(case: Case) -> None:
    """The case comes before the panel."""
    case.act("office_clerk", "to_panel")


def recommend(case: Case) -> None:
    """The panel recommends what was asked for; each ministry's share is set."""
    _recommended(case, "recommend")


def reserve(case: Case) -> None:
    """The panel puts the case on the reserve list."""
    _recommended(case, "reserve")


def decline(case: Case) -> None:
    """The panel does not recommend the case."""
    case.values["recommendation"] = "decline"
    case.act("panel_chair", "decline", {"reasoning": REASONS})


def _recommended(case: Case, kind: str) -> None:
    amount = case.values["requested"]
    case.values |= {"recommendation": kind, "recommended_amount": amount}
    case.act("panel_chair", kind, {"amount": str(amount), "reasoning": COMMENT})
    set_shares(case, amount)


def set_shares(case: Case, amount: Decimal) -> None:
    """Splits the amount between the ministries of the call."""
    shares = case.offer.shares
    year = str(case.values["period_start"].year)
    parts = split(amount, [share.percent for share in shares])
    case.parts = list(zip(shares, parts, strict=True))
    for position, (share, part) in enumerate(case.parts):
        case.scene.rows.add(
            FundingShare,
            application_id=case.told.id,
            ministry_id=share.ministry,
            position=position,
            percent=Decimal(share.percent),
            amount=part,
            amounts={year: str(part)},
            budget_title=share.title,
        )


def _content(case: Case) -> dict[str, Any]:
    """What the ministries sign, named as `services.signatures.content_of` names it."""
    values = case.values
    return {
        "application": str(case.told.id),
        "round": 1,
        "answers_sha256": case.frozen,
        "amount": str(values["recommended_amount"]),
        "financing_type": case.offer.financing_type,
        "expenditure": str(values["expenditure"]),
        "period": [str(values["period_start"]), str(values["period_end"])],
        "shares": [
            {
                "ministry": str(share.ministry),
                "percent": f"{share.percent}.00",
                "amount": str(part),
                "amounts": {str(values["period_start"].year): str(part)},
                "budget_title": share.title,
            }
            for share, part in case.parts
        ],
    }


def consult(case: Case) -> None:
    """The content is fixed; every ministry is asked for its signature."""
    content = _content(case)
    fixed = digest(content)
    case.values |= {"round": 1, "content_hash": fixed}
    officer = case.told.columns["officer_id"]
    case.told.step("open_consultation", officer, case.later(), notes={"content_hash": fixed})
    for share, part in case.parts:
        record = {
            "ministry_id": share.ministry,
            "round": 1,
            "content_hash": fixed,
            "content": content,
            "amount": part,
        }
        case.child(CoSignature, officer, record, ministry_id=share.ministry)


def sign(case: Case) -> None:
    """Expert, budget officer and signatory of every ministry agree; the money is set aside."""
    year = case.values["period_start"].year
    for child, (share, part) in zip(case.children_of(CoSignature), case.parts, strict=True):
        for role, event in SIGNING:
            person = case.scene.who(role, share.ministry)
            child.told.step(event, person, case.later())
        child.record |= {"signed_by": person, "signed_at": case.now}
        case.held.append((child.told.id, share.lines[year], part))
    case.by_itself("all_signed", child.told.head)
    case.values |= {"decision_kind": "grant", "granted": case.values["recommended_amount"]}


def refuse(case: Case) -> None:
    """A rejection is prepared."""
    case.values |= {"decision_kind": "reject", "decision_reason": REASONS}
    case.act("case_officer", "prepare_reject", {"reasons": REASONS})


def approve(case: Case) -> None:
    """The lead ministry signs last; reservations become commitments."""
    lead = case.offer.shares[0].ministry
    case.told.step("approve", case.scene.who("lead_signatory", lead), case.later())
    case.values["decided_on"] = case.today
    if case.values["decision_kind"] == "grant":
        case.held.clear()
        commit(case)


def commit(case: Case) -> None:
    """Books every ministry's part as a commitment."""
    year = case.values["period_start"].year
    for share, part in case.parts:
        case.scene.book("commit", share.lines[year], case.told.id, part, case.now)


def award(case: Case) -> None:
    """A micro-grant is decided by two persons."""
    amount = case.values["requested"]
    case.values |= {"recommendation": "recommend", "recommended_amount": amount}
    case.values |= {"decision_kind": "grant", "granted": amount}
    set_shares(case, amount)
    case.four_eyes(case.told, "decide_grant", {"amount": str(amount)})
    case.values["decided_on"] = case.today
    commit(case)


def deny(case: Case) -> None:
    """A micro-grant is rejected by two persons."""
    case.values |= {"decision_kind": "reject", "decision_reason": REASONS}
    case.four_eyes(case.told, "decide_reject", {"reasons": REASONS})
    case.values["decided_on"] = case.today
