"""Who was asked for reviews of a case before, and why who declined them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Person, visible_to
from funding_app.models import Process, Review, UserAccount


def asked_before(session: Session, case_id: uuid.UUID) -> Sequence[Any]:
    """Whom an application was shown to already: state, why it was declined and by whom."""
    return session.execute(
        select(
            UserAccount.name,
            Process.id,
            Process.state,
            Process.definition_key,
            Process.definition_version,
            Review.declined_for,
            Review.declined_words,
        )
        .join(Review, Review.id == Process.id)
        .join(UserAccount, UserAccount.id == Review.reviewer_id)
        .where(Process.parent_id == case_id)
        .order_by(Process.id)
    ).all()


def declined_in(
    session: Session, person: Person, case_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Any]]:
    """The reviews of some cases that were declined, with why and who was asked, by case."""
    rows = session.execute(
        select(
            Process.parent_id,
            Process.definition_key,
            Process.definition_version,
            Review.declined_for,
            UserAccount.name,
        )
        .join(Review, Review.id == Process.id)
        .join(UserAccount, UserAccount.id == Review.reviewer_id)
        .where(Process.parent_id.in_(case_ids), Review.declined_for != "", visible_to(person))
        .order_by(Process.id)
    )
    found: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.parent_id, []).append(row)
    return found
