"""The words for every refusal, in both languages, with what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflows.snapshot import Refusal

TEXTS: Mapping[str, tuple[str, str]] = {
    "not_permitted": (
        "Dafür fehlt Ihnen die Rolle in dieser Sache.",
        "You do not hold the role for this in this case.",
    ),
    "handed_in": (
        "Das ist eingereicht. Sie können es zurückziehen, aber nicht mehr löschen.",
        "This is handed in. You can withdraw it, but no longer delete it.",
    ),
    "wrong_state": (
        "Im jetzigen Stand ist das nicht möglich.",
        "This is not possible in the present state.",
    ),
    "stale": (
        "Inzwischen hat jemand den Fall geändert. Bitte prüfen Sie den neuen Stand.",
        "Meanwhile somebody has changed the case. Please look at where it stands now.",
    ),
    "unknown_event": ("Diesen Schritt gibt es nicht.", "There is no such step."),
    "already_proposed": (
        "Der Schritt ist schon vorgeschlagen und wartet auf die zweite Person.",
        "The step is already proposed and waits for the second person.",
    ),
    "reason_missing": ("Bitte geben Sie eine Begründung an.", "Please give a reason."),
    "reason_unreadable": (
        "Die Begründung enthält unsichtbare oder unlesbare Zeichen. Bitte tippen Sie sie neu.",
        "The reason holds invisible or unreadable characters. Please type it again.",
    ),
    "reason_too_long": (
        "Bitte kürzen Sie die Begründung auf höchstens {most} Zeichen (jetzt {count}).",
        "Please shorten the reason to at most {most} characters (now {count}).",
    ),
    "record_differs": (
        "Festgehalten ist etwas anderes bei „{field}“.",
        "Something else is recorded for “{field}”.",
    ),
    "remedy_differs": (
        "Gegen Bescheide dieser Behörde gibt es einen anderen Rechtsbehelf.",
        "This authority's decisions have another remedy.",
    ),
    "answer_differs": (
        "Bei „{field}“ ist etwas anderes gewählt.",
        "Something else is chosen for “{field}”.",
    ),
    "day_not_ahead": (
        "Der Tag muss in der Zukunft liegen.",
        "The day has to lie ahead.",
    ),
    "day_too_early": (
        "Bitte geben Sie mindestens bis zum {least} Zeit.",
        "Please allow at least until {least}.",
    ),
    "day_not_past": (
        "Der Tag darf nicht in der Zukunft liegen.",
        "The day may not lie ahead.",
    ),
    "number_outside": (
        "Erlaubt sind Zahlen von {least} bis {most}.",
        "Numbers from {least} to {most} are allowed.",
    ),
    "quorum_missing": (
        "Für einen Beschluss muss mehr als die Hälfte der Mitglieder da sein, mindestens drei.",
        "For a resolution more than half of the members have to be present, at least three.",
    ),
    "criteria_open": (
        "Es fehlen noch Beträge oder Kriterien mit Gewichten, die zusammen 100 ergeben.",
        "Amounts or criteria with weights adding up to 100 are still missing.",
    ),
    "amendment_required": (
        "Die Verschiebung übersteigt einen Einzelansatz; dafür ist ein Änderungsbescheid nötig.",
        "The shift exceeds a budget line; it needs an amendment.",
    ),
    "period_over": (
        "Der Bewilligungszeitraum ist vorbei.",
        "The award period is over.",
    ),
    "limit_one_year_expired": (
        "Die Jahresfrist für Rücknahme und Widerruf ist abgelaufen.",
        "The one-year limit for withdrawal and revocation has expired.",
    ),
    "claim_open": (
        "Forderung oder Zinsen sind noch nicht vollständig bezahlt.",
        "Claim or interest is not paid in full yet.",
    ),
    "partner_missing": (
        "Noch nicht alle Partner haben ihren Antrag eingereicht.",
        "Not every partner has submitted its application yet.",
    ),
    "not_final": (
        "Noch nicht alle Bescheide sind bestandskräftig.",
        "Not every decision is final yet.",
    ),
    "capacity_insufficient": (
        "Im Labor sind dafür zu wenige Stunden frei ({free}).",
        "The lab has too few hours left for this ({free}).",
    ),
    "capacity_available": (
        "Im Labor sind genügend Stunden frei; bitte bieten Sie den Platz an.",
        "The lab has enough hours left; please offer the place.",
    ),
    "hours_used_up": (
        "Das Kontingent ist verbraucht (übrig: {left}). Bitte verlängern Sie es zuerst.",
        "The budget of hours is used up (left: {left}). Extend it before you log more.",
    ),
    "consent_missing": (
        "Ein beteiligtes Ressort hat noch nicht zugestimmt.",
        "A ministry has not consented yet.",
    ),
    "consent_given": (
        "Kein Ressort hat die Zustimmung verweigert.",
        "No ministry has refused its consent.",
    ),
    "successor_unfit": (
        "Diese Person kann das Gutachten nicht übernehmen: Sie wurde schon gefragt, ist "
        "ausgelastet oder könnte befangen sein. Bitte wählen Sie eine andere.",
        "This person can not take over the review: they were asked already, have no room, or may "
        "have a conflict of interest. Please choose another.",
    ),
    "calibration_open": (
        "Dieser Aufruf verlangt, zuerst die Beispielanträge zu bewerten.",
        "This call asks to score the sample applications first.",
    ),
    "base_rate_missing": (
        "Für ein Halbjahr fehlt der Basiszinssatz; die Administration kann ihn eintragen.",
        "The base rate of a half-year is missing; an administrator can enter it.",
    ),
    "invalid_data": (
        "Bitte prüfen Sie diese Angabe.",
        "Please check this entry.",
    ),
    "call_not_open": ("Der Aufruf ist nicht geöffnet.", "The call is not open."),
    "deadline_passed": ("Die Frist ist abgelaufen.", "The deadline has passed."),
    "not_late": ("Der Antrag ist nicht verspätet.", "The application is not late."),
    "deadline_strict": (
        "Der Aufruf schließt verspätete Anträge aus; nötig ist eine Wiedereinsetzung.",
        "The call excludes late applications; reinstatement is needed.",
    ),
    "incomplete": (
        "Das Formular ist noch nicht vollständig oder enthält Fehler.",
        "The form is not complete yet or has mistakes.",
    ),
    "budget_unbalanced": (
        "Ausgaben und Einnahmen stimmen nicht überein.",
        "Expenditure and income differ.",
    ),
    "already_funded": (
        "Die Organisation wurde in den letzten zwölf Monaten bereits gefördert.",
        "The organisation was funded within the last twelve months.",
    ),
    "amount_outside_call": (
        "Der Betrag liegt außerhalb dessen, was beantragt und im Aufruf erlaubt ist.",
        "The amount is outside what was requested and what the call allows.",
    ),
    "budget_insufficient": (
        "Die Mittel reichen nicht aus.",
        "There is not enough money left.",
    ),
    "commitment_authority_insufficient": (
        "Die Verpflichtungen der Jahre bis heute decken die Auszahlung nicht.",
        "The commitments of the years up to now do not cover the payment.",
    ),
    "shares_incomplete": (
        "Die Anteile ergeben zusammen nicht 100 Prozent.",
        "The shares do not add up to 100 percent.",
    ),
    "reviews_missing": (
        "Es fehlen noch Gutachten ({missing}), in Arbeit sind {open}.",
        "Reviews are missing ({missing}), under way are {open}.",
    ),
    "reviews_sufficient": ("Es liegen genug Gutachten vor.", "There are enough reviews."),
    "signature_missing": (
        "Es fehlen noch Mitzeichnungen: {missing}.",
        "Co-signatures are missing: {missing}.",
    ),
    "signature_stale": (
        "Der Inhalt hat sich geändert; diese Mitzeichnung ist überholt.",
        "The content has changed; this co-signature is stale.",
    ),
    "decision_differs": (
        "Die Entscheidung lautet anders.",
        "The decision is a different one.",
    ),
    "four_eyes_violation": (
        "Das muss eine andere Person tun (Vier-Augen-Prinzip).",
        "Another person has to do this (four eyes).",
    ),
    "letter_pending": (
        "Das Schreiben wird noch erstellt. Bitte laden Sie die Seite gleich neu.",
        "The letter is still being made. Please reload the page in a moment.",
    ),
    "not_notified": (
        "Das geht erst ab dem Tag der Bekanntgabe.",
        "This is possible from the day of notification.",
    ),
    "terms_not_accepted": ("Die Bewilligung ist nicht angenommen.", "The award is not accepted."),
    "bank_unverified": ("Das Konto ist nicht bestätigt.", "The bank account is not verified."),
    "limit_running": ("Die Frist läuft noch.", "The time limit is still running."),
    "balance_open": (
        "Auszahlungen und endgültige Zuwendung stimmen nicht überein.",
        "Payments and the final grant differ.",
    ),
    "not_active": ("Der Fall erlaubt jetzt keine Auszahlung.", "The case can not draw money now."),
    "terms_accepted": (
        "Der Bescheid ist schon angenommen.",
        "The award has been accepted already.",
    ),
    "total_exceeded": (
        "Der Betrag übersteigt, was von der Zuwendung noch offen ist.",
        "The amount exceeds what is left of the grant.",
    ),
    "report_overdue": ("Ein Nachweis ist überfällig.", "A report is overdue."),
    "child_missing": ("Ein nötiger Teilschritt fehlt noch.", "A needed step is still missing."),
    "child_open": ("Ein Teilverfahren läuft noch.", "A sub-procedure is still under way."),
    "confirmation_missing": (
        "Bitte bestätigen Sie alle Erklärungen.",
        "Please confirm all declarations.",
    ),
    "on_agenda": (
        "Der Fall steht auf der Tagesordnung einer Jurysitzung; entschieden wird dort.",
        "The case is on the agenda of a panel meeting; it is resolved there.",
    ),
    "not_on_agenda": (
        "Dieser Punkt steht nicht auf der Tagesordnung.",
        "This item is not on the agenda.",
    ),
    "not_own_recusal": (
        "Zurücknehmen können Sie nur, was Sie selbst erklärt haben.",
        "You can take back only what you have declared yourself.",
    ),
    "not_recused": (
        "Diesen Ausschluss gibt es nicht oder nicht mehr, oder er kann so nicht enden: Über einen "
        "beschlossenen Punkt lässt sich nichts mehr ändern, und vor der Eröffnung nimmt ein "
        "Mitglied die eigene Erklärung selbst zurück.",
        "There is no such exclusion, or it cannot end in this way: an item that is decided stays "
        "as it is, and before the opening members take back their own declarations.",
    ),
    "not_ripe": (
        "Der Fall steht gerade nicht dort, wo die Jury über ihn abstimmt.",
        "The case is not where the panel votes on it just now.",
    ),
    "already_decided": (
        "Über diesen Punkt ist schon abgestimmt.",
        "This item has been voted on already.",
    ),
    "already_voted": ("Dazu ist schon eine Stimme abgegeben.", "A vote on this is cast already."),
    "not_seated": (
        "Ausgeschlossen werden kann nur, wer der Jury angehört; abstimmen nur, wer außerdem "
        "stimmberechtigt und anwesend ist.",
        "Only members of the panel can be recused; only those who also may vote and are present "
        "can vote.",
    ),
    "votes_missing": (
        "Es fehlen noch Stimmen von Anwesenden ({missing}).",
        "Votes of members who are present are still missing ({missing}).",
    ),
    "conflict_of_interest": (
        "Diese Person ist befangen oder schon beteiligt.",
        "This person has a conflict of interest or is already involved.",
    ),
}


def words(refusal: Refusal, language: str) -> str:
    """The refusal in words; its parameters are filled in."""
    german, english = TEXTS[refusal.code]
    text = english if language == "en" else german
    return text.format_map(
        _Params({name: _shown(value, language) for name, value in refusal.params.items()})
    )


def _shown(value: object, language: str) -> object:
    """A day as the language writes it; anything else as it is."""
    if not isinstance(value, date):
        return value
    return f"{value.day} {value:%B %Y}" if language == "en" else f"{value:%d.%m.%Y}"


class _Params(dict[str, object]):
    """Leaves a placeholder without a parameter empty."""

    def __missing__(self, key: str) -> str:
        return "–"
