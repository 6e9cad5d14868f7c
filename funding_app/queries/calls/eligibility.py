"""Whom a call is for: what it states, completed by what else it says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from funding_app.models import Call
from funding_app.queries.calls.calls import by_invitation
from funding_app.rules.eligibility import GERMANY, MONEY, POSSIBLE, SUPPORT, Eligibility

IN_KIND = SUPPORT - {MONEY}


def stated(call: Call) -> dict[str, Any]:
    """What the call states, by the fields of its form.

    A call that states nothing is for everyone with a seat in Germany. One with money is a grant,
    which excludes what has begun (Nr. 1.3 VV zu § 44 BHO); one without gives every other support.
    """
    has_money = bool(call.maximum_amount)
    usual = {
        "applicants": [],
        "seat": GERMANY,
        "regions": [],
        "topics": [],
        "in_kind": [] if has_money else sorted(IN_KIND),
        "partners": POSSIBLE,
        "begun_excluded": has_money,
    }
    return {name: call.eligibility.get(name, value) for name, value in usual.items()}


def eligibility_of(call: Call, now: datetime) -> Eligibility:
    """What the call asks, as plain values."""
    own = stated(call)
    money = {MONEY} if call.maximum_amount else set()
    return Eligibility(
        applicants=frozenset(own["applicants"]),
        seat=own["seat"],
        regions=frozenset(own["regions"]),
        topics=frozenset(own["topics"]),
        support=frozenset({*own["in_kind"], *money}),
        least=call.minimum_amount or Decimal(0),
        most=call.maximum_amount or Decimal(0),
        own_share_percent=call.own_share_percent,
        partners=own["partners"],
        begun_excluded=own["begun_excluded"],
        by_invitation=by_invitation(call),
        is_open=call.opens_at <= now,
    )


def offers(session: Session, now: datetime) -> Sequence[Call]:
    """Published calls that are not over, also those yet to open and those by invitation."""
    return session.scalars(
        select(Call)
        .where(Call.is_published, or_(Call.closes_at.is_(None), Call.closes_at > now))
        .order_by(Call.closes_at.is_(None), Call.closes_at, Call.ref)
    ).all()
