"""What a person can do on a process now, and for what is not possible: why not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.schema import Choice, Field, parse_fields
from funding_app.models import Organisation, RoleAssignment, UserAccount
from funding_app.queries.panels.recusals import recusal_choices

MOST_CHOICES = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """An event as a page or the API shows it: its label, fields and reasons against it.

    `suggested` is what its fields begin with.
    """

    event: str
    label: str
    tone: str
    reason: str
    needs_second: bool
    law: str
    fields: Sequence[Field]
    refusals: Sequence[tuple[str, str]]
    suggested: Mapping[str, Any] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        return not self.refusals


def reviewer_choices(session: Session, _process_id: uuid.UUID) -> tuple[Choice, ...]:
    """Everyone who holds the role of reviewer."""
    rows = session.execute(
        select(UserAccount.id, UserAccount.name)
        .join(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
        .where(RoleAssignment.role == "reviewer", UserAccount.is_active)
        .order_by(UserAccount.name)
    )
    return tuple(Choice(str(row.id), {"de": row.name, "en": row.name}) for row in rows)


def applicant_choices(session: Session, _process_id: uuid.UUID) -> tuple[Choice, ...]:
    """Every organisation that may apply."""
    rows = session.execute(
        select(Organisation.id, Organisation.name_de)
        .where(Organisation.kind == "applicant")
        .order_by(Organisation.name_de)
        .limit(MOST_CHOICES)
    )
    return tuple(Choice(str(row.id), {"de": row.name_de, "en": row.name_de}) for row in rows)


CHOICES: Mapping[str, Callable[[Session, uuid.UUID], tuple[Choice, ...]]] = {
    "reviewers": reviewer_choices,
    "applicants": applicant_choices,
    "recusals": recusal_choices,
}
"""Where the choices of a field come from that are known only now, by the vocabulary's names."""


def chosen_now(
    session: Session, process_id: uuid.UUID, specs: Iterable[Mapping[str, Any]]
) -> tuple[Field, ...]:
    """The fields of an event on a process, with the choices that are known only now."""
    return tuple(
        replace(field, choices=CHOICES[field.choices_from or ""](session, process_id))
        if field.choices_from in CHOICES
        else field
        for field in parse_fields(specs)
    )


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether a limit is over."""
    return due_at is not None and due_at <= now
