"""What guards, limits and timers may ask for."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.vocabulary.terms import Fact, text


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
    "calibrated": _yes_no(
        "die Beispielanträge des Aufrufs sind bewertet, wenn er das verlangt",
        "the sample applications of the call are scored, if it asks for that",
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
    "recorded": Fact(
        "answers", text("was im Verfahren festgehalten ist", "what the procedure has recorded")
    ),
    "until": _day("der zuletzt gesetzte Tag", "the day that was set last"),
    "retention_ends": _day(
        "der letzte Tag der Aufbewahrung", "the last day of the retention period"
    ),
    "court_window_ends": _day(
        "der letzte Tag der Klagefrist", "the last day of the period for court action"
    ),
    "call_opens": _day("die Öffnung des Aufrufs", "the instant at which the call opens"),
    "call_closes": _day("das Ende der Antragsfrist", "the instant at which the call closes"),
    "criteria_fixed": _yes_no(
        "Fristen, Beträge und Kriterien mit Gewichten von zusammen 100 stehen fest",
        "dates, amounts and criteria with weights adding up to 100 are fixed",
    ),
    "remedy_kind": Fact(
        "words",
        text(
            "Widerspruch (objection) oder Klage (court_action), je nach Behörde",
            "objection or court_action, depending on the authority",
        ),
    ),
    "requested_within_call": _yes_no(
        "der beantragte Betrag liegt im Rahmen des Aufrufs",
        "the amount asked for is within the limits of the call",
    ),
    "within_line_shift": _yes_no(
        "die Verschiebung bleibt in den Grenzen der Einzelansätze",
        "the shift stays within what the budget lines allow",
    ),
    "amendment_in_time": _yes_no(
        "die Änderung kommt vor dem Ende des Bewilligungszeitraums",
        "the amendment comes before the end of the award period",
    ),
    "within_one_year": _yes_no(
        "die Jahresfrist ist nicht abgelaufen", "the one-year limit is not over"
    ),
    "claim_settled": _yes_no(
        "Forderung und Zinsen sind vollständig bezahlt", "claim and interest are paid in full"
    ),
    "consents_missing": _number(
        "Ressorts, die noch nicht zugestimmt haben", "ministries that have not consented yet"
    ),
    "consents_denied": _number("Ressorts, die nicht zustimmen", "ministries that do not consent"),
    "partners_submitted": _yes_no(
        "alle Anträge des Verbunds sind eingereicht",
        "every application of the consortium is submitted",
    ),
    "partners_within_call": _yes_no(
        "die Anträge des Verbunds liegen zusammen in der Grenze des Aufrufs",
        "the consortium's applications together are within the ceiling of the call",
    ),
    "partners_final": _yes_no(
        "alle Bescheide des Verbunds sind bestandskräftig",
        "every decision of the consortium is final",
    ),
    "partners_closed": _yes_no(
        "alle Fälle des Verbunds sind abgeschlossen", "every case of the consortium is closed"
    ),
    "capacity": _number(
        "freie Stunden des Labors in der benötigten Fachkenntnis", "free hours of the lab's skill"
    ),
    "hours_left": _number(
        "Stunden, die vom Kontingent übrig sind", "hours that are left of the budget"
    ),
    "voters": _number("Stimmberechtigte der Sitzung", "members entitled to vote in the meeting"),
    "voters_present": _number("davon anwesend", "of these present"),
    "recusals": Fact(
        "list", text("Ausschlüsse, die enden können", "exclusions that can be lifted")
    ),
    "second_roles": Fact(
        "list", text("welche Rollen bestätigen dürfen", "which roles may confirm it")
    ),
}
