"""What stands on a call's blank form, the same for the request and for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_datetime, get_timezone
from babel.numbers import format_currency

from forms.printable import paper_of
from forms.schema import FormSchema
from funding_app.models import Call

BERLIN = get_timezone("Europe/Berlin")
LANGUAGES = ("de", "en")
LOCALES = {"de": "de_DE", "en": "en_GB"}
PATTERNS = {"de": "d. MMMM y, HH:mm 'Uhr' (zzzz)", "en": "d MMMM y, HH:mm (zzzz)"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "deadline": "Frist",
        "open": "Laufend geöffnet",
        "funding": "Förderung",
        "no_money": "Unterstützung ohne Geld",
        "up_to": "bis zu {}",
        "from_to": "{} bis {}",
        "apply": "Antrag stellen",
        "notice": "Dieses Blatt hilft beim Vorbereiten. Es zählt nur, was Sie im Portal absenden.",
        "agree": "Ja, das erklären wir.",
        "upload": "Diese Datei laden Sie im Portal hoch.",
    },
    "en": {
        "deadline": "Deadline",
        "open": "Open at any time",
        "funding": "Funding",
        "no_money": "Support without money",
        "up_to": "up to {}",
        "from_to": "{} to {}",
        "apply": "Where to apply",
        "notice": "This sheet helps to prepare. Only what you submit in the portal counts.",
        "agree": "Yes, we declare this.",
        "upload": "You upload this file in the portal.",
    },
}


def last_minute(call: Call) -> datetime:
    """The last minute that counts; of a call that has a deadline."""
    assert call.closes_at is not None, "a call that is always open has no deadline"
    return call.closes_at if call.closes_inclusive else call.closes_at - timedelta(minutes=1)


def deadline(call: Call, language: str) -> str:
    """The last minute that counts, with the zone; of a call that has a deadline."""
    pattern, locale = PATTERNS[language], LOCALES[language]
    return format_datetime(last_minute(call), pattern, tzinfo=BERLIN, locale=locale)


def amounts(least: Decimal, most: Decimal, language: str) -> str:
    """From how much to how much, in euro."""
    words = WORDS[language]
    lower, upper = (
        format_currency(each, "EUR", locale=LOCALES[language]) for each in (least, most)
    )
    return words["from_to"].format(lower, upper) if least else words["up_to"].format(upper)


def funding(call: Call, language: str) -> str:
    """How much money a call gives, or that it gives something else."""
    if not call.maximum_amount:
        return WORDS[language]["no_money"]
    return amounts(call.minimum_amount, call.maximum_amount, language)


def blank_values(
    call: Call, form: FormSchema, language: str, *, portal: str, base_url: str
) -> Mapping[str, Any]:
    """What stands on the paper; its dates are the call's, so that the bytes stay the same."""
    words = WORDS[language]
    own_title = call.title_en if language == "en" else call.title_de
    return {
        "kind": "blank_form",
        "language": language,
        "portal": portal,
        "title": own_title or call.title_de,
        "form": form.title[language],
        "requested_at": call.opens_at.isoformat(),
        "facts": [
            [words["deadline"], deadline(call, language) if call.closes_at else words["open"]],
            [words["funding"], funding(call, language)],
            [words["apply"], f"{base_url.rstrip('/')}/calls/{call.ref}"],
        ],
        "notice": words["notice"],
        "agree": words["agree"],
        "upload": words["upload"],
        "sections": paper_of(form, language),
    }
