"""The closed lists a definition may draw on: roles, facts, effects, choices, refusal codes.

The services implement exactly these facts and effects; the start-up checks that both lists agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.definition import Text

Parameter = Mapping[str, Any]
"""What a parameter may be, as a piece of JSON Schema."""


def text(de: str, en: str) -> Text:
    """One text in both languages."""
    return {"de": de, "en": en}


def one_of(*values: str) -> Parameter:
    """A parameter with a closed list of values."""
    return {"enum": list(values)}


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about a process; `kind` is yes_no, number, day, words or list."""

    kind: str
    meaning: Text


@dataclass(frozen=True, slots=True)
class Effect:
    """What an effect does, and the parameters it takes (those in `optional` may be left out)."""

    meaning: Text
    params: Mapping[str, Parameter] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


ROLES: Mapping[str, Text] = {
    "applicant_editor": text("Bearbeitung (Antrag)", "Applicant (editor)"),
    "applicant_signatory": text("Zeichnung (Antrag)", "Applicant (signatory)"),
    "office_clerk": text("Geschäftsstelle", "Joint office"),
    "case_officer": text("Sachbearbeitung", "Case officer"),
    "approver": text("Zweitzeichnung", "Approver"),
    "reviewer": text("Begutachtung", "Reviewer"),
    "panel_chair": text("Vorsitz der Jury", "Chair of the panel"),
    "ministry_expert": text("Fachreferat", "Expert unit of a ministry"),
    "budget_officer": text("Haushaltsreferat", "Budget unit of a ministry"),
    "ministry_signatory": text("Mitzeichnung", "Co-signatory of a ministry"),
    "lead_signatory": text("Schlusszeichnung", "Final signatory"),
    "certifier": text("Feststellung", "Certifier"),
    "payment_authoriser": text("Anordnung", "Payment authoriser"),
    "publisher": text("Veröffentlichung", "Publisher"),
    "auditor": text("Prüfung (lesend)", "Auditor (read only)"),
    "dpo": text("Datenschutz", "Data protection officer"),
    "tech_admin": text("Technische Administration", "Technical administrator"),
}

OWNERS: Mapping[str, Text] = {
    "system": text("niemand, das Verfahren ruht", "nobody, the process rests"),
    "children": text("die Teilverfahren", "the sub-processes"),
}


def _yes_no(de: str, en: str) -> Fact:
    return Fact("yes_no", text(de, en))


def _number(de: str, en: str) -> Fact:
    return Fact("number", text(de, en))


def _day(de: str, en: str) -> Fact:
    return Fact("day", text(de, en))


FACTS: Mapping[str, Fact] = {
    "call_open": _yes_no(
        "der Aufruf ist veröffentlicht und hat begonnen",
        "the call is published and has begun",
    ),
    "in_time": _yes_no("der Eingang liegt in der Frist", "the submission is within the cut-off"),
    "strict_deadline": _yes_no(
        "der Aufruf schließt verspätete Anträge aus", "the call excludes late submissions"
    ),
    "form_complete": _yes_no(
        "alle Angaben im Formular sind vollständig und richtig",
        "every answer in the form is complete and correct",
    ),
    "budget_balanced": _yes_no(
        "Ausgaben und Einnahmen gleichen sich aus, insgesamt und in jedem Jahr",
        "expenditure equals income, in total and in every year",
    ),
    "one_per_year": _yes_no(
        "die Organisation wurde in den letzten zwölf Monaten nicht auf diese Weise gefördert",
        "the organisation has had no award of this kind within twelve months",
    ),
    "amount_within_call": _yes_no(
        "der Betrag liegt im Rahmen des Aufrufs", "the amount is within the limits of the call"
    ),
    "within_quarter": _yes_no(
        "der Betrag passt in die Obergrenze des Quartals",
        "the amount fits into what is left of the ceiling for the quarter",
    ),
    "shares_complete": _yes_no(
        "die Anteile der Ressorts ergeben 100 Prozent und den ganzen Betrag",
        "the ministries' shares add up to 100 percent and to the amount",
    ),
    "reviews_counted": _number("gültige Gutachten", "reviews that count"),
    "reviews_open": _number("laufende Begutachtungen", "reviews still under way"),
    "reviews_needed": _number(
        "Gutachten, die der Aufruf verlangt", "reviews that the call asks for"
    ),
    "content_hash": Fact(
        "words",
        text("die Prüfsumme des Inhalts zur Mitzeichnung", "the hash of what the ministries sign"),
    ),
    "signatures_missing": _number(
        "Ressorts, die den geltenden Inhalt noch nicht gezeichnet haben",
        "ministries that have not signed the present content",
    ),
    "content_current": _yes_no(
        "der vorgelegte Inhalt ist der geltende", "the content put before the ministry is current"
    ),
    "decision_kind": Fact(
        "words",
        text(
            "Bewilligung (grant) oder Ablehnung (reject), sobald eine Entscheidung vorliegt",
            "grant or reject, once a decision is recorded",
        ),
    ),
    "letter_issued": _yes_no("der Bescheid ist ausgefertigt", "the decision's letter is issued"),
    "already_notified": _yes_no(
        "der Bescheid gilt als bekannt gegeben", "the day of notification has come"
    ),
    "final_on": _day(
        "der letzte Tag der Rechtsbehelfsfrist", "the last day of the period for legal remedies"
    ),
    "retrieval_ends": _day(
        "der letzte Tag für den Abruf im Portal", "the last day for retrieval from the portal"
    ),
    "accepted": _yes_no(
        "die Bewilligung mit ihren Nebenbestimmungen ist angenommen",
        "the award and its terms are accepted",
    ),
    "bank_verified": _yes_no("das Konto ist bestätigt", "the bank account is verified"),
    "period_end": _day(
        "der letzte Tag des Bewilligungszeitraums", "the last day of the award period"
    ),
    "limit_passed": _yes_no(
        "die Frist des Bearbeitungsstands ist abgelaufen", "the limit of the present state is over"
    ),
    "balance_zero": _yes_no(
        "das ausgezahlte Geld entspricht der endgültigen Zuwendung",
        "what was paid equals the final grant",
    ),
    "cut_off": _day("das Ende der Antragsfrist", "the instant at which the call closes"),
    "reserve_until": _day("der letzte Tag der Nachrückliste", "the last day of the reserve list"),
    "proof_due_on": _day(
        "der letzte Tag für den Verwendungsnachweis", "the last day for the proof of use"
    ),
    "report_due_on": _day("der letzte Tag für den Nachweis", "the last day for the report"),
    "parent_active": _yes_no("der Fall darf jetzt Mittel abrufen", "the case may draw money now"),
    "amount_available": _yes_no(
        "der Betrag übersteigt nicht den Rest der Zuwendung",
        "the amount does not exceed what is left of the grant",
    ),
    "no_overdue_report": _yes_no("kein Nachweis ist überfällig", "no report is overdue"),
    "proposer": Fact(
        "words", text("wer den Vorschlag gemacht hat", "who proposed what waits for a second")
    ),
    "second_roles": Fact(
        "list", text("welche Rollen bestätigen dürfen", "which roles may confirm it")
    ),
}


def _effect(de: str, en: str, **params: Parameter) -> Effect:
    return Effect(text(de, en), params)


EFFECTS: Mapping[str, Effect] = {
    "freeze_answers": _effect(
        "friert Angaben und Dateien mit ihrer Prüfsumme ein",
        "freezes the answers and files with their hash",
    ),
    "assign_reference": _effect("vergibt das Aktenzeichen", "gives the case its number"),
    "issue_receipt": _effect(
        "erstellt die Eingangsbestätigung", "queues the receipt of the submission"
    ),
    "assign_officer": _effect(
        "macht die handelnde Person zuständig", "makes the acting person the case's officer"
    ),
    "request_information": _effect(
        "teilt mit, welche Angaben fehlen", "tells the applicant what is missing"
    ),
    "record_assessment": _effect(
        "hält Prüfliste und beihilferechtliche Grundlage fest",
        "keeps the checklist and the basis under state-aid law",
    ),
    "open_review": _effect("lädt zur Begutachtung ein", "invites a reviewer"),
    "declare_no_conflict": _effect(
        "hält die Erklärung zur Unbefangenheit fest", "keeps the reviewer's declaration"
    ),
    "freeze_review": _effect(
        "hält Punkte und Begründungen fest", "keeps scores and comments and computes the score"
    ),
    "discard_review": _effect(
        "bewahrt das Gutachten auf, ohne es zu zählen", "keeps a review without counting it"
    ),
    "compute_score": _effect(
        "berechnet die Punktzahl aus den gültigen Gutachten",
        "computes the score from the reviews that count",
    ),
    "set_recommendation": _effect(
        "hält Empfehlung und Betrag fest",
        "keeps the recommendation and its amount",
        kind=one_of("recommend", "reserve", "decline"),
    ),
    "fix_content": _effect(
        "legt den Inhalt der Mitzeichnung mit seiner Prüfsumme fest",
        "fixes and hashes what the ministries sign",
    ),
    "open_signatures": _effect(
        "legt den Fall jedem beteiligten Ressort zur Mitzeichnung vor",
        "opens a co-signature for every ministry",
    ),
    "stale_signatures": _effect(
        "erklärt die bisherigen Zeichnungen für überholt",
        "makes the signatures of the old content stale",
    ),
    "restructure": _effect(
        "setzt neuen Betrag und neue Anteile", "sets a new amount and new shares"
    ),
    "check_quarter": _effect(
        "prüft die Quartalsgrenze noch einmal unter Sperre",
        "checks the quarterly ceiling once more under a lock",
    ),
    "reserve_budget": _effect(
        "merkt den Anteil des Ressorts in seinem Titel vor",
        "reserves the ministry's share in its title",
    ),
    "release_reservation": _effect(
        "gibt die vorgemerkten Mittel des Ressorts frei", "gives a ministry's reservation back"
    ),
    "record_signature": _effect(
        "hält fest, wer welchen Inhalt gezeichnet hat", "keeps who signed which content"
    ),
    "record_statement": _effect(
        "hält Rückfrage oder Dissens des Ressorts fest", "keeps a ministry's question or dissent"
    ),
    "record_decision": _effect(
        "hält fest, was entschieden werden soll",
        "records what is to be decided",
        kind=one_of("grant", "reject"),
    ),
    "commit_budget": _effect(
        "legt die Mittel in jedem Titel und Jahr fest",
        "commits the money in every title and year",
    ),
    "issue_letter": _effect(
        "gibt den Bescheid in Auftrag",
        "queues the decision's letter",
        kind=one_of("award", "rejection"),
    ),
    "dispatch_letter": _effect(
        "gibt den Bescheid auf dem gewählten Weg bekannt und setzt die Fristen",
        "notifies by the chosen channel and sets the dates of the law",
    ),
    "accept_award": _effect(
        "hält Annahme und Konto fest", "keeps the acceptance and the bank account"
    ),
    "waive_remedy": _effect(
        "hält den Rechtsbehelfsverzicht fest", "keeps the waiver of legal remedies"
    ),
    "verify_bank": _effect("bestätigt das Konto", "marks the bank account as verified"),
    "create_obligations": _effect(
        "legt die künftigen Zwischennachweise an", "opens the interim reports that will be due"
    ),
    "publish": _effect(
        "führt das Vorhaben unter den geförderten auf", "lists the project among those funded"
    ),
    "open_payment_request": Effect(
        text("eröffnet eine Mittelanforderung", "opens a payment request"),
        {"full": {"type": "boolean"}},
        optional=frozenset({"full"}),
    ),
    "fix_payment": _effect(
        "hält Betrag und Zeitpunkt der Anforderung fest", "keeps the requested amount and date"
    ),
    "check_year_budget": _effect(
        "weist ab, was die Festlegung eines Titels übersteigt",
        "refuses where a title's commitment does not cover the payment",
    ),
    "book_disbursement": _effect(
        "bucht die Auszahlung, auf die Ressorts verteilt",
        "books the payment, split between the ministries",
    ),
    "open_proof": _effect("fordert den Verwendungsnachweis an", "opens the proof of use"),
    "fix_report": _effect("hält die Zahlen des Nachweises fest", "keeps what a report claims"),
    "record_findings": _effect(
        "hält das Ergebnis der Prüfung fest", "keeps what the audit recognises"
    ),
    "settle": _effect("berechnet die endgültige Zuwendung", "computes the final grant"),
    "release_commitments": _effect(
        "gibt festgelegte, nicht ausgezahlte Mittel frei",
        "gives back what was committed and not paid",
    ),
    "publish_result": _effect(
        "ergänzt das Ergebnis auf der Seite des Vorhabens",
        "adds the result to the project's page",
    ),
    "fire_proposed": _effect(
        "führt aus, was vorgeschlagen war", "fires what the first person proposed"
    ),
}

CHOICES: Mapping[str, Text] = {
    "reviewers": text("Personen, die begutachten dürfen", "persons who hold the role of reviewer"),
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
    "already_proposed": "the same event already waits for a second person",
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
    # of effects
    "commitment_authority_insufficient": "the commitment authority of a year does not suffice",
    "conflict_of_interest": "the person is excluded by law",
    "invalid_data": "the data of the event can not be used",
}
