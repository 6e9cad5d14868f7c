"""Amounts, days and times as a German letter writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_currency
from num2words import num2words

LOCALE = "de_DE"
ZONE = "Europe/Berlin"


def euro(amount: Decimal | None) -> str:
    """An amount as a German reader writes it."""
    return format_currency(amount or Decimal(0), "EUR", locale=LOCALE)


def in_words(amount: Decimal) -> str:
    """Euro and cents in German words."""
    whole, cents = divmod(int(amount * 100), 100)
    words = f"{num2words(whole, lang='de')} Euro"
    return f"{words} und {num2words(cents, lang='de')} Cent" if cents else words


def day(value: date | None) -> str:
    """A date in German words."""
    return format_date(value, "d. MMMM y", locale=LOCALE) if value else ""


def local_time(at: datetime) -> str:
    """An instant in local time, exact to the second and with its zone."""
    return format_datetime(
        at, "d. MMMM y, HH:mm:ss 'Uhr' zzzz", tzinfo=get_timezone(ZONE), locale=LOCALE
    )


def local_minute(at: datetime) -> str:
    """An instant in local time, as an appointment is given."""
    return format_datetime(at, "d. MMMM y, HH:mm 'Uhr'", tzinfo=get_timezone(ZONE), locale=LOCALE)
