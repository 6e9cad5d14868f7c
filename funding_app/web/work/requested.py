"""What the office asked an applicant to add, as a case's page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.schema import Field, FormSchema, Section, unanswered
from funding_app.models import Process
from funding_app.queries.answers import handed_in, requests_of


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
    session: Session, process: Process, form: FormSchema, answers: Mapping[str, Any]
) -> list[Requested]:
    """The requests on a case, oldest first."""
    sections = {each.id: each for each in form.sections if each.id.startswith("requested_")}
    if not sections:
        return []
    sent = handed_in(session, process.id)
    return [
        Requested(
            section := sections[f"requested_{row.number}"],
            row.asked_at,
            next((at for at in sent if at > row.asked_at), None),
            [
                (field, field not in unanswered(section, answers))
                for field in section.fields
                if field.type != "file"
            ],
        )
        for row in requests_of(session, process.id)
    ]
