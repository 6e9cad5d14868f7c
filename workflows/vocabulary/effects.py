"""What a transition may bring about."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.vocabulary.tags import Record
from workflows.vocabulary.terms import Asked, Effect, Parameter, one_of, text

KIND: Parameter = {"type": "string"}

NOTHING: Asked = {}
WORDS = ("text", "textarea")
CHOICE = ("radio", "select")
DAY, MONEY, NUMBER = ("date",), ("money",), ("integer",)


def _effect(
    de: str, en: str, *, asks: Asked = NOTHING, recorded: Asked = NOTHING, **params: Parameter
) -> Effect:
    return Effect(text(de, en), params, asks=asks, recorded=recorded)


def _opening(
    record: Record, de: str, en: str, *, asks: Asked = NOTHING, **params: Parameter
) -> Effect:
    return Effect(text(de, en), {"kind": KIND, **params}, opens=record, asks=asks)


EFFECTS: Mapping[str, Effect] = {
    "freeze_answers": _effect(
        "friert Angaben und Dateien mit ihrer Prüfsumme ein",
        "freezes the answers and files with their hash",
    ),
    "assign_reference": _effect(
        "vergibt das Aktenzeichen",
        "gives the case its number",
        prefix={"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,9}$"},
    ),
    "issue_receipt": _effect(
        "erstellt die Eingangsbestätigung", "queues the receipt of the submission"
    ),
    "assign_officer": _effect(
        "macht die handelnde Person zuständig", "makes the acting person the case's officer"
    ),
    "request_information": Effect(
        text("teilt mit, welche Angaben fehlen", "tells the applicant what is missing"),
        {"least_days": {"type": "integer", "minimum": 1, "maximum": 365}},
        optional=frozenset({"least_days"}),
        asks={"items": WORDS},
    ),
    "record_assessment": _effect(
        "hält Prüfliste und beihilferechtliche Grundlage fest",
        "keeps the checklist and the basis under state-aid law",
        asks={"aid_basis": CHOICE},
    ),
    "open_review": _opening(
        Record.REVIEW, "lädt zur Begutachtung ein", "invites a reviewer", asks={"reviewer": CHOICE}
    ),
    "declare_no_conflict": _effect(
        "hält die Erklärung zur Unbefangenheit fest", "keeps the reviewer's declaration"
    ),
    "keep_declining": _effect(
        "hält fest, warum die Einladung abgelehnt wurde",
        "keeps why the invitation was declined",
        asks={"declined_for": CHOICE},
    ),
    "hand_over_review": _effect(
        "bittet eine andere Person um das Gutachten",
        "asks another person for the review",
        asks={"successor": CHOICE},
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
    "open_signatures": _opening(
        Record.CO_SIGNATURE,
        "legt den Fall jedem beteiligten Ressort zur Mitzeichnung vor",
        "opens a co-signature for every ministry",
    ),
    "stale_signatures": _effect(
        "erklärt die bisherigen Zeichnungen für überholt",
        "makes the signatures of the old content stale",
    ),
    "restructure": _effect(
        "setzt neuen Betrag und neue Anteile",
        "sets a new amount and new shares",
        asks={"amount": MONEY, "shares": WORDS},
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
        kind=one_of("award", "rejection", "prize", "sketch_declined"),
    ),
    "issue_notice": _effect(
        "gibt den Bescheid des Teilverfahrens in Auftrag",
        "queues the sub-process's letter",
        kind=one_of("amendment", "amendment_declined", "recovery", "objection"),
    ),
    "open_usage_report": _opening(
        Record.PROCEDURE,
        "verlangt die Meldung, ob das Geld fristgerecht verwendet ist",
        "asks for the report whether the money is used in time",
    ),
    "fix_usage_interest": _effect(
        "berechnet die Zinsen auf den nicht verwendeten Betrag",
        "computes the interest on what was not used",
        asks={"used_on": DAY},
        recorded={"rest": MONEY},
    ),
    "dispatch_letter": _effect(
        "gibt den Bescheid auf dem gewählten Weg bekannt und setzt die Fristen",
        "notifies by the chosen channel and sets the dates of the law",
        asks={"channel": CHOICE},
    ),
    "accept_award": _effect(
        "hält Annahme und Konto fest",
        "keeps the acceptance and the bank account",
        asks={"iban": ("iban", "text"), "account_holder": WORDS},
    ),
    "waive_remedy": _effect(
        "hält den Rechtsbehelfsverzicht fest", "keeps the waiver of legal remedies"
    ),
    "verify_bank": _effect("bestätigt das Konto", "marks the bank account as verified"),
    "create_obligations": _opening(
        Record.REPORT,
        "legt die künftigen Zwischennachweise an",
        "opens the interim reports that will be due",
    ),
    "publish": _effect(
        "führt das Vorhaben unter den geförderten auf", "lists the project among those funded"
    ),
    "open_payment_request": Effect(
        text("eröffnet eine Mittelanforderung", "opens a payment request"),
        {"kind": KIND, "full": {"type": "boolean"}},
        optional=frozenset({"full"}),
        opens=Record.PAYMENT_REQUEST,
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
        asks={"paid_on": DAY},
    ),
    "open_proof": _opening(
        Record.REPORT, "fordert den Verwendungsnachweis an", "opens the proof of use"
    ),
    "fix_report": _effect("hält die Zahlen des Nachweises fest", "keeps what a report claims"),
    "record_findings": _effect(
        "hält das Ergebnis der Prüfung fest",
        "keeps what the audit recognises",
        asks={"recognised_expenditure": MONEY, "new_other_funds": MONEY},
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
    "record_fields": _effect(
        "hält die Angaben des Schritts im Verfahren fest",
        "keeps what the step states with the procedure",
    ),
    "renew_limit": _effect(
        "berechnet die Frist des Bearbeitungsstands neu", "computes the state's limit anew"
    ),
    "open_procedure": _opening(
        Record.PROCEDURE, "eröffnet ein Teilverfahren: {kind}", "opens a sub-process: {kind}"
    ),
    "open_consents": _opening(
        Record.PROCEDURE,
        "bittet jedes beteiligte Ressort um Zustimmung",
        "asks every ministry for its consent",
    ),
    "withdraw_consents": _effect(
        "nimmt offene Bitten um Zustimmung zurück", "takes open requests for consent back"
    ),
    "apply_amendment": _effect(
        "ändert Betrag, Zeitraum oder Jahre der Bewilligung",
        "changes the amount, period or years of the award",
        recorded={"kind": CHOICE},
    ),
    "fix_one_year": _effect(
        "setzt die Jahresfrist ab der Anhörung", "sets the one-year limit from the hearing"
    ),
    "fix_claim": _effect(
        "setzt die Forderung fest, nach gezahlten Anteilen verteilt",
        "fixes the claim, split by what each ministry paid",
        asks={"amount": MONEY},
    ),
    "book_receipt": _effect(
        "bucht einen Zahlungseingang und berechnet die Zinsen",
        "books a receipt and computes the interest",
        asks={"received_on": DAY, "received": MONEY},
        recorded={"interest_from": DAY},
    ),
    "fix_court_window": _effect(
        "berechnet die Klagefrist ab der Zustellung",
        "computes the period for court action from service",
        asks={"served_on": DAY},
    ),
    "note_attendance": _effect(
        "hält fest, wer bei der Eröffnung da ist", "keeps who is there at the opening"
    ),
    "lift_recusal": _effect(
        "hebt den Ausschluss eines Mitglieds auf",
        "lifts a member's exclusion from an item",
        asks={"recusal": CHOICE},
    ),
    "issue_minutes": _effect("gibt das Protokoll in Auftrag", "queues the minutes"),
    "unpublish": _effect(
        "nimmt das Vorhaben aus den öffentlichen Seiten", "takes the project off the public pages"
    ),
    "publish_call": _effect("veröffentlicht den Aufruf", "publishes the call"),
    "unpublish_call": _effect("nimmt den Aufruf zurück", "takes the call back"),
    "open_tranche": _opening(
        Record.PAYMENT_REQUEST,
        "legt die Auszahlung der Rate {number} des Preises an",
        "opens the payment of tranche {number} of the prize",
        number={"type": "integer", "minimum": 1, "maximum": 3},
    ),
    "repeat_tranche": _opening(
        Record.PAYMENT_REQUEST,
        "legt die letzte Rate noch einmal an",
        "opens the last tranche once more",
    ),
    "open_consortium": _opening(
        Record.PROCEDURE,
        "eröffnet den Verbund mit dem Antrag der koordinierenden Organisation",
        "opens the consortium with the coordinator's application",
    ),
    "open_partner_application": _effect(
        "legt den Antrag eines Partners an",
        "opens a partner's application",
        asks={"partner": CHOICE},
    ),
    "reserve_hours": _effect(
        "reserviert Stunden im Labor",
        "reserves hours of the lab",
        recorded={"skill": (*WORDS, *CHOICE), "month": DAY, "hours": NUMBER},
    ),
    "extend_hours": _effect(
        "reserviert weitere Stunden im Labor",
        "reserves more hours of the lab",
        asks={"more_hours": NUMBER},
    ),
    "log_hours": _effect("bucht geleistete Stunden", "books hours worked", asks={"spent": NUMBER}),
    "release_hours": _effect(
        "gibt nicht verbrauchte Stunden frei", "gives hours that were not used back"
    ),
    "fire_proposed": _effect(
        "führt aus, was vorgeschlagen war", "fires what the first person proposed"
    ),
}
