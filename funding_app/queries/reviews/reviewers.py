"""Reviewers: what they know, where they sit, how much they have to do, whom they are tied to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.matching import Referee, Reviewer
from funding_app.models import Process, ReviewerProfile, RoleAssignment, UserAccount
from funding_app.models.reviews import USUAL_LOAD
from funding_app.models.types import tagged
from workflows.vocabulary.tags import HELD, Record, Tag


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A person who reviews, with the profile and, within one call, the reviews held.

    `organisations` are those the person holds a role for, `declared` those in whose cases a
    conflict came up before.
    """

    id: uuid.UUID
    name: str
    email: str
    affiliation: str = ""
    region: str = ""
    fields: tuple[str, ...] = ()
    most: int = USUAL_LOAD
    load: int = 0
    organisations: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()

    def reviewer(self) -> Reviewer:
        """As the assignment takes the person."""
        return Reviewer(str(self.id), self.most, frozenset(self.fields), self.region, self.load)

    def referee(self) -> Referee:
        """As suspicions take the person."""
        return Referee(self.email, self.affiliation, self.organisations, self.declared)


@dataclass(slots=True)
class _Ties:
    organisations: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)


def reviewers(session: Session, call_id: uuid.UUID | None = None) -> list[Reviewing]:
    """Everyone who holds the role and may sign in, by name; loads are those of the call."""
    loads = _loads(session, call_id)
    ties = _ties(session)
    nothing = _Ties()
    return [
        _reviewing(row, loads.get(row.id, 0), ties.get(row.id, nothing))
        for row in _accounts(session)
    ]


def referees(session: Session, people: Collection[uuid.UUID]) -> dict[uuid.UUID, Referee]:
    """What suspicions look at, for these people, whether they review or not."""
    ties, nothing = _ties(session), _Ties()
    rows = session.execute(
        select(UserAccount.id, UserAccount.name, UserAccount.email, ReviewerProfile)
        .outerjoin(ReviewerProfile, ReviewerProfile.user_id == UserAccount.id)
        .where(UserAccount.id.in_(people))
        .order_by(UserAccount.id)
    )
    return {row.id: _reviewing(row, 0, ties.get(row.id, nothing)).referee() for row in rows}


def _reviewing(row: Any, load: int, ties: _Ties) -> Reviewing:
    profile = row.ReviewerProfile or ReviewerProfile(
        affiliation="", region="", fields=[], most=USUAL_LOAD
    )
    return Reviewing(
        row.id,
        row.name,
        row.email,
        profile.affiliation,
        profile.region,
        tuple(profile.fields),
        profile.most,
        load,
        frozenset(ties.organisations),
        frozenset(ties.declared),
    )


def _accounts(session: Session) -> Sequence[Any]:
    holders = select(RoleAssignment.user_id).where(RoleAssignment.role == "reviewer")
    return session.execute(
        select(UserAccount.id, UserAccount.name, UserAccount.email, ReviewerProfile)
        .outerjoin(ReviewerProfile, ReviewerProfile.user_id == UserAccount.id)
        .where(UserAccount.id.in_(holders), UserAccount.is_active)
        .order_by(UserAccount.name, UserAccount.id)
    ).all()


def load_in_call(
    session: Session, user_id: uuid.UUID, call_id: uuid.UUID | None
) -> tuple[int, int]:
    """How many reviews a person holds in a call, and how many were agreed at most."""
    held = (
        select(func.count())
        .select_from(Process)
        .where(
            Process.record == Record.REVIEW,
            tagged(Process.tags, *HELD),
            Process.assignee_id == user_id,
            Process.call_id == call_id,
        )
        .scalar_subquery()
    )
    agreed = select(ReviewerProfile.most).where(ReviewerProfile.user_id == user_id)
    row = session.execute(select(held, func.coalesce(agreed.scalar_subquery(), USUAL_LOAD))).one()
    return row[0], row[1]


def _loads(session: Session, call_id: uuid.UUID | None) -> dict[uuid.UUID | None, int]:
    """How many reviews each person holds: of the call, or of all calls together."""
    held = select(Process.assignee_id, func.count()).where(
        Process.record == Record.REVIEW, tagged(Process.tags, *HELD)
    )
    if call_id is not None:
        held = held.where(Process.call_id == call_id)
    counted = session.execute(held.group_by(Process.assignee_id))
    return {person: count for person, count in counted}


def _ties(session: Session) -> dict[uuid.UUID, _Ties]:
    found: dict[uuid.UUID, _Ties] = {}
    roles = select(RoleAssignment.user_id, RoleAssignment.organisation_id).where(
        RoleAssignment.organisation_id.is_not(None)
    )
    for user, organisation in session.execute(roles):
        found.setdefault(user, _Ties()).organisations.add(str(organisation))
    ended = select(Process.assignee_id, Process.organisation_id).where(
        Process.record == Record.REVIEW, tagged(Process.tags, Tag.BIASED)
    )
    for assignee, organisation in session.execute(ended.distinct()):
        if assignee is not None:
            found.setdefault(assignee, _Ties()).declared.add(str(organisation))
    return found
