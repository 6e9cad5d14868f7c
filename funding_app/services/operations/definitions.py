"""Definitions in use, kept word for word: a released version never changes under a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

import workflows
from funding_app.engine.storage.in_use import DefinitionInUse
from funding_app.models import Process, StoredDefinition
from funding_app.models.database import Database
from funding_app.queries.calls.forms import known_forms
from workflows.lint import lint_all

Place: TypeAlias = tuple[str, int]
"""A definition's key and version."""


class DefinitionChanged(Exception):
    """Versions that are in use with other words; the text names them and says what to do."""

    def __init__(self, changed: Iterable[DefinitionInUse]) -> None:
        super().__init__("\n".join(map(str, changed)))


def adopt(database: Database, registry: workflows.Registry) -> None:
    """What every server and worker does first: checks the definitions, and loads older ones.

    Raises `workflows.DefinitionError` for what is wrong with one, and `DefinitionChanged` where a
    version is in use with other words.
    """
    with database.read() as session:
        problems = lint_all(registry, known_forms(session))
    if problems:
        raise workflows.DefinitionError(problems)
    check_unchanged(database, registry)
    load_older(database, registry)


def load_older(database: Database, registry: workflows.Registry) -> None:
    """Adds versions that processes run on and that are no longer shipped.

    Raises `workflows.DefinitionError` where a stored one can no longer be read.
    """
    with database.read() as session:
        for stored in _used_but_unknown(session, registry):
            name = f"{stored.key}@{stored.version} (stored)"
            registry.add(workflows.parse(stored.text, name), current=False)


def check_unchanged(database: Database, registry: workflows.Registry) -> None:
    """Raises `DefinitionChanged` where a version is in use with other words."""
    with database.read() as session:
        known = _checksums(session)
    changed = [
        DefinitionInUse(one, known[one.key, one.version])
        for one in registry.all()
        if known.get((one.key, one.version), one.sha256) != one.sha256
    ]
    if changed:
        raise DefinitionChanged(changed)


def _checksums(session: Session) -> dict[Place, str]:
    rows = session.execute(
        select(StoredDefinition.key, StoredDefinition.version, StoredDefinition.sha256)
    )
    return {(row.key, row.version): row.sha256 for row in rows}


def _used_but_unknown(session: Session, registry: workflows.Registry) -> list[StoredDefinition]:
    loaded = {(one.key, one.version) for one in registry.all()}
    runs_on_it = exists().where(
        Process.definition_key == StoredDefinition.key,
        Process.definition_version == StoredDefinition.version,
    )
    stored = session.scalars(select(StoredDefinition).where(runs_on_it))
    return [one for one in stored if (one.key, one.version) not in loaded]
