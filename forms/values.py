"""The check of a single answer: is it of its type, and within the bounds of its field?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from forms.parsing import (
    Unreadable,
    display,
    has_strange_characters,
    is_amount,
    is_date,
    parse,
)
from forms.schema import Field, is_empty

LONGEST_TEXT = 20_000
LONGEST_LINE = 500
LARGEST_INTEGER = 10**12
MEGABYTE = 1_000_000

Problem = tuple[str, Mapping[str, Any]]


def count_words(text: str) -> int:
    """Words as people count them: separated by white space."""
    return len(text.split())


def _text(field: Field, value: Any, _language: str) -> Problem | None:
    if not isinstance(value, str):
        return "text", {}
    if has_strange_characters(value):
        return "characters", {}
    return _length(field, value)


def _length(field: Field, text: str) -> Problem | None:
    most = field.max_length or (LONGEST_TEXT if field.type == "textarea" else LONGEST_LINE)
    words, length = count_words(text), len(text.strip())
    if field.max_words is not None and words > field.max_words:
        return "words", {"most": field.max_words, "count": words}
    if len(text) > most:
        return "too_long", {"most": most, "count": len(text)}
    if field.min_length is not None and length < field.min_length:
        return "too_short", {"least": field.min_length, "count": length}
    return None


def _parsed(field: Field, value: Any, language: str) -> Problem | None:
    """Text of a kind that parsing knows: what it would refuse is wrong here too."""
    if not isinstance(value, str):
        return field.type, {}
    try:
        parse(value, field.type, language)
    except Unreadable as error:
        return str(error), {}
    return _length(field, value)


def _amount(field: Field, value: Any, language: str) -> Problem | None:
    return _within(field, Decimal(value), language) if is_amount(value) else (field.type, {})


def _integer(field: Field, value: Any, language: str) -> Problem | None:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        return "integer", {}
    return _within(field, Decimal(value), language)


def _date(field: Field, value: Any, language: str) -> Problem | None:
    return _within(field, value, language) if is_date(value) else ("date", {})


def _within(field: Field, value: Any, language: str) -> Problem | None:
    """Bounds are numbers, or ISO dates, which order as text does."""
    low, high = (
        None if bound is None else type(value)(str(bound)) for bound in (field.min, field.max)
    )
    if low is not None and value < low:
        return "too_small", {"least": _shown_bound(field, low, language)}
    if high is not None and value > high:
        return "too_large", {"most": _shown_bound(field, high, language)}
    return None


def _shown_bound(field: Field, bound: Decimal | str, language: str) -> str:
    if isinstance(bound, str):
        return display(bound, field.type, language)
    value = int(bound) if field.type == "integer" else f"{bound:.2f}"
    return display(value, field.type, language)


def _choice(field: Field, value: Any, _language: str) -> Problem | None:
    known = {choice.value for choice in field.choices}
    chosen = isinstance(value, str) and (bool(field.choices_from) or value in known)
    return None if chosen else ("choice", {})


def _choices(field: Field, value: Any, _language: str) -> Problem | None:
    known = {choice.value for choice in field.choices}
    texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
    chosen = texts and (bool(field.choices_from) or set(value) <= known)
    return None if chosen else ("choice", {})


def _yesno(field: Field, value: Any, _language: str) -> Problem | None:
    if not isinstance(value, bool):
        return "unanswered", {}
    declined = field.required and not field.either and value is False
    return ("yes", {}) if declined else None


def _file(field: Field, value: Any, _language: str) -> Problem | None:
    files = value if isinstance(value, list) else [value]
    for file in files:
        if not isinstance(file, Mapping) or not isinstance(file.get("name"), str):
            return "rows", {}
        found = file_problem(field, file["name"], file.get("size"))
        if found:
            return found
    return None


def file_problem(field: Field, name: str, size: Any) -> Problem | None:
    """What speaks against a file of this name and size (in bytes) for the field."""
    ending = name.rpartition(".")[2].lower()
    if field.accept and ending not in field.accept:
        return "file_kind", {"name": name, "accept": ", ".join(field.accept)}
    if field.max_bytes and (not isinstance(size, int) or size > field.max_bytes):
        return "file_size", {"name": name, "most": field.max_bytes // MEGABYTE}
    return None


CHECKS: Mapping[str, Callable[[Field, Any, str], Problem | None]] = {
    "text": _text,
    "textarea": _text,
    "url": _parsed,
    "phone": _parsed,
    "email": _parsed,
    "iban": _parsed,
    "date": _date,
    "money": _amount,
    "percent": _amount,
    "integer": _integer,
    "radio": _choice,
    "select": _choice,
    "checkboxes": _choices,
    "yesno": _yesno,
    "file": _file,
}
MISSING: Mapping[str, str] = {
    "yesno": "unanswered",
    "radio": "unanswered",
    "select": "unanswered",
    "checkboxes": "unanswered",
    "file": "no_file",
}


def _missing(field: Field) -> Problem:
    if field.type == "yesno" and not field.either:
        return "yes", {}
    return MISSING.get(field.type, "missing"), {}


def problem_with(
    field: Field, answers: Mapping[str, Any], language: str, *, complete: bool = True
) -> Problem | None:
    """What is wrong with one answer, as a code of the messages with its parameters."""
    value = answers.get(field.id)
    if is_empty(value) or (isinstance(value, str) and not value.strip()):
        return _missing(field) if field.required and complete else None
    if field.type == "yesno" and value is False and not complete:
        return None
    check_one = CHECKS.get(field.type)
    return check_one(field, value, language) if check_one else None
