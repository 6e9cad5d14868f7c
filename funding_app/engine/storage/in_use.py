"""Definitions in use, kept word for word from their first process on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.models import StoredDefinition
from funding_app.models.database import upsert
from workflows.definition import Definition


class DefinitionInUse(Exception):
    """A version runs with other words than this server has read."""

    def __init__(self, definition: Definition, stored: str) -> None:
        super().__init__(
            f"{definition.path}: {definition.key} version {definition.version} has changed since "
            f"it was first used (in use: SHA-256 {stored}, now: {definition.sha256}); put the old "
            f"text back, or release the change as version {definition.version + 1}"
        )


def keep(session: Session, definition: Definition, when: datetime) -> None:
    """Keeps the text on which a process is to run. Raises `DefinitionInUse`."""
    row = upsert(session, StoredDefinition).values(
        key=definition.key,
        version=definition.version,
        sha256=definition.sha256,
        text=definition.text,
        stored_at=when,
    )
    stored = _stored(session, definition)
    if stored is None:
        session.execute(row.on_conflict_do_nothing())
        stored = _stored(session, definition)
    if stored != definition.sha256:
        raise DefinitionInUse(definition, str(stored))


def _stored(session: Session, definition: Definition) -> str | None:
    return session.scalar(
        select(StoredDefinition.sha256).where(
            StoredDefinition.key == definition.key,
            StoredDefinition.version == definition.version,
        )
    )
