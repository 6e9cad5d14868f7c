"""Exclusions from items of a panel's meeting: which can be lifted, are asked about, were lifted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from forms.schema import Choice
from funding_app.models import (
    Approval,
    PanelItem,
    PanelLiftedRecusal,
    PanelRecusal,
    Process,
    UserAccount,
)
from workflows.vocabulary.tags import Tag

LIFT = "lift_recusal"


@dataclass(frozen=True, slots=True)
class Asked:
    """A lifting that waits for a second person: who asked, why, and the approval it waits in."""

    approval_id: uuid.UUID
    named: str
    proposer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """An exclusion that was lifted, with the names of those concerned and of who acted."""

    row: PanelLiftedRecusal
    member: str
    asked_by: str
    confirmed_by: str


def name_of(item_id: uuid.UUID, user_id: uuid.UUID) -> str:
    """How an event of the meeting names an exclusion."""
    return f"{item_id}:{user_id}"


def may_end(recusal: PanelRecusal, tags: frozenset[str]) -> bool:
    """Whether two persons can lift an exclusion from an open item while its meeting has these tags.

    Before the session opens a member's own declaration is the member's alone to take back.
    """
    own = recusal.recorded_by == recusal.user_id
    return Tag.IN_SESSION in tags or (Tag.PREPARED in tags and not own)


def liftable(session: Session, meeting_id: uuid.UUID, tags: frozenset[str]) -> Sequence[str]:
    """The exclusions that can be lifted now, by name; none from an item that is decided."""
    found = session.scalars(
        select(PanelRecusal)
        .join(PanelItem, PanelItem.id == PanelRecusal.item_id)
        .where(PanelItem.meeting_id == meeting_id, PanelItem.outcome.is_(None))
        .order_by(PanelItem.position, PanelItem.id, PanelRecusal.user_id)
        .execution_options(populate_existing=True)
    )
    return [name_of(each.item_id, each.user_id) for each in found if may_end(each, tags)]


def recusal_choices(session: Session, meeting_id: uuid.UUID) -> tuple[Choice, ...]:
    """The meeting's exclusions to choose from, those already lifted among them."""
    found: dict[str, str] = {}
    for model in (PanelRecusal, PanelLiftedRecusal):
        rows = session.execute(
            select(model.item_id, model.user_id, UserAccount.name, Process.reference)
            .join(PanelItem, PanelItem.id == model.item_id)
            .join(Process, Process.id == PanelItem.application_id)
            .join(UserAccount, UserAccount.id == model.user_id)
            .where(PanelItem.meeting_id == meeting_id)
            .order_by(PanelItem.position, UserAccount.name)
        )
        found |= {name_of(item, user): f"{name}, {ref}" for item, user, name, ref in rows}
    return tuple(Choice(named, {"de": words, "en": words}) for named, words in found.items())


def asked(session: Session, meeting_id: uuid.UUID) -> Asked | None:
    """What waits for a second person; an event is proposed once at a time."""
    row = session.execute(
        select(Approval, UserAccount.name)
        .join(Process, Process.id == Approval.id)
        .join(UserAccount, UserAccount.id == Approval.proposer_id)
        .where(Process.parent_id == meeting_id, Approval.event == LIFT, ~Process.is_terminal)
    ).first()
    if row is None:
        return None
    payload: Mapping[str, Any] = row.Approval.payload
    return Asked(row.Approval.id, payload["data"]["recusal"], row.name, payload["reason"])


def asked_at(session: Session, meeting_id: uuid.UUID) -> datetime:
    """When the lifting that waits was asked for."""
    return session.scalars(
        select(Process.created_at)
        .join(Approval, Approval.id == Process.id)
        .where(Process.parent_id == meeting_id, Approval.event == LIFT, ~Process.is_terminal)
    ).one()


def lifted_of(session: Session, meeting_id: uuid.UUID) -> dict[uuid.UUID, list[Lifted]]:
    """What was lifted, by item, in the order in which it happened."""
    asking, confirming = aliased(UserAccount), aliased(UserAccount)
    rows = session.execute(
        select(PanelLiftedRecusal, UserAccount.name, asking.name, confirming.name)
        .join(PanelItem, PanelItem.id == PanelLiftedRecusal.item_id)
        .join(UserAccount, UserAccount.id == PanelLiftedRecusal.user_id)
        .join(asking, asking.id == PanelLiftedRecusal.asked_by)
        .join(confirming, confirming.id == PanelLiftedRecusal.confirmed_by)
        .where(PanelItem.meeting_id == meeting_id)
        .order_by(PanelLiftedRecusal.confirmed_at, PanelLiftedRecusal.id)
    )
    found: dict[uuid.UUID, list[Lifted]] = {}
    for row, member, asker, second in rows:
        found.setdefault(row.item_id, []).append(Lifted(row, member, asker, second))
    return found
