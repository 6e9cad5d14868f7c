"""The complete check of answers: what is missing or wrong, in words, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from forms.budget import euro, totals, unbalanced_years, unreadable
from forms.schema import Field, applies

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
LONGEST_TEXT = 20_000

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "missing": {"de": "Bitte füllen Sie dieses Feld aus.", "en": "Please fill in this field."},
    "words": {
        "de": "Bitte kürzen Sie auf höchstens {most} Wörter (jetzt {count}).",
        "en": "Please shorten this to at most {most} words (now {count}).",
    },
    "too_long": {
        "de": "Bitte kürzen Sie auf höchstens {most} Zeichen.",
        "en": "Please shorten this to at most {most} characters.",
    },
    "too_short": {
        "de": "Bitte schreiben Sie mindestens {least} Zeichen.",
        "en": "Please write at least {least} characters.",
    },
    "email": {
        "de": "Bitte geben Sie eine E-Mail-Adresse an, zum Beispiel name@verein.example.",
        "en": "Please give an e-mail address, for example name@club.example.",
    },
    "iban": {
        "de": "Diese IBAN stimmt nicht. Bitte prüfen Sie die Ziffern.",
        "en": "This IBAN is not right. Please check its digits.",
    },
    "date": {
        "de": "Bitte geben Sie ein Datum an, zum Beispiel 31.01.2027.",
        "en": "Please give a date, for example 31.01.2027.",
    },
    "money": {
        "de": "Bitte geben Sie einen Betrag in Euro an, zum Beispiel 1.234,50.",
        "en": "Please give an amount in euro, for example 1,234.50.",
    },
    "integer": {"de": "Bitte geben Sie eine ganze Zahl an.", "en": "Please give a whole number."},
    "choice": {"de": "Bitte wählen Sie aus der Liste.", "en": "Please choose from the list."},
    "yes": {"de": "Diese Erklärung ist erforderlich.", "en": "This declaration is needed."},
    "range": {
        "de": "Der Wert liegt außerhalb des Erlaubten ({least} bis {most}).",
        "en": "The value is outside what is allowed ({least} to {most}).",
    },
    "cells": {
        "de": "Kein Betrag in: {cells}.",
        "en": "Not an amount in: {cells}.",
    },
    "balance": {
        "de": "Ausgaben und Einnahmen müssen in jedem Jahr gleich sein; ungleich: {years}.",
        "en": "Expenditure and income must be equal in every year; they differ in: {years}.",
    },
}

Problem = tuple[str, Mapping[str, Any]]


def count_words(text: str) -> int:
    """Words as people count them: separated by white space."""
    return len(text.split())


def is_empty(value: Any) -> bool:
    """Whether nothing was answered."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def _text(field: Field, value: Any) -> Problem | None:
    text = str(value)
    most = field.max_length or LONGEST_TEXT
    if field.max_words is not None and count_words(text) > field.max_words:
        return "words", {"most": field.max_words, "count": count_words(text)}
    if len(text) > most:
        return "too_long", {"most": most}
    if field.min_length is not None and len(text.strip()) < field.min_length:
        return "too_short", {"least": field.min_length}
    return None


def _date(_field: Field, value: Any) -> Problem | None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return "date", {}
    return None


def _money(field: Field, value: Any) -> Problem | None:
    amount = euro(value)
    if amount is None or isinstance(value, bool | float):
        return "money", {}
    return _within(field, amount)


def _within(field: Field, value: Any) -> Problem | None:
    low = field.min is not None and value < field.min
    high = field.max is not None and value > field.max
    return ("range", {"least": field.min, "most": field.max}) if low or high else None


def _integer(field: Field, value: Any) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "integer", {}
    return _within(field, value)


def _choice(field: Field, value: Any) -> Problem | None:
    known = {choice.value for choice in field.choices}
    return None if field.choices_from or value in known else ("choice", {})


def _choices(field: Field, value: Any) -> Problem | None:
    known = {choice.value for choice in field.choices}
    return None if isinstance(value, list) and set(value) <= known else ("choice", {})


def _yes(field: Field, value: Any) -> Problem | None:
    return None if value is True or not field.required else ("yes", {})


def _email(_field: Field, value: Any) -> Problem | None:
    return None if EMAIL.fullmatch(str(value)) else ("email", {})


def iban_is_valid(value: str) -> bool:
    """The check digits of ISO 13616, modulo 97."""
    text = value.replace(" ", "").upper()
    if not IBAN.fullmatch(text):
        return False
    digits = "".join(str(int(letter, 36)) for letter in text[4:] + text[:4])
    return int(digits) % 97 == 1


def _iban(_field: Field, value: Any) -> Problem | None:
    return None if iban_is_valid(str(value)) else ("iban", {})


def _table(_field: Field, value: Any) -> Problem | None:
    cells = unreadable(value)
    if cells:
        return "cells", {"cells": ", ".join(cells)}
    if totals(value, "lines").total == 0:
        return "missing", {}
    years = unbalanced_years(value)
    return ("balance", {"years": ", ".join(years)}) if years else None


CHECKS: Mapping[str, Callable[[Field, Any], Problem | None]] = {
    "text": _text,
    "textarea": _text,
    "url": _text,
    "phone": _text,
    "email": _email,
    "iban": _iban,
    "date": _date,
    "money": _money,
    "integer": _integer,
    "radio": _choice,
    "select": _choice,
    "checkboxes": _choices,
    "yesno": _yes,
    "table": _table,
}


def problem_with(field: Field, answers: Mapping[str, Any]) -> Problem | None:
    """What is wrong with one answer, as a code of `MESSAGES` with parameters."""
    value = answers.get(field.id)
    if is_empty(value):
        return ("missing", {}) if field.required else None
    check = CHECKS.get(field.type)
    return check(field, value) if check else None


def check(
    fields: Iterable[Field], answers: Mapping[str, Any], language: str = "de"
) -> dict[str, list[str]]:
    """All errors by field id, in words; hidden fields are left out."""
    errors: dict[str, list[str]] = {}
    for field in fields:
        found = problem_with(field, answers) if applies(field, answers) else None
        if found is not None:
            code, params = found
            errors[field.id] = [MESSAGES[code][language].format(**params)]
    return errors
