"""Calls and funded projects, as the public sees them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from funding_app.models import Application, Call, CallShare, Organisation, Process, Programme


def open_calls(session: Session, now: datetime) -> Sequence[Call]:
    """Published calls under which one can apply now, the next to close first."""
    found = session.scalars(
        select(Call)
        .where(
            Call.is_published,
            Call.opens_at <= now,
            or_(Call.closes_at.is_(None), Call.closes_at > now),
        )
        .order_by(Call.closes_at.is_(None), Call.closes_at, Call.ref)
    ).all()
    return [call for call in found if not by_invitation(call)]


@dataclass(frozen=True, slots=True)
class CallsByTime:
    """Published calls by whether one can apply now."""

    open: Sequence[Call]
    upcoming: Sequence[Call]
    closed: Sequence[Call]


def calls_by_time(session: Session, now: datetime) -> CallsByTime:
    """All published calls: the next to close, the next to open, the last closed first."""
    published = session.scalars(
        select(Call)
        .where(Call.is_published)
        .order_by(Call.closes_at.is_(None), Call.closes_at, Call.ref)
    ).all()
    calls = [call for call in published if not by_invitation(call)]
    upcoming = [call for call in calls if call.opens_at > now]
    closed = [call for call in calls if call.closes_at and call.closes_at <= now]
    there = [call for call in calls if call not in upcoming and call not in closed]
    return CallsByTime(there, sorted(upcoming, key=lambda call: call.opens_at), closed[::-1])


def find_call(session: Session, ref: str) -> Call | None:
    """A published call by its reference."""
    return session.scalars(select(Call).where(Call.ref == ref, Call.is_published)).one_or_none()


def by_invitation(call: Call) -> bool:
    """Whether only those may apply whose outline was chosen under another call."""
    return bool(call.terms.get("by_invitation"))


def is_open(call: Call, now: datetime) -> bool:
    """Whether one can begin an application under the call now, without being invited."""
    return (
        not by_invitation(call)
        and call.opens_at <= now
        and (call.closes_at is None or call.closes_at > now)
    )


def all_refs(session: Session) -> Sequence[Any]:
    """Reference and titles of every call, for lists to choose from."""
    return session.execute(select(Call.ref, Call.title_de, Call.title_en).order_by(Call.ref)).all()


def call_names(session: Session) -> Sequence[Any]:
    """Id, titles and lead ministry of every call, for lists to choose from."""
    return session.execute(
        select(Call.id, Call.title_de, Call.title_en, Call.lead_ministry_id).order_by(Call.ref)
    ).all()


def programme_keys(session: Session) -> dict[uuid.UUID, str]:
    """The keys of all programmes by id."""
    return {row.id: row.key for row in session.execute(select(Programme.id, Programme.key))}


def programme_of(session: Session, call: Call) -> Programme:
    """The programme of a call."""
    return session.get_one(Programme, call.programme_id)


def funders_of(session: Session, call: Call) -> Sequence[Any]:
    """The ministries of a call with their shares, the lead first."""
    return session.execute(
        select(
            Organisation.name_de, Organisation.name_en, CallShare.percent, CallShare.budget_title
        )
        .join(Organisation, Organisation.id == CallShare.ministry_id)
        .where(CallShare.call_id == call.id)
        .order_by(CallShare.position)
    ).all()


def funded_projects(session: Session, limit: int = 200) -> Sequence[Any]:
    """Projects that are public, the latest decision first."""
    return session.execute(
        select(
            Process.reference,
            Process.title,
            Process.state,
            Application.granted,
            Application.decided_on,
            Application.summary,
            Application.period_start,
            Application.period_end,
            Organisation.name_de.label("recipient"),
            Organisation.city,
            Call.title_de.label("call"),
        )
        .join(Application, Application.id == Process.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.is_public)
        .order_by(Application.decided_on.desc(), Process.id)
        .limit(limit)
    ).all()


def totals_of_projects(session: Session) -> Any:
    """How many projects are public, with how much money (euro), by how many organisations."""
    return session.execute(
        select(
            func.count().label("count"),
            func.sum(Application.granted).label("granted"),
            func.count(Application.organisation_id.distinct()).label("recipients"),
        ).where(Application.is_public)
    ).one()


def every_call(session: Session) -> Sequence[Any]:
    """All calls, also unpublished ones, with how many applications came in; newest first."""
    received = (
        select(func.count(Application.id))
        .where(Application.call_id == Call.id, Application.submitted_at.is_not(None))
        .correlate(Call)
        .scalar_subquery()
    )
    found = select(Call, received.label("applications")).order_by(Call.opens_at.desc(), Call.ref)
    return session.execute(found).all()


def any_call(session: Session, ref: str) -> Call | None:
    """A call by its reference, published or not."""
    return session.scalars(select(Call).where(Call.ref == ref)).one_or_none()
