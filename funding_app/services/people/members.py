"""The people of an applying organisation: asked to join, joined, and gone again.

An invitation is for one address; it is used once, lasts an hour, and dies with a newer one.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from funding_app.models import Invitation, Organisation, RoleAssignment, UserAccount
from funding_app.services.people import accounts

LASTS = timedelta(minutes=60)
SIGNS = "applicant_signatory"
RIGHTS = ("applicant_reader", "applicant_editor", SIGNS)
OWN_DATA = ("name_de", "legal_form", "register", "street", "postal_code", "city", "email")


class LastSignatory(Exception):
    """Without this person nobody could sign for the organisation."""


class AlreadyMember(Exception):
    """The address belongs to somebody who is in the organisation already."""


def invite(
    session: Session,
    *,
    organisation_id: uuid.UUID,
    email: str,
    role: str,
    invited_by: uuid.UUID,
    now: datetime,
) -> str:
    """The secret of a new invitation; earlier ones to the same address end. `AlreadyMember`."""
    address = email.strip().lower()
    if _is_member(session, organisation_id, address):
        raise AlreadyMember
    earlier = Invitation.organisation_id == organisation_id, Invitation.email == address
    session.execute(delete(Invitation).where(*earlier, Invitation.used_at.is_(None)))
    secret = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            sha256=_digest(secret),
            email=address,
            organisation_id=organisation_id,
            role=role,
            invited_by=invited_by,
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    return secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_member(session: Session, organisation_id: uuid.UUID, address: str) -> bool:
    known = (
        select(RoleAssignment.id)
        .join(UserAccount, UserAccount.id == RoleAssignment.user_id)
        .where(RoleAssignment.organisation_id == organisation_id, UserAccount.email == address)
    )
    return session.scalars(known).first() is not None


def open_invitation(session: Session, secret: str, now: datetime) -> Invitation | None:
    """The invitation with this secret, unless it was used or is over."""
    found = session.get(Invitation, _digest(secret), with_for_update=True)
    if found is None or found.used_at is not None or found.expires_at <= now:
        return None
    return found


def join(session: Session, invitation: Invitation, user_id: uuid.UUID, now: datetime) -> None:
    """The person joins with the role; the invitation is used."""
    accounts.grant_role(
        session, user_id, invitation.role, now, invitation.organisation_id,
        granted_by=invitation.invited_by,
    )  # fmt: skip
    invitation.used_at = now


def change_right(
    session: Session,
    organisation_id: uuid.UUID,
    user_id: uuid.UUID,
    role: str | None,
    *,
    changed_by: uuid.UUID,
    now: datetime,
) -> None:
    """Gives a member another right, or none (`None`): then the person is out.

    Raises `LastSignatory`.
    """
    theirs = (
        RoleAssignment.organisation_id == organisation_id,
        RoleAssignment.role.in_(RIGHTS),
    )
    if role != SIGNS and not _others_sign(session, organisation_id, user_id):
        raise LastSignatory
    session.execute(delete(RoleAssignment).where(RoleAssignment.user_id == user_id, *theirs))
    if role is not None:
        accounts.grant_role(session, user_id, role, now, organisation_id, granted_by=changed_by)


def _others_sign(session: Session, organisation_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    # the lock makes two signatories who remove each other come one after the other
    session.get_one(Organisation, organisation_id, with_for_update=True)
    others = (
        select(func.count())
        .select_from(RoleAssignment)
        .join(UserAccount, UserAccount.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.organisation_id == organisation_id,
            RoleAssignment.role == SIGNS,
            RoleAssignment.user_id != user_id,
            UserAccount.is_active,
        )
    )
    return bool(session.scalar(others))


def write_own_data(
    session: Session, organisation_id: uuid.UUID, answers: Mapping[str, Any]
) -> None:
    """The organisation's data as its own people keep them; new applications begin with them."""
    values = {name: answers.get(name) or "" for name in OWN_DATA}
    session.execute(update(Organisation).where(Organisation.id == organisation_id).values(values))
