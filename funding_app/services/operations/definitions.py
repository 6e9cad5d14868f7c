"""Definitions in use, kept word for word: a released version never changes under a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import workflows
from funding_app.models import Process, StoredDefinition
from funding_app.models.database import Database
from workflows.definition import Definition
from workflows.lint import lint_all

Place: TypeAlias = tuple[str, int]
"""A definition's key and version."""


class DefinitionChanged(Exception):
    """A version that is in use with other words; the text names both and says what to do."""

    def __init__(self, changed: Iterable[tuple[Definition, str]]) -> None:
        super().__init__("\n".join(_difference(now, stored) for now, stored in changed))


def _difference(now: Definition, stored: str) -> str:
    return (
        f"{now.path}: {now.key} version {now.version} has changed since it was first used "
        f"(in use: SHA-256 {stored}, now: {now.sha256}); put the old text back, or release the "
        f"change as version {now.version + 1}"
    )


def adopt(database: Database, registry: workflows.Registry, now: datetime) -> None:
    """What every server and worker does first: lint, store new definitions, load older ones.

    Raises `workflows.DefinitionError` for what the lint finds, and `DefinitionChanged` where a
    version is in use with other words.
    """
    if problems := lint_all(registry):
        raise workflows.DefinitionError(problems)
    try:
        _store_new(database, registry, now)
    except IntegrityError:  # another server or worker was starting too, and was quicker
        _store_new(database, registry, now)
    load_older(database, registry)


def load_older(database: Database, registry: workflows.Registry) -> None:
    """Adds versions that processes run on and that are no longer shipped.

    Raises `workflows.DefinitionError` where a stored one can no longer be read.
    """
    with database.read() as session:
        for stored in _used_but_unknown(session, registry):
            name = f"{stored.key}@{stored.version} (stored)"
            registry.add(workflows.parse(stored.text, name), current=False)


def check_unchanged(database: Database, registry: workflows.Registry) -> dict[Place, str]:
    """The checksums of all stored versions. Raises `DefinitionChanged`."""
    with database.read() as session:
        known = _checksums(session)
    changed = [
        (one, known[one.key, one.version])
        for one in registry.all()
        if known.get((one.key, one.version), one.sha256) != one.sha256
    ]
    if changed:
        raise DefinitionChanged(changed)
    return known


def _store_new(database: Database, registry: workflows.Registry, now: datetime) -> None:
    known = check_unchanged(database, registry)
    new = [one for one in registry.all() if (one.key, one.version) not in known]
    if new:
        with database.write() as session:
            session.execute(insert(StoredDefinition), [_row(one, now) for one in new])


def _checksums(session: Session) -> dict[Place, str]:
    rows = session.execute(
        select(StoredDefinition.key, StoredDefinition.version, StoredDefinition.sha256)
    )
    return {(row.key, row.version): row.sha256 for row in rows}


def _row(definition: Definition, now: datetime) -> dict[str, object]:
    return {
        "key": definition.key,
        "version": definition.version,
        "sha256": definition.sha256,
        "text": definition.text,
        "stored_at": now,
    }


def _used_but_unknown(session: Session, registry: workflows.Registry) -> list[StoredDefinition]:
    loaded = {(one.key, one.version) for one in registry.all()}
    runs_on_it = exists().where(
        Process.definition_key == StoredDefinition.key,
        Process.definition_version == StoredDefinition.version,
    )
    stored = session.scalars(select(StoredDefinition).where(runs_on_it))
    return [one for one in stored if (one.key, one.version) not in loaded]
