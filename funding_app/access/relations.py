"""Which of a person's roles hold on which process.

A role counts on a process only through its relation to it: an applicant's through the applying
organisation, a reviewer's through the assignment, a ministry's through the process's ministry,
an office's everywhere. The engine, the pages and the API all ask here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from funding_app.models import CallShare, Document, PanelItem, PanelRecusal, Process
from funding_app.models.types import tagged
from workflows.vocabulary import ROLES, Relation, roles_by
from workflows.vocabulary.tags import OWED, Record, Tag

APPLICANT_ROLES = roles_by(Relation.APPLICANT)
REVIEW_ROLES = roles_by(Relation.REVIEWER)
MINISTRY_ROLES = roles_by(Relation.MINISTRY)
OFFICE_ROLES = roles_by(Relation.OFFICE)
PANEL_ROLES = frozenset(role.id for role in ROLES.values() if role.panel)

SCOPED_ROLES = APPLICANT_ROLES | MINISTRY_ROLES
"""Roles that are held for one organisation; all others are held everywhere."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held everywhere (`organisation_id` is `None`) or for one organisation."""

    role: str
    organisation_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person with everything access is decided by."""

    id: uuid.UUID
    name: str
    language: str
    grants: frozenset[Grant]

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def organisations(self, roles: Iterable[str]) -> frozenset[uuid.UUID]:
        """The organisations for which one of the roles is held."""
        wanted = frozenset(roles)
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if grant.role in wanted and grant.organisation_id is not None
        )


class Related(Protocol):
    """What a process row says about the persons around it."""

    @property
    def organisation_id(self) -> uuid.UUID | None: ...
    @property
    def ministry_id(self) -> uuid.UUID | None: ...
    @property
    def assignee_id(self) -> uuid.UUID | None: ...


def _holds(grant: Grant, user_id: uuid.UUID, process: Related) -> bool:
    scope = grant.organisation_id
    declared = ROLES.get(grant.role)
    match declared.relation if declared else Relation.NOBODY:
        case Relation.APPLICANT:
            return scope is not None and scope == process.organisation_id
        case Relation.MINISTRY:
            return scope is not None and scope == process.ministry_id
        case Relation.REVIEWER:
            return process.assignee_id == user_id
        case Relation.OFFICE:
            return True
        case Relation.NOBODY:
            return False


def roles_on(grants: Iterable[Grant], user_id: uuid.UUID, process: Related) -> frozenset[str]:
    """The roles that count on this process."""
    return frozenset(grant.role for grant in grants if _holds(grant, user_id, process))


def visible_to(person: Person) -> ColumnElement[bool]:
    """Which processes the person may see, as a condition on `Process`.

    Applicants see their organisation's cases and what hangs on them but neither reviews nor
    co-signatures; ministries the cases of calls they share in; offices all. What was never handed
    in is seen by its applicants alone, also once it has ended.
    """
    arms: list[ColumnElement[bool]] = [Process.assignee_id == person.id]
    if own := person.organisations(APPLICANT_ROLES):
        arms.append(Process.organisation_id.in_(own) & ~tagged(Process.tags, Tag.INTERNAL))
    if ministries := person.organisations(MINISTRY_ROLES):
        share = aliased(CallShare)
        arms.append(
            exists(
                select(share.call_id).where(
                    share.call_id == Process.call_id, share.ministry_id.in_(ministries)
                )
            )
            & Process.handed_in_at.is_not(None)
            & ~tagged(Process.tags, Tag.DRAFT)
            & _not_judging(person)
            & _not_recused(person)
        )
    if person.roles & OFFICE_ROLES:
        arms.append(Process.handed_in_at.is_not(None) & _not_judging(person) & _not_recused(person))
    return or_(false(), *arms) if arms else false()


def _not_judging(person: Person) -> ColumnElement[bool]:
    """Who reviews a case sees it by no other role until the own review is handed in.

    So nothing of the other reviews is known before, and blind nothing of who applies.
    """
    if not person.roles & REVIEW_ROLES:
        return true()
    own = aliased(Process)
    return ~exists(
        select(own.id).where(
            own.root_id == Process.root_id,
            own.record == Record.REVIEW,
            own.assignee_id == person.id,
            tagged(own.tags, *OWED),
        )
    )


def _not_recused(person: Person) -> ColumnElement[bool]:
    """A panel's member who is recused in a case learns nothing of it by any other role."""
    if not person.roles & PANEL_ROLES:
        return true()
    return ~exists(
        select(PanelItem.id)
        .join(PanelRecusal, PanelRecusal.item_id == PanelItem.id)
        .where(
            PanelRecusal.user_id == person.id,
            PanelItem.application_id == Process.root_id,
        )
    )


def readable_by(person: Person) -> ColumnElement[bool]:
    """Which documents of a visible process the person may read, as a condition on `Document`.

    The minutes of a panel tell of every item: not to whoever had to leave the room for one.
    """
    if not person.roles & PANEL_ROLES:
        return true()
    left = exists(
        select(PanelItem.id)
        .join(PanelRecusal, PanelRecusal.item_id == PanelItem.id)
        .where(PanelRecusal.user_id == person.id, PanelItem.meeting_id == Document.process_id)
    )
    return ~left


EVERYTHING: ColumnElement[bool] = true()
