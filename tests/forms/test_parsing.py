"""Typed text to values and back: exact in both languages, strict, and never an exception."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.parsing import (
    LONGEST,
    PARSERS,
    Unreadable,
    canonical,
    display,
    has_strange_characters,
    parse,
    storable,
    typed,
)
from tests.support.pace import slow_pieces

LANGUAGES = st.sampled_from(["de", "en"])
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@given(AMOUNTS, LANGUAGES)
def test_an_amount_comes_back_from_its_input_and_from_its_display(
    amount: Decimal, language: str
) -> None:
    value = f"{amount:.2f}"
    assert parse(typed(value, "money", language), "money", language) == value
    assert parse(display(value, "money", language), "money", language) == value
    assert parse(value, "money", language) == value


@given(st.decimals(min_value=0, max_value=100, places=2), LANGUAGES)
def test_a_percentage_comes_back(percent: Decimal, language: str) -> None:
    value = f"{percent:.2f}"
    assert parse(typed(value, "percent", language), "percent", language) == value
    assert parse(display(value, "percent", language), "percent", language) == value


@given(st.integers(min_value=-(10**11), max_value=10**11), LANGUAGES)
def test_an_integer_comes_back(number: int, language: str) -> None:
    assert parse(typed(number, "integer", language), "integer", language) == number
    assert parse(display(number, "integer", language), "integer", language) == number


@given(DATES, LANGUAGES)
def test_a_date_comes_back(day: date, language: str) -> None:
    value = day.isoformat()
    assert parse(typed(value, "date", language), "date", language) == value
    assert parse(value, "date", language) == value
    assert parse(f"{day.day}.{day.month}.{day.year}", "date", language) == value


@given(st.text(), st.sampled_from([*PARSERS, "text", "textarea"]), LANGUAGES)
def test_any_text_is_read_or_kept(text: str, kind: str, language: str) -> None:
    value = canonical(text, kind, language)
    display(value, kind, language)
    typed(value, kind, language)
    str(value).encode()
    assert "\x00" not in str(value)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12.500,50", "de", "12500.50"),
        ("12,500.50", "en", "12500.50"),
        ("12500,5", "de", "12500.50"),
        ("1.000", "de", "1000.00"),
        ("1,000", "en", "1000.00"),
        ("0", "de", "0.00"),
        (" 1.234,50\u00a0€ ", "de", "1234.50"),
        ("EUR 1,234.50", "en", "1234.50"),
        ("1234.50", "de", "1234.50"),
    ],
)
def test_amounts_in_both_notations(text: str, language: str, value: str) -> None:
    assert parse(text, "money", language) == value


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "text",
    "1.00.0 1,00,0 0.500 0,500 -5 +5 NaN Infinity 1e3 1E30 1_000 ٣ १२ １２ ½ 12€€ € 5$ 1'000 "
    "1234567890123 1000000000000000000000000000000 . , ,5 5, 0x10".split(),
)
def test_what_is_no_amount_is_refused(text: str, language: str) -> None:
    with pytest.raises(Unreadable):
        parse(text, "money", language)
    assert canonical(text, "money", language) == text


@pytest.mark.parametrize(
    ("text", "language"),
    [("12,500.50", "de"), ("1,000", "de"), ("1.5", "de"), ("12.500,50", "en"), ("1.000", "en")],
)
def test_the_other_language_is_not_guessed(text: str, language: str) -> None:
    with pytest.raises(Unreadable):
        parse(text, "money", language)


@pytest.mark.parametrize(
    "text",
    "0000-01-01 2027-02-29 2027-13-01 31.2.2027 1.1.27 1/2/2027 99.99.9999 1.1.99999 ٣.1.2027 "
    "1..2027 .. 2027 heute 1899-12-31 2200-01-01 1582-10-10".split(),
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text, "date", "de")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("iban", "de89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 01"),
        ("iban", "FR1420041010050500013M02606", "DE8937040044053201300"),
        ("email", "vorname.name@verein.example", "vorname..name@verein.example"),
        ("email", "a+b@bücher.example", "a@b"),
        ("email", "a@B.Example", "a b@c.example"),
        ("url", "https://verein.example/a?b=c", "javascript:alert(1)"),
        ("url", "verein.example", "https://user@verein.example"),
        ("url", "http://verein.example:8080", "http://[x"),
        ("phone", "+49 (0)341 123-456", "ruf mich an"),
        ("integer", "1.234", "1,5"),
        ("integer", "-3", "--3"),
        ("percent", "12,5 %", "zwölf"),
    ],
)
def test_kinds_of_text(kind: str, good: str, bad: str) -> None:
    parse(good, kind, "de")
    with pytest.raises(Unreadable):
        parse(bad, kind, "de")


def test_canonical_forms() -> None:
    assert parse("de89 3704 0044 0532 0130 00", "iban", "de") == "DE89370400440532013000"
    assert parse("A@B.Example", "email", "de") == "A@b.example"
    assert parse("verein.example", "url", "de") == "https://verein.example"
    assert parse(" eins\r\nzwei ", "textarea", "de") == "eins\nzwei"


@pytest.mark.parametrize("kind", ["text", "money", "date", "email"])
@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\u202ey", "\x1b[2J", "\ufffd"])
def test_characters_that_deceive_are_refused(kind: str, text: str) -> None:
    assert has_strange_characters(text)
    with pytest.raises(Unreadable):
        parse(text, kind, "de")


def test_what_can_not_be_stored_is_made_visible() -> None:
    value: dict[str, Any] = {"a\x00": ["b\ud800", {"c": "\x00"}], "n": 1}
    assert storable(value) == {"a\ufffd": ["b\ufffd", {"c": "\ufffd"}], "n": 1}


@pytest.mark.parametrize("kind", [*PARSERS, "text", "textarea"])
def test_reading_takes_time_in_proportion_to_the_length(kind: str) -> None:
    assert slow_pieces(lambda text: canonical(text, kind, "de")) == []


@pytest.mark.parametrize("kind", PARSERS)
def test_what_is_longer_than_any_value_is_refused_unread(kind: str) -> None:
    assert LONGEST[kind] <= 2000
    with pytest.raises(Unreadable, match=f"^{kind}$"):
        parse("0" * (LONGEST[kind] + 1), kind, "de")


def test_an_amount_may_have_leading_zeros_up_to_the_longest_text() -> None:
    assert parse("0" * (LONGEST["money"] - 1) + "7", "money", "de") == "7.00"


@pytest.mark.parametrize(
    ("value", "kind", "german", "english"),
    [
        ("1234.50", "money", "1.234,50\u00a0€", "€1,234.50"),
        ("2027-03-31", "date", "31. März 2027", "31 March 2027"),
        ("12.50", "percent", "12,5\u00a0%", "12.5%"),
        (12345, "integer", "12.345", "12,345"),
        (True, "yesno", "Ja", "Yes"),
        ("DE89370400440532013000", "iban", *["DE89 3704 0044 0532 0130 00"] * 2),
        ("viel", "money", "viel", "viel"),
        (None, "date", "", ""),
    ],
)
def test_display(value: Any, kind: str, german: str, english: str) -> None:
    assert display(value, kind, "de") == german
    assert display(value, kind, "en") == english
