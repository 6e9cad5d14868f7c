"""Typed text to canonical answers and back, in German and English notation.

Reading is strict: what could mean two things is refused, never guessed. Only ASCII digits count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from forms.messages import word

LOCALES: Mapping[str, str] = {"de": "de_DE", "en": "en_GB"}
# The mark between thousands and the mark before the cents.
MARKS: Mapping[str, tuple[str, str]] = {"de": (".", ","), "en": (",", ".")}

WHOLE_DIGITS = 12
# The most characters that are read at all, by type: what is longer is refused unread.
LONGEST: Mapping[str, int] = {
    "money": 60, "percent": 60, "integer": 60, "date": 40, "iban": 80, "email": 254, "url": 2000,
    "phone": 60,
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2199

AMOUNT = re.compile(rf"[0-9]{{1,{WHOLE_DIGITS}}}(?:\.[0-9]{{2}})?")
CURRENCY = re.compile(r"^(?:€|EUR\b)|(?:€|\bEUR|\bEuro)$", re.IGNORECASE)
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
PARTS_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+\w{2,63}"
)
PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,30}")
IBAN = re.compile(r"([A-Z]{2})[0-9]{2}[A-Z0-9]{11,30}")
IBAN_LENGTHS: Mapping[str, int] = {
    entry[:2]: int(entry[2:])
    for entry in (
        "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 "
        "HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 "
        "SK24 SM27 VA22"
    ).split()
}
# What no database keeps (NUL, halves of surrogate pairs), and its visible stand-in.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
STAND_IN = "\ufffd"
# Control characters and marks that turn the direction of what follows.
INVISIBLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


class Unreadable(ValueError):
    """Typed text that is no value of its type; the text is a code of `forms.messages`."""


def storable(value: Any) -> Any:
    """The JSON value with every character that no database keeps made visible as U+FFFD."""
    if isinstance(value, str):
        return UNSTORABLE.sub(STAND_IN, value)
    if isinstance(value, Mapping):
        return {storable(key): storable(inner) for key, inner in value.items()}
    return [storable(inner) for inner in value] if isinstance(value, list) else value


def has_strange_characters(text: str) -> bool:
    """Whether the text holds what can not be stored, seen or trusted to read as written."""
    return bool(UNSTORABLE.search(text) or STAND_IN in text or INVISIBLE.search(text))


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _number(text: str, language: str) -> Decimal:
    """Digits with or without the language's marks; thousands only in groups of three."""
    group, point = (re.escape(mark) for mark in MARKS[language])
    if re.fullmatch(rf"[0-9]+(?:{point}[0-9]{{1,2}})?", text):
        plain = text
    elif re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+(?:{point}[0-9]{{1,2}})?", text):
        plain = text.replace(MARKS[language][0], "")
    else:
        raise Unreadable("number")
    whole, _, cents = plain.partition(MARKS[language][1])
    if len(whole.lstrip("0")) > WHOLE_DIGITS:
        raise Unreadable("number")
    return Decimal(f"{whole}.{cents or 0}")


def _two_places(text: str, language: str) -> str:
    # A point before exactly two last digits is no mark between thousands in any language.
    value = Decimal(text) if AMOUNT.fullmatch(text) else _number(text, language)
    return f"{value:.2f}"


def _money(text: str, language: str) -> str:
    """Euro as `"1234.50"`: never negative, at most two places and twelve digits before them."""
    try:
        return _two_places(CURRENCY.sub("", text).strip(), language)
    except Unreadable as error:
        raise Unreadable("money") from error


def _percent(text: str, language: str) -> str:
    """A percentage as `"12.50"`."""
    try:
        return _two_places(text.removesuffix("%").rstrip(), language)
    except Unreadable as error:
        raise Unreadable("percent") from error


def _integer(text: str, language: str) -> int:
    """A whole number, possibly negative, possibly with marks between thousands."""
    sign = -1 if text.startswith(("-", "−")) else 1
    try:
        value = _number(text[1:] if sign < 0 else text, language)
    except Unreadable as error:
        raise Unreadable("integer") from error
    if value != int(value) or MARKS[language][1] in text:
        raise Unreadable("integer")
    return sign * int(value)


def _date(text: str, _language: str) -> str:
    """An ISO date from one, or from day, month and year with points (the three-part field)."""
    bare = text.rstrip(".")
    iso, parts = ISO_DATE.fullmatch(bare), PARTS_DATE.fullmatch(bare)
    found = iso.groups() if iso else parts.groups()[::-1] if parts else None
    try:
        value = date(*(int(part) for part in found or ()))
    except (ValueError, TypeError) as error:
        raise Unreadable("date") from error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unreadable("date")
    return value.isoformat()


def iban_is_valid(value: str) -> bool:
    """Country, length and check digits of an account number (ISO 13616, modulo 97)."""
    text = re.sub(r"\s", "", value).upper()
    found = IBAN.fullmatch(text)
    if not found or IBAN_LENGTHS.get(found[1]) != len(text):
        return False
    digits = "".join(str(int(letter, 36)) for letter in text[4:] + text[:4])
    return int(digits) % 97 == 1


def _iban(text: str, _language: str) -> str:
    """The account number without blanks, in capitals."""
    if not iban_is_valid(text):
        raise Unreadable("iban")
    return re.sub(r"\s", "", text).upper()


def _email(text: str, _language: str) -> str:
    """An e-mail address; its domain in small letters."""
    local, _, domain = text.rpartition("@")
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    if dotted or not EMAIL.fullmatch(text):
        raise Unreadable("email")
    return f"{local}@{domain.lower()}"


def is_address(text: str) -> bool:
    """Whether this is an e-mail address, blanks around it aside."""
    try:
        return bool(parse(text, "email", "de"))
    except Unreadable:
        return False


def _url(text: str, _language: str) -> str:
    """A web address; `https://` is added where none was typed."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Unreadable("url") from error
    known = parts.scheme in ("http", "https") and "." in host.strip(".") and not parts.username
    if not known or re.search(r"[\s<>\"]", address):
        raise Unreadable("url")
    return address


def _phone(text: str, _language: str) -> str:
    """A telephone number as typed, its blanks made single."""
    single = re.sub(r"\s+", " ", text)
    if not PHONE.fullmatch(single):
        raise Unreadable("phone")
    return single


PARSERS: Mapping[str, Callable[[str, str], str | int]] = {
    "money": _money,
    "percent": _percent,
    "integer": _integer,
    "date": _date,
    "iban": _iban,
    "email": _email,
    "url": _url,
    "phone": _phone,
}


def parse(text: str, kind: str, language: str) -> str | int:
    """The canonical value of typed text (`""` for none); raises `Unreadable`.

    Takes time in proportion to the text's length, whatever stands in it.
    """
    tidy = _tidy(text)
    if len(tidy) > LONGEST.get(kind, len(tidy)):
        raise Unreadable(kind)
    if has_strange_characters(tidy):
        raise Unreadable("characters")
    parser = PARSERS.get(kind)
    return parser(tidy, language) if parser and tidy else tidy


def canonical(text: str, kind: str, language: str) -> str | int:
    """The canonical value where the text can be read, otherwise the text as it was typed."""
    try:
        return parse(text, kind, language)
    except Unreadable:
        return str(storable(text))


def is_amount(value: Any) -> bool:
    """Whether this is a canonical amount or percentage."""
    return isinstance(value, str) and AMOUNT.fullmatch(value) is not None


def is_date(value: Any) -> bool:
    """Whether this is a canonical date."""
    try:
        return isinstance(value, str) and _date(value, "de") == value
    except Unreadable:
        return False


def _typed_amount(value: Any, language: str) -> str:
    if not is_amount(value):
        return str(value)
    return format_decimal(Decimal(value), format="#,##0.00", locale=LOCALES[language])


def _typed_date(value: Any, _language: str) -> str:
    if not is_date(value):
        return str(value)
    return ".".join(reversed(value.split("-")))


TYPED: Mapping[str, Callable[[Any, str], str]] = {
    "money": _typed_amount,
    "percent": _typed_amount,
    "date": _typed_date,
}


def typed(value: Any, kind: str, language: str) -> str:
    """The answer as a person would type it, for a field to be filled in."""
    if value is None:
        return ""
    write = TYPED.get(kind)
    return write(value, language) if write else str(value)


def _shown_integer(value: Any, language: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return str(value)
    return format_decimal(value, locale=LOCALES[language])


def _shown_money(value: Any, language: str) -> str:
    if not is_amount(value):
        return str(value)
    return format_currency(Decimal(value), "EUR", locale=LOCALES[language])


def _shown_percent(value: Any, language: str) -> str:
    if not is_amount(value):
        return str(value)
    number = format_decimal(Decimal(value), format="#,##0.##", locale=LOCALES[language])
    return f"{number}\u00a0%" if language == "de" else f"{number}%"


def _shown_date(value: Any, language: str) -> str:
    if not is_date(value):
        return str(value)
    return format_date(date.fromisoformat(value), format="long", locale=LOCALES[language])


def _shown_iban(value: Any, _language: str) -> str:
    text = str(value)
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _shown_yesno(value: Any, language: str) -> str:
    return word("yes" if value else "no", language) if isinstance(value, bool) else str(value)


SHOWN: Mapping[str, Callable[[Any, str], str]] = {
    "money": _shown_money,
    "percent": _shown_percent,
    "date": _shown_date,
    "integer": _shown_integer,
    "iban": _shown_iban,
    "yesno": _shown_yesno,
}


def display(value: Any, kind: str, language: str) -> str:
    """The answer as it is read: `1.234,50 €`, `31. Januar 2027`; text that is none stays."""
    if value is None:
        return ""
    show = SHOWN.get(kind)
    return show(value, language) if show else str(value)
