"""The statements of the way through: load and lock, change, children, roles."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from funding_app.access import Grant, roles_on
from funding_app.engine.command import UnknownProcess
from funding_app.engine.registry import OpenChild, ProcessRow
from funding_app.engine.storage.persist import change_process
from funding_app.engine.storage.prepared import Statement
from funding_app.models import Approval, Base, Process, RoleAssignment
from workflows.snapshot import Actor, Child

_process = cast(Table, Process.__table__)
_columns = [_process.c[name] for name in ProcessRow.__slots__]
_by_id = select(*_columns).where(_process.c.id == bindparam("process_id"))
_by_id_locked = Statement(_by_id.with_for_update())
_case_locked = Statement(_by_id.where(_process.c.is_root).with_for_update())
_root_of = Statement(
    select(_process.c.id)
    .where(
        _process.c.id
        == select(_process.c.root_id)
        .where(_process.c.id == bindparam("process_id"))
        .scalar_subquery()
    )
    .with_for_update()
)
_seen_by_guards = [
    _process.c[name] for name in ("id", "definition_key", "state", "is_terminal", "record")
]
_children = Statement(
    select(*_seen_by_guards).where(_process.c.parent_id == bindparam("process_id"))
)
_role = cast(Table, RoleAssignment.__table__)
_approval = cast(Table, Approval.__table__)
_open_children = Statement(
    select(
        _process.c.id,
        _process.c.definition_key,
        _process.c.definition_version,
        _process.c.state,
        _approval.c.event,
    )
    .outerjoin(_approval, _approval.c.id == _process.c.id)
    .where(_process.c.parent_id == bindparam("process_id"), ~_process.c.is_terminal)
    .order_by(_process.c.id)
)
_grants = Statement(
    select(_role.c.role, _role.c.organisation_id).where(_role.c.user_id == bindparam("user_id"))
)


def row_of(process: Process) -> ProcessRow:
    """A process that was read already, as the engine takes it."""
    return ProcessRow(*(getattr(process, name) for name in ProcessRow.__slots__))


def load(session: Session, process_id: uuid.UUID) -> ProcessRow:
    """The process as it stands, without a lock."""
    row = session.execute(_by_id, {"process_id": process_id}).one_or_none()
    if row is None:
        raise UnknownProcess(process_id)
    return ProcessRow(*row)


def lock(session: Session, process_id: uuid.UUID) -> ProcessRow:
    """Locks the root and then the process, so that guards over other rows of the case hold."""
    named = {"process_id": process_id}
    found = _case_locked.run(session, named)
    if not found:
        if not _root_of.run(session, named):
            raise UnknownProcess(process_id)
        found = _by_id_locked.run(session, named)
    return ProcessRow(*found[0])


def lock_cases(session: Session, process_ids: Sequence[uuid.UUID]) -> list[ProcessRow]:
    """Locks these cases, in the order of their ids; what is unknown or no root is left out."""
    wanted = (
        select(*_columns)
        .where(_process.c.id.in_(process_ids), _process.c.is_root)
        .order_by(_process.c.id)
        .with_for_update()
    )
    return [ProcessRow(*row) for row in session.connection().execute(wanted)]


def save(session: Session, process: ProcessRow, changes: dict[str, Any]) -> None:
    """Writes the changes to the locked row."""
    change_process(*changes).run(session, {"of": process.id, **changes})


def change_record(session: Session, model: type[Base], key: Any, changes: dict[str, Any]) -> None:
    """Changes columns of a record; a copy that the session holds reads them anew."""
    session.flush()
    change = _change_of(cast(Table, model.__table__), *changes)
    change.run(session, {"of": key, **changes})
    held = session.identity_map.get(identity_key(model, key))
    if held is not None:
        session.expire(held, list(changes))


@lru_cache(maxsize=64)
def _change_of(table: Table, *columns: str) -> Statement:
    (key,) = table.primary_key.columns
    return Statement(update(table).where(key == bindparam("of")), columns)


def children(session: Session, process_id: uuid.UUID) -> tuple[Child, ...]:
    """The child processes as guards see them, in order of their birth."""
    rows = _children.run(session, {"process_id": process_id})
    return tuple(Child(str(key), *seen) for key, *seen in sorted(rows, key=lambda row: row[0]))


def children_of_many(
    session: Session, process_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[Child, ...]]:
    """The child processes of each, in order of their birth."""
    found: dict[uuid.UUID, tuple[Child, ...]] = dict.fromkeys(process_ids, ())
    wanted = select(_process.c.parent_id, *_seen_by_guards).where(
        _process.c.parent_id.in_(process_ids)
    )
    for parent, *child in session.connection().execute(wanted.order_by(_process.c.id)):
        found[parent] = (*found[parent], Child(str(child[0]), *child[1:]))
    return found


def open_children(session: Session, process_id: uuid.UUID) -> list[OpenChild]:
    """The children that have not ended, oldest first."""
    session.flush()
    found = _open_children.run(session, {"process_id": process_id})
    return [OpenChild(*row) for row in found]


def grants(session: Session, user_id: uuid.UUID) -> list[Grant]:
    """The roles a person holds."""
    return [Grant(*row) for row in _grants.run(session, {"user_id": user_id})]


def actor_on(session: Session, user_id: uuid.UUID | None, process: ProcessRow) -> Actor:
    """The actor with the roles that count on this process; the system has none."""
    if user_id is None:
        return Actor(None)
    return actor_with(grants(session, user_id), user_id, process)


def actor_with(held: Sequence[Grant], user_id: uuid.UUID, process: ProcessRow) -> Actor:
    """A person with those of the held roles that count on this process."""
    return Actor(str(user_id), roles_on(held, user_id, process))
