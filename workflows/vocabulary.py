"""The closed lists a definition may draw on: roles, facts, effects.

The services implement exactly these facts and effects; the start-up checks that both lists agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.definition import Text


@dataclass(frozen=True, slots=True)
class Effect:
    """What an effect does, and the parameters it takes."""

    meaning: str
    params: tuple[str, ...] = ()


ROLES: Mapping[str, Text] = {
    "applicant_editor": {"de": "Bearbeitung (Antrag)", "en": "Applicant (editor)"},
    "applicant_signatory": {"de": "Zeichnung (Antrag)", "en": "Applicant (signatory)"},
    "office_clerk": {"de": "Geschäftsstelle", "en": "Joint office"},
    "case_officer": {"de": "Sachbearbeitung", "en": "Case officer"},
    "approver": {"de": "Zweitzeichnung", "en": "Approver"},
    "reviewer": {"de": "Begutachtung", "en": "Reviewer"},
    "panel_chair": {"de": "Vorsitz der Jury", "en": "Chair of the panel"},
    "ministry_expert": {"de": "Fachreferat", "en": "Expert unit of a ministry"},
    "budget_officer": {"de": "Haushaltsreferat", "en": "Budget unit of a ministry"},
    "ministry_signatory": {"de": "Mitzeichnung", "en": "Co-signatory of a ministry"},
    "lead_signatory": {"de": "Schlusszeichnung", "en": "Final signatory"},
    "certifier": {"de": "Feststellung", "en": "Certifier"},
    "payment_authoriser": {"de": "Anordnung", "en": "Payment authoriser"},
    "publisher": {"de": "Veröffentlichung", "en": "Publisher"},
    "auditor": {"de": "Prüfung (lesend)", "en": "Auditor (read only)"},
    "dpo": {"de": "Datenschutz", "en": "Data protection officer"},
    "tech_admin": {"de": "Technische Administration", "en": "Technical administrator"},
}

FACTS: Mapping[str, str] = {
    "call_open": "the call is published and open for new applications now",
    "in_time": "a submission received now is within the cut-off of the call",
    "strict_deadline": "the call excludes late submissions",
    "form_complete": "the answers pass every check of their form",
    "budget_balanced": "expenditure equals income, in total and in every year",
    "one_per_year": "the organisation has had no other award of this kind within twelve months",
    "amount_within_call": "the amount lies between the call's minimum and maximum",
    "within_quarter": "the amount fits into what is left of the call's ceiling for the quarter",
    "shares_complete": "the ministries' shares add up to 100 percent and to the amount",
    "reviews_counted": "how many reviews are validated and not discarded",
    "reviews_open": "how many reviews are still under way",
    "reviews_needed": "how many reviews the call asks for",
    "content_hash": "the hash of what the ministries sign",
    "signatures_missing": "how many ministries have not signed the present content",
    "content_current": "the content of this signature is the case's present one",
    "decision_kind": "grant or reject, once a decision is recorded",
    "letter_issued": "the decision's letter exists as issued bytes",
    "already_notified": "the day of notification has come",
    "final_on": "the day on which the decision becomes final",
    "retrieval_ends": "the last day on which the notice can be retrieved from the portal",
    "accepted": "the award and its terms are accepted",
    "bank_verified": "the bank account is verified",
    "period_end": "the last day of the award period",
    "limit_passed": "the limit of the present state is over",
    "balance_zero": "what was paid equals the final grant",
    "cut_off": "the instant at which the call closes",
    "reserve_until": "the last day of the reserve list",
    "proof_due_on": "the last day for the proof of use",
    "report_due_on": "the last day on which the report is in time",
    "parent_active": "the case may draw money now",
    "amount_available": "the requested amount does not exceed what is left of the grant",
    "no_overdue_report": "no report of the case is overdue",
    "proposer": "who proposed what waits for the second person",
    "second_roles": "which roles may confirm it",
}

EFFECTS: Mapping[str, Effect] = {
    "freeze_answers": Effect("freezes the answers and files with their hash"),
    "assign_reference": Effect("gives the case its number"),
    "issue_receipt": Effect("queues the receipt of a submission"),
    "assign_officer": Effect("makes the actor the case's officer"),
    "request_information": Effect("tells the applicant what is missing"),
    "record_assessment": Effect("keeps the checklist and the basis under state-aid law"),
    "open_review": Effect("invites a reviewer"),
    "declare_no_conflict": Effect("keeps the reviewer's declaration"),
    "freeze_review": Effect("keeps scores and comments and computes the score"),
    "discard_review": Effect("keeps a review without counting it"),
    "compute_score": Effect("computes the case's score from the reviews that count"),
    "set_recommendation": Effect("keeps the panel's word and amount", ("kind",)),
    "fix_content": Effect("fixes and hashes what the ministries sign"),
    "open_signatures": Effect("opens a co-signature for every ministry"),
    "stale_signatures": Effect("makes the signatures of the old content stale"),
    "restructure": Effect("sets new shares or a new amount"),
    "reserve_budget": Effect("reserves the ministry's share in its title"),
    "release_reservation": Effect("gives a ministry's reservation back"),
    "record_signature": Effect("keeps who signed which content"),
    "record_statement": Effect("keeps a ministry's question or dissent"),
    "record_decision": Effect("records what is to be decided", ("kind",)),
    "commit_budget": Effect("commits the money in every title and year"),
    "issue_letter": Effect("queues the decision's letter", ("kind",)),
    "dispatch_letter": Effect("notifies by the chosen channel and sets the dates of the law"),
    "accept_award": Effect("keeps the acceptance and the bank account"),
    "waive_remedy": Effect("keeps the waiver of remedies"),
    "verify_bank": Effect("marks the bank account as verified"),
    "create_obligations": Effect("opens the interim reports that will be due"),
    "publish": Effect("lists the project among those funded"),
    "open_payment_request": Effect("opens a payment request", ("full",)),
    "fix_payment": Effect("keeps the requested amount and date"),
    "check_year_budget": Effect("refuses where a title's commitment does not cover the payment"),
    "book_disbursement": Effect("books the payment, split between the ministries"),
    "open_proof": Effect("opens the proof of use"),
    "fix_report": Effect("keeps what a report claims"),
    "record_findings": Effect("keeps what the audit recognises"),
    "settle": Effect("computes the final grant"),
    "release_commitments": Effect("gives back what was committed and not paid"),
    "publish_result": Effect("adds the result to the project's page"),
    "fire_proposed": Effect("fires what the first person proposed"),
}

CHOICES: Mapping[str, str] = {"reviewers": "persons who hold the role of reviewer"}
