"""The closed lists a definition may draw on: roles, facts, effects, choices, refusal codes.

The services implement exactly these facts and effects; the start-up checks that both lists agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition import Text
from workflows.vocabulary.effects import EFFECTS
from workflows.vocabulary.facts import FACTS
from workflows.vocabulary.roles import (
    OWNERS,
    ROLE_TITLES,
    ROLES,
    Relation,
    Role,
    owner_of,
    roles_by,
)
from workflows.vocabulary.tags import NEEDED, TAGS, Record, Tag, TagMeaning
from workflows.vocabulary.terms import Effect, Fact, Parameter, one_of, text

__all__ = [
    "CHOICES",
    "EFFECTS",
    "FACTS",
    "NEEDED",
    "OWNERS",
    "REFUSAL_CODES",
    "ROLES",
    "ROLE_TITLES",
    "TAGS",
    "VALUES",
    "Effect",
    "Fact",
    "Parameter",
    "Record",
    "Relation",
    "Role",
    "Tag",
    "TagMeaning",
    "one_of",
    "owner_of",
    "roles_by",
    "text",
]

CHOICES: Mapping[str, Text] = {
    "reviewers": text("Personen, die begutachten dürfen", "persons who hold the role of reviewer"),
    "recusals": text("Ausschlüsse der Sitzung, die enden können", "exclusions that can be lifted"),
    "successors": text(
        "Personen, die ein Gutachten übernehmen können", "persons who can take over a review"
    ),
    "applicants": text("antragstellende Organisationen", "applying organisations"),
}

VALUES: Mapping[str, Text] = {
    "grant": text("Bewilligung", "award"),
    "reject": text("Ablehnung", "rejection"),
    **{name: fact.meaning for name, fact in FACTS.items() if fact.kind == "number"},
}

REFUSAL_CODES: Mapping[str, str] = {
    # of the machine and the engine
    "unknown_event": "the definition has no such event",
    "wrong_state": "the event is not possible in the present state",
    "not_permitted": "none of the person's roles on this process may do it",
    "reason_missing": "the event needs a reason",
    "reason_unreadable": "the reason holds characters that can not be kept or seen",
    "reason_too_long": "the reason is longer than a text may be",
    "stale": "somebody else has changed the process since it was looked at",
    "handed_in": "what was handed in can be withdrawn, but not deleted",
    "already_proposed": "the same event already waits for a second person",
    # of a panel's meeting
    "on_agenda": "a panel's meeting that is not over has the case on its agenda",
    "not_on_agenda": "the item is not on the meeting's agenda",
    "not_own_recusal": "a member takes back only what the member has declared",
    "not_recused": "there is no such exclusion that could still be lifted",
    "not_ripe": "the case is not where the panel votes on it",
    "already_decided": "the panel has decided the item",
    "already_voted": "the member has voted, or a motion is changed after a vote",
    "not_seated": "the person has no seat, may not vote or is not there",
    "votes_missing": "somebody who is there and may vote has not voted",
    # of guards
    "four_eyes_violation": "the same person has done what another must do",
    "call_not_open": "the call is not open",
    "deadline_passed": "the cut-off of the call is over",
    "not_late": "the submission is in time",
    "deadline_strict": "the call excludes late submissions and reinstatement is not granted",
    "incomplete": "answers are missing or wrong",
    "budget_unbalanced": "expenditure and income differ",
    "already_funded": "an award of this kind within twelve months",
    "amount_outside_call": "the amount is outside the call's limits",
    "budget_insufficient": "the money is not there",
    "shares_incomplete": "the shares do not add up",
    "calibration_open": "the reviewer has not scored all sample applications of the call",
    "reviews_missing": "too few reviews count, or one is under way",
    "reviews_sufficient": "enough reviews count",
    "signature_missing": "a ministry has not signed the present content",
    "signature_stale": "the content has changed since",
    "decision_differs": "the recorded decision is of the other kind",
    "letter_pending": "the letter is not issued yet",
    "not_notified": "the decision does not count as notified yet",
    "terms_not_accepted": "the award is not accepted",
    "terms_accepted": "the award is accepted already",
    "bank_unverified": "the bank account is not verified",
    "limit_running": "the limit is still running",
    "balance_open": "what was paid differs from the final grant",
    "not_active": "the case may not draw money",
    "total_exceeded": "more than is left of the grant",
    "report_overdue": "a report is overdue",
    "confirmation_missing": "a question has to be answered with yes",
    "child_missing": "a sub-process is not yet where it has to be",
    "child_open": "a sub-process is under way",
    "record_differs": "the procedure has recorded something else",
    "remedy_differs": "the authority's decisions have another remedy",
    "answer_differs": "something else is chosen",
    "day_not_ahead": "the day has to lie ahead",
    "day_too_early": "the day leaves too little time",
    "day_not_past": "the day may not lie ahead",
    "number_outside": "the number is outside what is allowed",
    "quorum_missing": "too few members are present",
    "criteria_open": "dates, amounts or criteria of the call are not fixed",
    "amendment_required": "the shift exceeds what a budget line allows",
    "period_over": "the award period is over",
    "limit_one_year_expired": "the one-year limit has expired",
    "consent_missing": "a ministry has not consented",
    "consent_given": "no ministry refuses its consent",
    "claim_open": "the claim or its interest is not paid in full",
    "partner_missing": "a partner's application is not submitted",
    "not_final": "a decision is not final yet",
    "capacity_insufficient": "the lab has too few hours left",
    "capacity_available": "the lab has enough hours left",
    "hours_used_up": "the budget of hours is used up",
    # of effects
    "commitment_authority_insufficient": "the commitment authority of a year does not suffice",
    "conflict_of_interest": "the person is excluded by law",
    "successor_unfit": "the person was asked already, may be biased or has no room for a review",
    "base_rate_missing": "a half-year has no base rate",
    "invalid_data": "the data of the event can not be used",
}
