"""People with their roles, and the organisations roles are held for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from funding_app.models import Invitation, Organisation, Programme, RoleAssignment, UserAccount

PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A role of a person; `organisation` is empty where it is held everywhere."""

    id: uuid.UUID
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An account with its roles."""

    account: UserAccount
    roles: list[Held] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people; `following` is the address the next page begins after."""

    people: list[Listed]
    following: str | None


def list_people(session: Session, *, search: str, role: str, after: str) -> PeoplePage:
    """People by e-mail address, those whose name or address contains the search."""
    query = select(UserAccount).where(UserAccount.email > after)
    if search:
        pattern = f"%{search.lower()}%"
        query = query.where(or_(UserAccount.email.like(pattern), UserAccount.name.ilike(pattern)))
    if role:
        holders = select(RoleAssignment.user_id).where(RoleAssignment.role == role)
        query = query.where(UserAccount.id.in_(holders))
    found = session.scalars(query.order_by(UserAccount.email).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    people = {account.id: Listed(account) for account in shown}
    for user_id, held in _roles(session, list(people)):
        people[user_id].roles.append(held)
    following = shown[-1].email if len(found) > PAGE else None
    return PeoplePage(list(people.values()), following)


def find_account(session: Session, user_id: uuid.UUID) -> Listed | None:
    """One account with its roles."""
    account = session.get(UserAccount, user_id)
    if account is None:
        return None
    return Listed(account, [held for _user, held in _roles(session, [user_id])])


def _roles(session: Session, user_ids: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, Held]]:
    rows = session.execute(
        select(RoleAssignment.user_id, RoleAssignment.id, RoleAssignment.role, Organisation.name_de)
        .outerjoin(Organisation, Organisation.id == RoleAssignment.organisation_id)
        .where(RoleAssignment.user_id.in_(user_ids))
        .order_by(RoleAssignment.role, Organisation.name_de)
    )
    return [(row.user_id, Held(row.id, row.role, row.name_de or "")) for row in rows]


def organisations(session: Session, *kinds: str) -> Sequence[Any]:
    """Id, kind and name of the organisations of these kinds that still exist under their name."""
    return session.execute(
        select(Organisation.id, Organisation.kind, Organisation.name_de, Organisation.short_name)
        .where(Organisation.kind.in_(kinds), Organisation.successor_id.is_(None))
        .order_by(Organisation.kind.desc(), Organisation.name_de)
    ).all()


def every_organisation(session: Session) -> Sequence[Any]:
    """Ministries, offices and agencies with the names of their successors."""
    later = aliased(Organisation)
    return session.execute(
        select(
            Organisation.id,
            Organisation.short_name,
            Organisation.name_de,
            Organisation.seat_region,
            later.name_de.label("successor"),
        )
        .outerjoin(later, later.id == Organisation.successor_id)
        .where(Organisation.kind != "applicant")
        .order_by(Organisation.successor_id.is_not(None), Organisation.name_de)
    ).all()


def programmes(session: Session) -> Sequence[Any]:
    """The programmes with the names of their lead ministries."""
    return session.execute(
        select(Programme, Organisation.name_de.label("lead"))
        .join(Organisation, Organisation.id == Programme.lead_ministry_id)
        .order_by(Programme.key)
    ).all()


def names_of(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of these people."""
    found = select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(ids))
    return {row.id: row.name for row in session.execute(found)}


def members_of(session: Session, organisation_ids: Collection[uuid.UUID]) -> Sequence[Any]:
    """Who belongs to the organisations: organisation, account, name, address and role."""
    return session.execute(
        select(
            RoleAssignment.organisation_id,
            RoleAssignment.role,
            UserAccount.id,
            UserAccount.name,
            UserAccount.email,
        )
        .join(UserAccount, UserAccount.id == RoleAssignment.user_id)
        .where(RoleAssignment.organisation_id.in_(organisation_ids), UserAccount.is_active)
        .order_by(UserAccount.name, UserAccount.id)
    ).all()


def invited_to(session: Session, organisation_id: uuid.UUID, now: datetime) -> Sequence[Invitation]:
    """The invitations that still wait for an answer, the newest first."""
    return session.scalars(
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.created_at.desc())
    ).all()


def organisation_names(session: Session, organisation_ids: Collection[uuid.UUID]) -> Sequence[Any]:
    """Id and name of the organisations, by name."""
    return session.execute(
        select(Organisation.id, Organisation.name_de)
        .where(Organisation.id.in_(organisation_ids))
        .order_by(Organisation.name_de)
    ).all()
