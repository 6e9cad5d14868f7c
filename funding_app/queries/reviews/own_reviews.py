"""A reviewer's own reviews: what waits, what was scored, and notes that are nobody else's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from funding_app.access import Person
from funding_app.models import AnswerSection, Call, Process, Review, ReviewNote
from funding_app.models.types import tagged
from workflows.vocabulary.tags import OWED, Record

MOST = 500


def own_reviews(session: Session, person: Person) -> Sequence[Any]:
    """The person's reviews: what waits for them first, the most urgent on top, then the rest."""
    waits = case((tagged(Process.tags, *OWED), 0), else_=1)
    return session.execute(
        select(
            Process.id,
            Process.title,
            Process.reference,
            Process.state,
            Process.tags,
            Process.due_at,
            Process.definition_key,
            Process.definition_version,
            Review.score,
            Call.title_de,
            Call.title_en,
            Call.criteria,
        )
        .join(Review, Review.id == Process.id)
        .join(Call, Call.id == Process.call_id)
        .where(Process.assignee_id == person.id, Process.record == Record.REVIEW)
        .order_by(waits, Process.due_at.is_(None), Process.due_at, Process.id)
        .limit(MOST)
    ).all()


def own_answers(
    session: Session, person: Person, call_id: uuid.UUID | None = None
) -> dict[uuid.UUID, dict[str, Any]]:
    """The answers in the person's reviews, of one call or of all, by review."""
    wanted = [Process.call_id == call_id] if call_id else [tagged(Process.tags, *OWED)]
    rows = session.execute(
        select(AnswerSection.process_id, AnswerSection.answers)
        .join(Process, Process.id == AnswerSection.process_id)
        .where(
            Process.assignee_id == person.id,
            Process.record == Record.REVIEW,
            *wanted,
        )
        .order_by(AnswerSection.process_id, AnswerSection.section)
    )
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.process_id, {}).update(row.answers)
    return found


def next_review(session: Session, person: Person, but: uuid.UUID) -> Process | None:
    """The most urgent review that waits for the person, other than this one."""
    return session.scalars(
        select(Process)
        .where(
            Process.assignee_id == person.id,
            Process.record == Record.REVIEW,
            tagged(Process.tags, *OWED),
            Process.id != but,
        )
        .order_by(Process.due_at.is_(None), Process.due_at, Process.id)
        .limit(1)
    ).one_or_none()


def notes_on(session: Session, process_id: uuid.UUID) -> str:
    """The reviewer's own notes beside a review."""
    return session.scalar(select(ReviewNote.text).where(ReviewNote.process_id == process_id)) or ""
