"""The federal states as choices of a form."""

from __future__ import annotations

from forms.schema import Choice
from funding_app.rules.periods import GERMAN_REGIONS


def region_choices() -> list[Choice]:
    """The sixteen states; calendars that differ within a state are left out."""
    return [
        Choice(key, {"de": name, "en": name})
        for key, name in GERMAN_REGIONS.items()
        if "/" not in key
    ]
