"""Calls and funded projects, as the public sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from funding_app.models import Application, Call, CallShare, Organisation, Process, Programme


def open_calls(session: Session, now: datetime) -> Sequence[Call]:
    """Published calls that are not over yet, the next to close first."""
    return session.scalars(
        select(Call)
        .where(Call.is_published, or_(Call.closes_at.is_(None), Call.closes_at > now))
        .order_by(Call.closes_at.is_(None), Call.closes_at, Call.ref)
    ).all()


def find_call(session: Session, ref: str) -> Call | None:
    """A published call by its reference."""
    return session.scalars(select(Call).where(Call.ref == ref, Call.is_published)).one_or_none()


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
