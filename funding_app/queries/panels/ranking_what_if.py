"""Another line of a ranking, as page and API let it be tried: the same questions and limits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forms import schema
from funding_app.queries.panels.ranking import Line

RULES = ("threshold", "allow_skip_fill")
FIELDS = (
    *schema.get("ranking_line").fields,
    *(field for field in schema.get("call").fields if field.id in RULES),
)
"""The money, and beside it the rules of a call's own line, in the words of the call's form."""


def answers_for(line: Line) -> dict[str, Any]:
    """A line as answers of the form."""
    return {
        "budget": f"{line.budget:.2f}",
        "threshold": None if line.threshold is None else f"{line.threshold:.2f}",
        "allow_skip_fill": line.allow_skip_fill,
    }


def line_from(answers: Mapping[str, Any]) -> Line:
    """The line that checked answers mean."""
    threshold = answers["threshold"]
    return Line(
        Decimal(answers["budget"]),
        Decimal(threshold) if threshold else None,
        bool(answers["allow_skip_fill"]),
    )
