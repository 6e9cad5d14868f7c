"""Accounts: who signs in, with what, and for how long."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from funding_app.access import Grant, Person
from funding_app.models import ApiToken, FailedSignIn, RoleAssignment, UserAccount, UserSession

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
COUNTED = timedelta(minutes=15)
MOST_OF_ACCOUNT, MOST_OF_ADDRESS = 5, 50
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _hash_of_nobody() -> str:
    """What an unknown account's password is checked against, so that it takes as long."""
    return HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """An Argon2id hash with the parameters OWASP recommends."""
    return HASHER.hash(password)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class TooManyAttempts(Exception):
    """So many attempts failed that the next one has to wait."""


def note_failed(session: Session, email: str, address: str, now: datetime) -> None:
    """Keeps a failed attempt for as long as it counts; what was typed is kept as a hash only."""
    session.execute(delete(FailedSignIn).where(FailedSignIn.at < now - COUNTED))
    kept = FailedSignIn(account=_account_key(email), address=_digest(address), at=now)
    session.add(kept)


def check_attempts(session: Session, email: str, address: str, now: datetime) -> None:
    """Raises `TooManyAttempts` for the same account from the same address, or for an address.

    Never for an account alone: then a stranger could lock its owner out.
    """
    found = session.scalars(
        select(FailedSignIn.account).where(
            FailedSignIn.address == _digest(address), FailedSignIn.at >= now - COUNTED
        )
    ).all()
    if len(found) >= MOST_OF_ADDRESS or found.count(_account_key(email)) >= MOST_OF_ACCOUNT:
        raise TooManyAttempts


def _account_key(email: str) -> str:
    return _digest(email.strip().lower())


def verified(session: Session, email: str, password: str) -> uuid.UUID | None:
    """Whose password this is, or `None`; an unknown address takes as long as a wrong word."""
    account = session.scalars(
        select(UserAccount).where(UserAccount.email == email.strip().lower())
    ).one_or_none()
    known = account.password_hash if account is not None and account.is_active else None
    try:
        HASHER.verify(known or _hash_of_nobody(), password)
    except VerificationError:
        return None
    return account.id if account is not None and known is not None else None


def sign_in(session: Session, user_id: uuid.UUID, now: datetime, *, device: str = "") -> str:
    """The secret of a new session, of which only the hash is kept, with its browser's name."""
    secret = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            id=_digest(secret),
            user_id=user_id,
            data={"device": device} if device else {},
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    return secret


def sign_out(session: Session, secret: str) -> None:
    """Ends a session at once."""
    session.execute(delete(UserSession).where(UserSession.id == _digest(secret)))


def person_of_session(session: Session, secret: str, now: datetime) -> Person | None:
    """Who is signed in with this secret, unless the session has ended."""
    known = UserAccount.id.in_(
        select(UserSession.user_id).where(
            UserSession.id == _digest(secret),
            UserSession.expires_at > now,
            UserSession.seen_at > now - IDLE,
        )
    )
    return _person(session, known)


def keep_alive(session: Session, secret: str, now: datetime) -> None:
    """Notes that the session is in use."""
    session.execute(
        update(UserSession).where(UserSession.id == _digest(secret)).values(seen_at=now)
    )


def create_token(session: Session, user_id: uuid.UUID, now: datetime) -> str:
    """A bearer token; it is shown once, only its hash is kept."""
    secret = secrets.token_urlsafe(32)
    session.add(ApiToken(sha256=_digest(secret), user_id=user_id, created_at=now))
    return secret


def person_of_token(session: Session, secret: str, now: datetime) -> Person | None:
    """Who calls with this token."""
    token = session.get(ApiToken, _digest(secret))
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    return person(session, token.user_id)


def person(session: Session, user_id: uuid.UUID) -> Person | None:
    """The person behind an active account, with all roles."""
    return _person(session, UserAccount.id == user_id)


def _person(session: Session, which: ColumnElement[bool]) -> Person | None:
    rows = session.execute(
        select(
            UserAccount.id,
            UserAccount.name,
            UserAccount.language,
            RoleAssignment.role,
            RoleAssignment.organisation_id,
        )
        .outerjoin(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
        .where(which, UserAccount.is_active)
    ).all()
    if not rows:
        return None
    grants = frozenset(Grant(row.role, row.organisation_id) for row in rows if row.role)
    return Person(rows[0].id, rows[0].name, rows[0].language, grants)


def account_of(session: Session, email: str) -> uuid.UUID | None:
    """The account with this address, active or not."""
    address = email.strip().lower()
    return session.scalars(select(UserAccount.id).where(UserAccount.email == address)).first()


def register(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    now: datetime,
    language: str = "de",
) -> uuid.UUID | None:
    """A new account; `None` where the address is taken."""
    if account_of(session, email) is not None:
        return None
    account = UserAccount(
        email=email.strip().lower(),
        name=name.strip(),
        password_hash=hash_password(password),
        language=language,
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account.id


def grant_role(
    session: Session,
    user_id: uuid.UUID,
    role: str,
    now: datetime,
    organisation_id: uuid.UUID | None = None,
    *,
    granted_by: uuid.UUID | None = None,
) -> bool:
    """Gives a role, everywhere or for one organisation; `False` where it is held already."""
    scope = RoleAssignment.organisation_id
    held = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.role == role,
        scope.is_(None) if organisation_id is None else scope == organisation_id,
    )
    if session.scalars(held).first() is not None:
        return False
    session.add(
        RoleAssignment(
            user_id=user_id,
            role=role,
            organisation_id=organisation_id,
            granted_at=now,
            granted_by=granted_by,
        )
    )
    session.flush()
    return True


def revoke_role(session: Session, user_id: uuid.UUID, assignment_id: uuid.UUID) -> str | None:
    """Takes a role of the person back at once; its name, or `None` where there is none."""
    taken = delete(RoleAssignment).where(
        RoleAssignment.id == assignment_id, RoleAssignment.user_id == user_id
    )
    return session.execute(taken.returning(RoleAssignment.role)).scalar()


def set_password(session: Session, user_id: uuid.UUID) -> str:
    """A new password, told once; every session of the person ends."""
    password = secrets.token_urlsafe(12)
    values = {"password_hash": hash_password(password)}
    session.execute(update(UserAccount).where(UserAccount.id == user_id).values(values))
    _end_sessions(session, user_id)
    return password


def set_active(session: Session, user_id: uuid.UUID, active: bool) -> None:
    """Lets a person in again, or locks the account and ends its sessions."""
    values = {"is_active": active}
    session.execute(update(UserAccount).where(UserAccount.id == user_id).values(values))
    if not active:
        _end_sessions(session, user_id)


def _end_sessions(session: Session, user_id: uuid.UUID, *conditions: ColumnElement[bool]) -> int:
    mine = delete(UserSession).where(UserSession.user_id == user_id, *conditions)
    return len(session.scalars(mine.returning(UserSession.id)).all())


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which a person is signed in; `is_this` marks the one that asks."""

    id: str
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def own_sessions(
    session: Session, user_id: uuid.UUID, secret: str, now: datetime
) -> list[OwnSession]:
    """Where a person is signed in now, the one that asks first, then the last used."""
    found = session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.expires_at > now,
            UserSession.seen_at > now - IDLE,
        )
        .order_by(UserSession.id != _digest(secret), UserSession.seen_at.desc(), UserSession.id)
    )
    return [
        OwnSession(
            row.id,
            row.data.get("device", ""),
            row.created_at,
            row.seen_at,
            row.id == _digest(secret),
        )
        for row in found
    ]


def end_session(session: Session, user_id: uuid.UUID, session_id: str) -> bool:
    """Ends one session of the person; `False` where it is none of theirs."""
    return _end_sessions(session, user_id, UserSession.id == session_id) > 0


def end_other_sessions(session: Session, user_id: uuid.UUID, secret: str) -> int:
    """Ends all sessions of the person but the one with this secret; returns how many."""
    return _end_sessions(session, user_id, UserSession.id != _digest(secret))


def change_password(session: Session, user_id: uuid.UUID, hashed: str, secret: str) -> None:
    """Takes the hash of a new password; whoever is signed in elsewhere no longer is."""
    account = session.get_one(UserAccount, user_id)
    account.password_hash = hashed
    end_other_sessions(session, user_id, secret)


def describe_self(session: Session, user_id: uuid.UUID, *, name: str, language: str) -> None:
    """Takes the name and the language by which a person wants to be addressed."""
    account = session.get_one(UserAccount, user_id)
    account.name, account.language = name, language
