"""What can be done for many cases of a call at once, and what is still under way."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from funding_app.models import OutboxMessage, Process
from workflows import Registry
from workflows.definition import State, Transition


@dataclass(frozen=True, slots=True)
class Offer:
    """An event that a person may bring about for all cases in a state."""

    definition_key: str
    state: State
    arrow: Transition
    count: int


def offered(
    session: Session,
    definitions: Registry,
    call_id: uuid.UUID,
    roles: Collection[str],
    now: datetime,
) -> list[Offer]:
    """The events for many that these roles allow, with how many cases stand there.

    An event that asks something of each case, or needs a second person, is done case by case.
    What was not handed in counts from the end of its limit: before, nobody knows how much it is.
    """
    seen = or_(Process.handed_in_at.is_not(None), Process.due_at <= now)
    counted = (
        select(Process.definition_key, Process.definition_version, Process.state, func.count())
        .where(Process.call_id == call_id, Process.is_root, ~Process.is_terminal, seen)
        .group_by(Process.definition_key, Process.definition_version, Process.state)
    )
    return [
        offer
        for key, version, state, count in session.execute(counted)
        for offer in _offers(definitions, key, version, state, count, roles)
    ]


def _offers(
    definitions: Registry, key: str, version: int, state: str, count: int, roles: Collection[str]
) -> Iterator[Offer]:
    definition = definitions.get(key, version)
    if definition.record != "application":
        return
    for arrow in definition.arrows_from(state):
        if is_for_many(arrow) and set(arrow.roles) & set(roles):
            yield Offer(key, definition.states[state], arrow, count)


def is_for_many(arrow: Transition) -> bool:
    """Whether an event asks nothing that differs from case to case."""
    asks = any(spec.get("required") for spec in arrow.fields)
    return arrow.by == "person" and not arrow.second and not asks and arrow.target != arrow.source


def under_way(session: Session, key: str) -> int:
    """How many queued parts whose names begin so are not done yet."""
    found = select(func.count()).where(
        OutboxMessage.dedup_key.startswith(key, autoescape=True), OutboxMessage.state != "done"
    )
    return session.scalar(found) or 0
