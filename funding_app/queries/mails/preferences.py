"""What a person hears of by mail: topics that can be chosen, and what was chosen."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import APPLICANT_ROLES
from funding_app.models import DigestLine, NotificationChoice, Process, UserAccount

AT_ONCE, DAILY, NONE = WAYS = ("at_once", "daily", "none")
TOPICS: Mapping[str, str] = {
    "messages": AT_ONCE,
    "status": AT_ONCE,
    "tasks": AT_ONCE,
    "reminders": AT_ONCE,
    "comments": DAILY,
}
"""What can be chosen, with the way that holds until somebody chooses."""

DIGEST = "digest"
"""Stands in a link to unsubscribe for everything that comes with the daily mail."""

OF_APPLICANTS = frozenset({"status", "comments"})
OF_CORRESPONDENTS = APPLICANT_ROLES | {"case_officer", "office_clerk", "reviewer"}


def topics_for(roles: Collection[str]) -> list[str]:
    """The topics of which somebody with these roles can hear at all."""
    unheard = set() if APPLICANT_ROLES.intersection(roles) else set(OF_APPLICANTS)
    if not OF_CORRESPONDENTS.intersection(roles):
        unheard.add("messages")
    return [topic for topic in TOPICS if topic not in unheard]


def ways_of(session: Session, user_id: uuid.UUID) -> dict[str, str]:
    """How the person hears of each topic."""
    chosen = select(NotificationChoice.topic, NotificationChoice.way).where(
        NotificationChoice.user_id == user_id
    )
    return {**TOPICS, **{topic: way for topic, way in session.execute(chosen)}}


def ways_for(session: Session, topic: str, user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How each of the people hears of one topic."""
    chosen = select(NotificationChoice.user_id, NotificationChoice.way).where(
        NotificationChoice.topic == topic, NotificationChoice.user_id.in_(user_ids)
    )
    found = {user_id: way for user_id, way in session.execute(chosen)}
    return {user_id: found.get(user_id, TOPICS[topic]) for user_id in user_ids}


def untold(session: Session, limit: int) -> Sequence[Process]:
    """Processes in a state of which their applicants have not heard, oldest first."""
    return session.scalars(
        select(Process)
        .where(Process.told_state != Process.state)
        .order_by(Process.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def waiting_for_digest(session: Session, until: datetime) -> Sequence[uuid.UUID]:
    """Everybody for whom something waits since before then."""
    return session.scalars(
        select(DigestLine.user_id).where(DigestLine.created_at < until).distinct()
    ).all()


def digest_of(
    session: Session, user_id: uuid.UUID, until: datetime
) -> tuple[UserAccount, Sequence[DigestLine]]:
    """A person and what waits for the daily mail, oldest first."""
    lines = session.scalars(
        select(DigestLine)
        .where(DigestLine.user_id == user_id, DigestLine.created_at < until)
        .order_by(DigestLine.created_at, DigestLine.id)
    ).all()
    return session.get_one(UserAccount, user_id), lines
