"""Organisations, people, their roles, sessions and tokens."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, UtcDateTime

ORGANISATION_KINDS = ("ministry", "joint_office", "managing_agency", "applicant")


class Organisation(Base):
    """A ministry, office, agency or applicant under one name; a renamed one has a successor.

    `seat_region` is the ISO 3166-2 region whose holidays count; `issuer` says which remedy its
    decisions have (`rules.notices.remedy`).
    """

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint(f"kind IN {ORGANISATION_KINDS}", name="kind"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    name_de: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    legal_form: Mapped[str] = mapped_column(default="")
    register: Mapped[str] = mapped_column(default="")
    identifier: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    email_domain: Mapped[str] = mapped_column(default="")
    court: Mapped[str] = mapped_column(default="")
    seat_region: Mapped[str] = mapped_column(default="DE-BE")
    issuer: Mapped[str] = mapped_column(default="supreme_authority")


class UserAccount(Base):
    """A person who signs in. One person, one account: four eyes count persons."""

    __tablename__ = "user_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="de")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoleAssignment(Base):
    """A role of a person, everywhere or for one organisation (ministry or applicant)."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "organisation_id"),
        Index(
            "uq_role_assignment_everywhere",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[uuid.UUID | None]


class UserSession(Base):
    """A signed-in browser, or one on the way there. The cookie holds only the secret of `id`."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_expires_at", "expires_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A bearer token; only its SHA-256 is kept."""

    __tablename__ = "api_token"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FailedSignIn(Base):
    """An attempt to sign in that failed, by hashes of what was typed and where it came from."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_address", "address", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Invitation(Base):
    """One person asked to join an organisation with a role: used once, within its time."""

    __tablename__ = "invitation"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str]
    invited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
