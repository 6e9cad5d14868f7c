"""What a person can do on a process now, and for what is not possible: why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.schema import Choice, Field
from funding_app.models import Organisation, RoleAssignment, UserAccount

MOST_CHOICES = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """An event as a page or the API shows it: its label, fields and reasons against it."""

    event: str
    label: str
    tone: str
    reason: str
    needs_second: bool
    law: str
    fields: Sequence[Field]
    refusals: Sequence[tuple[str, str]]

    @property
    def allowed(self) -> bool:
        return not self.refusals


def reviewer_choices(session: Session) -> tuple[Choice, ...]:
    """Everyone who holds the role of reviewer."""
    rows = session.execute(
        select(UserAccount.id, UserAccount.name)
        .join(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
        .where(RoleAssignment.role == "reviewer", UserAccount.is_active)
        .order_by(UserAccount.name)
    )
    return tuple(Choice(str(row.id), {"de": row.name, "en": row.name}) for row in rows)


def applicant_choices(session: Session) -> tuple[Choice, ...]:
    """Every organisation that may apply."""
    rows = session.execute(
        select(Organisation.id, Organisation.name_de)
        .where(Organisation.kind == "applicant")
        .order_by(Organisation.name_de)
        .limit(MOST_CHOICES)
    )
    return tuple(Choice(str(row.id), {"de": row.name_de, "en": row.name_de}) for row in rows)


CHOICES: Mapping[str, Callable[[Session], tuple[Choice, ...]]] = {
    "reviewers": reviewer_choices,
    "applicants": applicant_choices,
}
"""Where the choices of a field come from that are known only now, by the vocabulary's names."""


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    """Whether a limit is over."""
    return due_at is not None and due_at <= now
