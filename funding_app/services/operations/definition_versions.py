"""Raising the running cases of a definition to another version: seen before, decided by two."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forms.parsing import has_strange_characters
from funding_app.engine import Machinery, Refused, outbox
from funding_app.engine.maintenance.versions import Raising, raise_version
from funding_app.models import Approval, Process, VersionChange
from workflows import Registry

log = structlog.get_logger()
PART = 200


class ChangeRefused(Exception):
    """A change of version that can not be; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Standing:
    """How many running cases stand in a state, whether the other version has it, and how many of
    them wait for a second person."""

    state: str
    count: int
    maps: bool
    proposals: int


def preview(
    session: Session, definitions: Registry, key: str, from_version: int, to_version: int
) -> list[Standing]:
    """What a change would meet, by state in the order of the definition."""
    known = definitions.get(key, to_version).states
    counted = _counted(session, key, from_version)
    proposed = _proposed(session, key, from_version)
    return [
        Standing(state, counted[state], state in known, proposed.get(state, 0))
        for state in definitions.get(key, from_version).states
        if state in counted
    ]


def _running(key: str, version: int) -> Any:
    return (
        (Process.definition_key == key)
        & (Process.definition_version == version)
        & ~Process.is_terminal
    )


def _counted(session: Session, key: str, version: int) -> dict[str, int]:
    found = select(Process.state, func.count()).where(_running(key, version))
    return {state: count for state, count in session.execute(found.group_by(Process.state))}


def _proposed(session: Session, key: str, version: int) -> dict[str, int]:
    """The running cases in each state that wait for a second person."""
    waiting = (
        select(Process.parent_id)
        .join(Approval, Approval.id == Process.id)
        .where(~Process.is_terminal)
    )
    found = select(Process.state, func.count()).where(
        _running(key, version), Process.id.in_(waiting)
    )
    return {state: count for state, count in session.execute(found.group_by(Process.state))}


def propose_change(
    session: Session,
    definitions: Registry,
    change: VersionChange,
) -> None:
    """Notes what one person wants; nothing happens before another confirms it.

    Raises `ChangeRefused` where a state has no place in the other version, the reason is missing
    or a change of the same cases is waiting.
    """
    if change.from_version == change.to_version:
        raise ChangeRefused("same_version")
    if not change.reason.strip():
        raise ChangeRefused("reason_missing")
    if has_strange_characters(change.reason):
        raise ChangeRefused("reason_unreadable")
    new = definitions.get(change.definition_key, change.to_version)
    met = preview(
        session, definitions, change.definition_key, change.from_version, change.to_version
    )
    if any(change.states.get(one.state, one.state) not in new.states for one in met):
        raise ChangeRefused("state_unknown")
    if waiting_changes(session, change.definition_key):
        raise ChangeRefused("already_proposed")
    session.add(change)


def waiting_changes(session: Session, key: str) -> list[VersionChange]:
    """The proposed changes of a definition that nobody has confirmed."""
    found = select(VersionChange).where(
        VersionChange.definition_key == key, VersionChange.confirmed_at.is_(None)
    )
    return list(session.scalars(found))


def confirm_change(
    session: Session, change_id: uuid.UUID, *, actor_id: uuid.UUID, now: datetime
) -> int:
    """A second person lets it happen: the cases are queued in parts; returns how many these are.

    Raises `ChangeRefused`.
    """
    change = session.get(VersionChange, change_id, with_for_update=True)
    if change is None or change.confirmed_at is not None:
        raise ChangeRefused("nothing_to_confirm")
    if change.proposed_by == actor_id:
        raise ChangeRefused("four_eyes_violation")
    change.confirmed_by, change.confirmed_at = actor_id, now
    found = select(Process.id).where(_running(change.definition_key, change.from_version))
    cases = session.scalars(found.order_by(Process.id)).all()
    for first in range(0, len(cases), PART):
        payload = {
            "change": str(change.id),
            "processes": [str(one) for one in cases[first : first + PART]],
        }
        key = f"version:{change.id}:{first}"
        outbox.deliver(session, "change_version", key, payload, now)
    return len(cases)


def withdraw_change(session: Session, change_id: uuid.UUID) -> None:
    """Takes a change back that nobody has confirmed. Raises `ChangeRefused`."""
    change = session.get(VersionChange, change_id, with_for_update=True)
    if change is None or change.confirmed_at is not None:
        raise ChangeRefused("nothing_to_confirm")
    session.delete(change)


def change_part(
    session: Session, machinery: Machinery, payload: Mapping[str, Any], now: datetime
) -> int:
    """Raises one queued part; what can not be raised stays on its version and is counted."""
    change = session.get_one(VersionChange, uuid.UUID(payload["change"]))
    if change.confirmed_by is None:
        raise ChangeRefused("nothing_to_confirm")
    raising = Raising(
        change.to_version, change.states, change.reason, change.proposed_by, change.confirmed_by
    )
    refused = 0
    for process_id in payload["processes"]:
        try:
            raise_version(session, machinery, uuid.UUID(process_id), raising, now)
        except Refused:
            refused += 1
    if refused:
        log.warning("version_kept", processes=refused)
    return len(payload["processes"]) - refused
