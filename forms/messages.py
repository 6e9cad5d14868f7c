"""What the checks say, in both languages: each text says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "missing": {"de": "Bitte füllen Sie dieses Feld aus.", "en": "Please fill in this field."},
    "unanswered": {"de": "Bitte wählen Sie eine Antwort aus.", "en": "Please choose an answer."},
    "no_file": {"de": "Bitte laden Sie eine Datei hoch.", "en": "Please upload a file."},
    "words": {
        "de": "Bitte kürzen Sie auf höchstens {most} Wörter (jetzt {count}).",
        "en": "Please shorten this to at most {most} words (now {count}).",
    },
    "too_long": {
        "de": "Bitte kürzen Sie auf höchstens {most} Zeichen (jetzt {count}).",
        "en": "Please shorten this to at most {most} characters (now {count}).",
    },
    "too_short": {
        "de": "Bitte schreiben Sie mindestens {least} Zeichen (jetzt {count}).",
        "en": "Please write at least {least} characters (now {count}).",
    },
    "characters": {
        "de": "Der Text enthält unsichtbare oder unlesbare Zeichen. Bitte tippen Sie ihn neu.",
        "en": "The text holds invisible or unreadable characters. Please type it again.",
    },
    "text": {"de": "Bitte geben Sie einen Text ein.", "en": "Please enter a text."},
    "email": {
        "de": "Bitte geben Sie eine E-Mail-Adresse an, zum Beispiel name@verein.example.",
        "en": "Please give an e-mail address, for example name@club.example.",
    },
    "url": {
        "de": "Bitte geben Sie eine Internetadresse an, zum Beispiel https://verein.example.",
        "en": "Please give a web address, for example https://club.example.",
    },
    "phone": {
        "de": "Bitte geben Sie eine Telefonnummer aus Ziffern an, zum Beispiel 030 123456.",
        "en": "Please give a telephone number in digits, for example +49 30 123456.",
    },
    "iban": {
        "de": "Diese IBAN stimmt nicht. Bitte vergleichen Sie Ziffer für Ziffer mit Ihrer Karte.",
        "en": "This IBAN is not right. Please compare each digit with your bank card.",
    },
    "date": {
        "de": "Bitte geben Sie Tag, Monat und Jahr als Zahlen an, zum Beispiel 31 1 2027.",
        "en": "Please give day, month and year as numbers, for example 31 1 2027.",
    },
    "order": {
        "de": "Dieses Datum darf nicht vor dem {earlier} liegen. Bitte prüfen Sie beide Daten.",
        "en": "This date can not be before {earlier}. Please check both dates.",
    },
    "money": {
        "de": "Bitte geben Sie einen Betrag in Euro an, zum Beispiel 1.234,50.",
        "en": "Please give an amount in euro, for example 1,234.50.",
    },
    "percent": {
        "de": "Bitte geben Sie einen Anteil in Prozent an, zum Beispiel 12,5.",
        "en": "Please give a share in percent, for example 12.5.",
    },
    "integer": {
        "de": "Bitte geben Sie eine ganze Zahl an, zum Beispiel 25.",
        "en": "Please give a whole number, for example 25.",
    },
    "too_small": {
        "de": "Bitte geben Sie mindestens {least} an.",
        "en": "Please give at least {least}.",
    },
    "too_large": {
        "de": "Bitte geben Sie höchstens {most} an.",
        "en": "Please give at most {most}.",
    },
    "choice": {"de": "Bitte wählen Sie aus der Liste.", "en": "Please choose from the list."},
    "yes": {
        "de": "Ohne diese Erklärung geht es nicht weiter. Bitte bestätigen Sie sie.",
        "en": "We can not go on without this declaration. Please confirm it.",
    },
    "rows": {
        "de": "Bitte prüfen Sie diese Angaben: sie haben nicht die vorgesehene Form.",
        "en": "Please check these entries: they do not have the expected form.",
    },
    "too_few_rows": {
        "de": "Bitte füllen Sie mindestens {least} Einträge aus.",
        "en": "Please fill in at least {least} entries.",
    },
    "too_many_rows": {
        "de": "Bitte beschränken Sie sich auf {most} Einträge (jetzt {count}).",
        "en": "Please limit yourself to {most} entries (now {count}).",
    },
    "file_kind": {
        "de": "„{name}“ hat nicht die richtige Dateiart. Möglich sind: {accept}.",
        "en": "“{name}” is not of the right kind. Possible are: {accept}.",
    },
    "file_empty": {
        "de": "„{name}“ ist leer. Bitte wählen Sie eine andere Datei.",
        "en": "“{name}” is empty. Please choose another file.",
    },
    "file_content": {
        "de": "Der Inhalt von „{name}“ ist kein {ending}. Bitte speichern Sie die Datei neu.",
        "en": "The content of “{name}” is not {ending}. Please save the file again.",
    },
    "file_unreadable": {
        "de": "„{name}“ lässt sich nicht öffnen. Bitte speichern Sie die Datei neu.",
        "en": "“{name}” can not be opened. Please save the file again.",
    },
    "file_locked": {
        "de": "„{name}“ ist mit einem Passwort geschützt. Bitte speichern Sie die Datei ohne.",
        "en": "“{name}” is protected with a password. Please save the file without one.",
    },
    "file_active": {
        "de": "„{name}“ enthält Programme, fremde Inhalte oder versteckte Dateien. "
        "Bitte speichern Sie die Datei ohne, am besten als PDF/A.",
        "en": "“{name}” holds programs, content from elsewhere or hidden files. "
        "Please save it without them, best as PDF/A.",
    },
    "file_bomb": {
        "de": "„{name}“ ist ausgepackt zu groß. Bitte verkleinern Sie die Datei.",
        "en": "“{name}” is too large when unpacked. Please make the file smaller.",
    },
    "file_double": {
        "de": "„{name}“ enthält vor oder nach ihrem Inhalt noch eine andere Datei. "
        "Bitte speichern Sie die Datei neu.",
        "en": "“{name}” holds another file before or after its content. "
        "Please save the file again.",
    },
    "file_size": {
        "de": "„{name}“ ist zu groß. Höchstens {most} MB sind möglich.",
        "en": "“{name}” is too large. At most {most} MB are possible.",
    },
    "file_infected": {
        "de": "In „{name}“ wurde ein Schadprogramm gefunden ({malware}). Bitte entfernen Sie die "
        "Datei oder ersetzen Sie sie durch eine saubere.",
        "en": "Malware was found in “{name}” ({malware}). Please remove the file or replace it "
        "with a clean one.",
    },
    "file_surplus": {
        "de": "„{name}“ wurde nicht angenommen: Hier sind höchstens {most} Dateien möglich. "
        "Bitte entfernen Sie zuerst eine andere.",
        "en": "“{name}” was not taken: at most {most} files are possible here. "
        "Please remove another one first.",
    },
    "file_unknown": {
        "de": "Diese Datei gibt es hier nicht. Bitte laden Sie sie hoch.",
        "en": "There is no such file here. Please upload it.",
    },
    "line": {
        "de": "„{line}“ ist keine vorgesehene Zeile. Bitte ordnen Sie die Beträge anders zu.",
        "en": "“{line}” is not a line of this table. Please enter the amounts elsewhere.",
    },
    "line_twice": {
        "de": "„{line}“ steht mehrfach da. Bitte fassen Sie die Beträge zusammen.",
        "en": "“{line}” stands there more than once. Please add up the amounts.",
    },
    "year": {
        "de": "{year} liegt außerhalb des Zeitraums. Bitte verschieben Sie den Betrag.",
        "en": "{year} is outside the period. Please move the amount.",
    },
    "no_amounts": {
        "de": "Bitte tragen Sie mindestens einen Betrag unter „{side}“ ein.",
        "en": "Please enter at least one amount under “{side}”.",
    },
    "balance": {
        "de": "{year}: Die Ausgaben ({spent}) und die Einnahmen ({earned}) müssen gleich sein.",
        "en": "{year}: Expenditure ({spent}) and income ({earned}) must be equal.",
    },
    "grant": {
        "de": "Hier stehen {typed}, im Finanzierungsplan {planned}. Bitte gleichen Sie beides an.",
        "en": "This says {typed}, the budget plan says {planned}. Please make them agree.",
    },
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "yes": {"de": "Ja", "en": "Yes"},
    "no": {"de": "Nein", "en": "No"},
}


def message(code: str, language: str, **params: Any) -> str:
    """The text of a problem."""
    return MESSAGES[code][language].format(**params)


def word(name: str, language: str) -> str:
    """A single word of an answer."""
    return WORDS[name][language]


def said_of(text: str, label: str) -> str:
    """What is said of a question, behind it: a question mark needs no colon, a full stop goes."""
    return f"{label} {text}" if label.endswith(("?", "!")) else f"{label.rstrip('.')}: {text}"
