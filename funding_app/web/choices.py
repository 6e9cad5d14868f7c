"""What several forms offer to choose from: federal states, ministries, versions of forms."""

from __future__ import annotations

from sqlalchemy.orm import Session

from forms.schema import Choice, FormSchema
from funding_app.queries.people.people import organisations
from funding_app.rules.periods import GERMAN_REGIONS


def region_choices() -> list[Choice]:
    """The sixteen states; calendars that differ within a state are left out."""
    return [
        Choice(key, {"de": name, "en": name})
        for key, name in GERMAN_REGIONS.items()
        if "/" not in key
    ]


def ministry_choices(session: Session) -> list[Choice]:
    """The ministries to choose from, under their present names."""
    return [
        Choice(str(row.id), {"de": row.name_de, "en": row.name_de})
        for row in organisations(session, "ministry")
    ]


def titled(form: FormSchema) -> dict[str, str]:
    """A form as it is chosen: its title with key and version."""
    words = {"de": "Fassung", "en": "version"}
    return {
        lang: f"{form.title[lang]} ({form.key}, {word} {form.version})"
        for lang, word in words.items()
    }
