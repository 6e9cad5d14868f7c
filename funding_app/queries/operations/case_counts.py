"""How many cases of each definition are in which state."""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.access import Person, visible_to
from funding_app.models import Application, Process
from workflows import Registry
from workflows.definition import Definition

Place = tuple[str, int]
"""A definition's key and version."""


def running_by_state(session: Session) -> dict[Place, dict[str, int]]:
    """The number of processes by definition, version and state, without deleted drafts."""
    deleted = Process.handed_in_at.is_(None) & Process.organisation_id.is_(None)
    rows = session.execute(
        select(
            Process.definition_key,
            Process.definition_version,
            Process.state,
            func.count().label("processes"),
        )
        .where(~deleted)
        .group_by(Process.definition_key, Process.definition_version, Process.state)
    )
    found: dict[Place, dict[str, int]] = {}
    for row in rows:
        place = (row.definition_key, row.definition_version)
        found.setdefault(place, {})[row.state] = row.processes
    return found


def own_kinds(definitions: Registry, roles: Set[str]) -> list[Definition]:
    """What these roles may begin that belongs to no application."""
    return [
        one for one in definitions.newest() if one.stands_alone and roles & set(one.create_roles)
    ]


def root_procedures(session: Session, person: Person, limit: int = 200) -> Sequence[Process]:
    """Procedures without an application that the person may see, the last changed first."""
    return session.scalars(
        select(Process)
        .outerjoin(Application, Application.id == Process.id)
        .where(Process.is_root, Application.id.is_(None), visible_to(person))
        .order_by(Process.is_terminal, Process.updated_at.desc(), Process.id)
        .limit(limit)
    ).all()
