"""What the office asked an applicant to add, as a case's page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forms.schema import Field, FormSchema, Section, unanswered


@dataclass(frozen=True, slots=True)
class Requested:
    """What the office asked for later: when, each item and whether it is answered, what came when.

    `answered_at` is when the answers were sent off, `None` while they are written.
    """

    section: Section
    asked_at: datetime
    answered_at: datetime | None
    items: Sequence[tuple[Field, bool]]


def requested_of(
    requests: Sequence[Any], form: FormSchema, answers: Mapping[str, Any]
) -> list[Requested]:
    """The requests on a case, oldest first; `form` is the one that asks for them."""
    sections = {each.id: each for each in form.sections}
    return [
        Requested(
            section := sections[f"requested_{row.number}"],
            row.asked_at,
            row.answered_at,
            [
                (field, field not in unanswered(section, answers))
                for field in section.fields
                if field.type != "file"
            ],
        )
        for row in requests
    ]
