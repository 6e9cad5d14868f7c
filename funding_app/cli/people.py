"""`funding user` and `funding token`."""

from __future__ import annotations

import contextlib
import uuid
from datetime import UTC, datetime

import click
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from funding_app.access import SCOPED_ROLES
from funding_app.cli.context import opened, unusable, wrong
from funding_app.models import Organisation, UserAccount
from funding_app.services.people import accounts
from workflows.vocabulary import ROLES


@click.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--email", required=True, help="The address the person signs in with.")
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)), help="What it may do.")
@click.option("--scope", default="", help="The organisation for which the role is held.")
@click.option("--name", default="", help="The person's name; without one, the address.")
def user_create(email: str, role: str, scope: str, name: str) -> None:
    """Creates an account with a role; a password comes with 'funding user password'.

    An existing account gets the role as one more. Roles of applicants and ministries are held for
    one organisation: --scope names it by its name, its short name or its id.
    """
    if role in SCOPED_ROLES and not scope:
        unusable(f"the role {role} is held for an organisation: name it with --scope")
    now = datetime.now(UTC)
    with opened() as parts, parts.database.write() as session:
        organisation = _organisation(session, scope) if scope else None
        user_id = _account_of(session, email) or _new_account(session, email, name, now)
        accounts.grant_role(session, user_id, role, now, organisation)
    click.echo(f"{email} is {role}" + (f" for {scope}" if scope else ""))


@user.command("password")
@click.option("--email", required=True, help="Whose password it is.")
def user_password(email: str) -> None:
    """Sets a new password and prints it, once; every session of the person ends."""
    with opened() as parts, parts.database.write() as session:
        user_id = _account_of(session, email)
        if user_id is None:
            wrong(f"there is no account {email}")
        click.echo(accounts.set_password(session, user_id))


def _organisation(session: Session, scope: str) -> uuid.UUID:
    names = [Organisation.name_de == scope, Organisation.short_name == scope]
    with contextlib.suppress(ValueError):
        names.append(Organisation.id == uuid.UUID(scope))
    found = session.scalars(select(Organisation.id).where(or_(*names))).all()
    if len(found) != 1:
        unusable(f"{len(found) or 'no'} organisations are called '{scope}'")
    return found[0]


def _account_of(session: Session, email: str) -> uuid.UUID | None:
    address = func.lower(UserAccount.email) == email.strip().lower()
    return session.scalar(select(UserAccount.id).where(address))


def _new_account(session: Session, email: str, name: str, now: datetime) -> uuid.UUID:
    if "@" not in email:
        unusable(f"'{email}' is no e-mail address")
    account = UserAccount(email=email.strip().lower(), name=name or email, created_at=now)
    session.add(account)
    session.flush()
    return account.id


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--email", required=True, help="Whose token it is.")
def token_create(email: str) -> None:
    """Prints a new bearer token, once; only its hash is kept."""
    with opened() as parts, parts.database.write() as session:
        user_id = _account_of(session, email)
        if user_id is None:
            wrong(f"there is no account {email}")
        click.echo(accounts.create_token(session, user_id, datetime.now(UTC)))
