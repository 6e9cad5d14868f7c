"""Guards over what is known about the case."""

from __future__ import annotations

from workflows.guards.registry import WORDS, Params, by_fact, guard
from workflows.snapshot import Refusal, Snapshot
from workflows.vocabulary import one_of

for _fact, _code in {
    "call_open": "call_not_open",
    "form_complete": "incomplete",
    "budget_balanced": "budget_unbalanced",
    "one_per_year": "already_funded",
    "amount_within_call": "amount_outside_call",
    "within_quarter": "budget_insufficient",
    "shares_complete": "shares_incomplete",
    "content_current": "signature_stale",
    "letter_issued": "letter_pending",
    "already_notified": "not_notified",
    "accepted": "terms_not_accepted",
    "bank_verified": "bank_unverified",
    "limit_passed": "limit_running",
    "balance_zero": "balance_open",
    "parent_active": "not_active",
    "amount_available": "total_exceeded",
    "no_overdue_report": "report_overdue",
    "in_time": "deadline_passed",
    "criteria_fixed": "criteria_open",
    "calibrated": "calibration_open",
    "requested_within_call": "amount_outside_call",
    "within_line_shift": "amendment_required",
    "amendment_in_time": "period_over",
    "within_one_year": "limit_one_year_expired",
    "claim_settled": "claim_open",
    "partners_submitted": "partner_missing",
    "partners_within_call": "total_exceeded",
    "partners_final": "not_final",
    "partners_closed": "child_open",
}.items():
    by_fact(_fact, _code)


@guard(
    "not_late",
    de="der Eingang liegt nach der Frist",
    en="the submission is after the cut-off",
    facts=("in_time",),
    opposite="in_time",
)
def late(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """A submission now is after the cut-off."""
    return Refusal("not_late") if snapshot.facts["in_time"] else None


@guard(
    "terms_accepted",
    de="die Bewilligung ist nicht angenommen",
    en="the award is not accepted",
    facts=("accepted",),
    opposite="accepted",
)
def not_accepted(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The award has not been accepted."""
    return Refusal("terms_accepted") if snapshot.facts["accepted"] else None


@guard(
    "deadline_strict",
    de="der Aufruf lässt verspätete Anträge zu, oder Wiedereinsetzung ist gewährt",
    en="the call admits late submissions, or reinstatement is granted",
    facts=("strict_deadline",),
)
def lenient_deadline(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The call admits late submissions, or reinstatement is granted (§ 32 VwVfG)."""
    if snapshot.data is None or snapshot.data.get("reinstatement") is True:
        return None
    return Refusal("deadline_strict") if snapshot.facts["strict_deadline"] else None


@guard(
    "decision_differs",
    de="die Entscheidung lautet auf {kind}",
    en="the decision is {kind}",
    facts=("decision_kind",),
    params={"kind": one_of("grant", "reject")},
    picks="kind",
)
def decision_is(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The recorded decision is of this kind."""
    kind = snapshot.facts["decision_kind"]
    return None if kind == params["kind"] else Refusal("decision_differs", {"kind": params["kind"]})


@guard(
    "reviews_missing",
    de="genügend Gutachten gelten, und keines steht aus",
    en="enough reviews count, and none is under way",
    facts=("reviews_counted", "reviews_needed", "reviews_open"),
    opposite="reviews_short",
)
def reviews_sufficient(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Enough reviews count, and none is still under way."""
    facts = snapshot.facts
    missing = max(0, facts["reviews_needed"] - facts["reviews_counted"])
    if not missing and not facts["reviews_open"]:
        return None
    return Refusal("reviews_missing", {"missing": missing, "open": facts["reviews_open"]})


@guard(
    "reviews_sufficient",
    de="weniger Gutachten gelten, als der Aufruf verlangt",
    en="fewer reviews count than the call asks for",
    facts=("reviews_counted", "reviews_needed"),
)
def reviews_short(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Fewer reviews count than the call asks for."""
    enough = snapshot.facts["reviews_counted"] >= snapshot.facts["reviews_needed"]
    return Refusal("reviews_sufficient") if enough else None


@guard(
    "signature_missing",
    de="alle beteiligten Ressorts haben den geltenden Inhalt gezeichnet",
    en="every ministry has signed the present content",
    facts=("signatures_missing", "content_hash"),
)
def signatures_current(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Every ministry has signed the present content (§ 19 Abs. 2 GGO)."""
    missing = snapshot.facts["signatures_missing"]
    if snapshot.facts["content_hash"] and missing == 0:
        return None
    return Refusal("signature_missing", {"missing": missing})


@guard(
    "record_differs",
    de="festgehalten ist bei {field}: {values}",
    en="recorded as {field}: {values}",
    facts=("recorded",),
    params={"field": {"type": "string"}, "values": WORDS},
    picks="values",
)
def recorded_is(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The procedure has recorded one of these values for the field."""
    found = snapshot.facts["recorded"].get(params["field"])
    known = found in params["values"]
    return None if known else Refusal("record_differs", {"field": params["field"]})


@guard(
    "remedy_differs",
    de="der Rechtsbehelf ist {kind}",
    en="the remedy is {kind}",
    facts=("remedy_kind",),
    params={"kind": one_of("objection", "court_action")},
    picks="kind",
)
def remedy_is(snapshot: Snapshot, params: Params) -> Refusal | None:
    """Decisions of this authority have this remedy (§ 68 VwGO)."""
    found = snapshot.facts["remedy_kind"]
    return None if found == params["kind"] else Refusal("remedy_differs", {"kind": found})


@guard(
    "capacity_insufficient",
    de="im Labor sind genügend Stunden frei",
    en="the lab has enough hours left",
    facts=("capacity", "recorded"),
    opposite="capacity_taken",
)
def capacity_free(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The lab has the hours that the interview found are needed."""
    free, needed = snapshot.facts["capacity"], snapshot.facts["recorded"].get("hours") or 0
    return None if needed <= free else Refusal("capacity_insufficient", {"free": free})


@guard(
    "capacity_available",
    de="im Labor sind zu wenige Stunden frei",
    en="the lab has too few hours left",
    facts=("capacity", "recorded"),
)
def capacity_taken(snapshot: Snapshot, params: Params) -> Refusal | None:
    """The lab has not the hours that are needed."""
    free = capacity_free(snapshot, params)
    return Refusal("capacity_available") if free is None else None


@guard(
    "capacity_insufficient",
    de="im Labor sind so viele weitere Stunden frei",
    en="the lab has so many more hours left",
    facts=("capacity",),
)
def capacity_for_more(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The lab has the further hours asked for."""
    free = snapshot.facts["capacity"]
    wanted = 1 if snapshot.data is None else snapshot.data.get("more_hours") or 0
    return None if wanted <= free else Refusal("capacity_insufficient", {"free": free})


@guard(
    "hours_used_up",
    de="vom Kontingent sind so viele Stunden übrig",
    en="so many hours of the budget are left",
    facts=("hours_left",),
)
def hours_left(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """The hours to be logged are left of the budget: at 100 percent logging stops."""
    left = snapshot.facts["hours_left"]
    wanted = 1 if snapshot.data is None else snapshot.data.get("spent") or 0
    return None if wanted <= left else Refusal("hours_used_up", {"left": left})


@guard(
    "consent_missing",
    de="alle beteiligten Ressorts haben zugestimmt",
    en="every ministry has consented",
    facts=("consents_missing",),
    opposite="consent_refused",
)
def consents_given(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """Every ministry asked in the present round has consented (§ 19 Abs. 2 GGO)."""
    missing = snapshot.facts["consents_missing"]
    return Refusal("consent_missing", {"missing": missing}) if missing else None


@guard(
    "consent_given",
    de="ein beteiligtes Ressort stimmt nicht zu",
    en="a ministry does not consent",
    facts=("consents_denied",),
)
def consent_refused(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """A ministry asked in the present round does not consent."""
    return None if snapshot.facts["consents_denied"] else Refusal("consent_given")


@guard(
    "quorum_missing",
    de="mehr als die Hälfte der Stimmberechtigten, mindestens drei, ist anwesend",
    en="more than half of those entitled to vote, at least three, are present",
    facts=("voters", "voters_present"),
)
def quorum_present(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """More than half of those entitled to vote and at least three are there (§ 90 Abs. 1 VwVfG)."""
    voters, present = (snapshot.facts[name] for name in ("voters", "voters_present"))
    return None if 3 <= present <= voters < 2 * present else Refusal("quorum_missing")


@guard(
    "not_recused",
    "conflict_of_interest",
    de="der genannte Ausschluss besteht, und die Person ist von dem Punkt nicht ausgeschlossen",
    en="the exclusion named still stands, and the person is not excluded from that item",
    facts=("recusals",),
)
def names_recusal(snapshot: Snapshot, _params: Params) -> Refusal | None:
    """What is to be lifted stands and may end; who is excluded from an item has no part in it.

    An exclusion is named by its item and its member, with a colon between (§ 20 Abs. 4 VwVfG).
    """
    standing = snapshot.facts["recusals"]
    if snapshot.data is None:
        return None if standing else Refusal("not_recused")
    named = snapshot.data.get("recusal")
    if named not in standing:
        return Refusal("not_recused")
    item = str(named).partition(":")[0]
    is_out = f"{item}:{snapshot.actor.user_id}" in standing
    return Refusal("conflict_of_interest") if is_out else None
