"""Opening what a command works with, closing it again, and saying what came out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

import workflows
from forms import schema
from funding_app import migrate
from funding_app.models.database import Database
from funding_app.queries.calls.forms import known_forms
from funding_app.services import VocabularyMismatch
from funding_app.services.operations.definitions import load_older
from funding_app.services.operations.portal import Portal, build_portal
from funding_app.settings import Settings, SettingsError, load_settings
from source_text import SourceError

UNUSABLE = 2
WRONG = 1


def unusable(reason: str) -> NoReturn:
    """Ends the command: its arguments or its environment can not be used."""
    click.echo(reason, err=True)
    raise SystemExit(UNUSABLE)


def wrong(reason: str) -> NoReturn:
    """Ends the command: it has found something wrong."""
    click.echo(reason, err=True)
    raise SystemExit(WRONG)


def say(value: Any, as_json: bool, text: str) -> None:
    """Prints a fact for people or for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)


def settings_of_environment() -> Settings:
    """The settings; an unusable environment ends the command."""
    try:
        return load_settings()
    except SettingsError as error:
        unusable(str(error))


def forms_of(settings: Settings) -> set[str]:
    """The keys of all forms: the shipped ones, and those published in the database, if it answers.

    A file of SQLite that is not there is not made by looking.
    """
    file = make_url(settings.database).database
    if settings.database.startswith("sqlite") and not Path(file or "").exists():
        return set(schema.keys())
    database = Database(settings.database)
    try:
        if migrate.revision(database) != migrate.newest():
            return set(schema.keys())
        with database.read() as session:
            return known_forms(session)
    except SQLAlchemyError:
        return set(schema.keys())
    finally:
        database.dispose()


@contextmanager
def parts_opened() -> Iterator[Portal]:
    """The portal's parts, whatever the database's schema; closed at the end."""
    try:
        parts = build_portal(settings_of_environment())
    except (OSError, SourceError, VocabularyMismatch) as error:
        unusable(str(error))
    try:
        yield parts
    except OperationalError as error:
        unusable(f"the database does not answer: {_first_line(error)}")
    finally:
        parts.database.dispose()


@contextmanager
def opened() -> Iterator[Portal]:
    """The portal's parts over a database with the newest schema; closed at the end."""
    with parts_opened() as parts:
        found = migrate.revision(parts.database)
        if found != migrate.newest():
            there = f"has schema {found}" if found else "is empty"
            unusable(f"the database {there}, {migrate.newest()} is needed: run 'funding migrate'")
        try:
            load_older(parts.database, parts.machinery.definitions)
        except workflows.DefinitionError as error:
            unusable(str(error))
        yield parts


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0]
