"""In-kind support: hours of experts per skill and month, reserved, worked and given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from funding_app.engine import EffectContext, ProcessRow
from funding_app.engine.records import record, recorded
from funding_app.models import LabCapacity, LabHours

WARNED_AT = 80
"""Percent of the hours from which on the page warns."""


def _month(text: Any) -> date:
    return date.fromisoformat(str(text)).replace(day=1)


def hour_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """The free hours of the skill and month needed, and what is left of the project's own."""
    own = session.get(LabHours, process.id, populate_existing=True)
    data = recorded(session, process.id)
    skill, month = (own.skill, own.month) if own else (data.get("skill"), data.get("month"))
    free = None
    if skill and month:
        free = session.scalar(
            select(LabCapacity.hours - LabCapacity.reserved).where(
                LabCapacity.skill == skill, LabCapacity.month == _month(month)
            )
        )
    return {"capacity": free or 0, "hours_left": own.reserved - own.logged if own else 0}


def _take(context: EffectContext, skill: str, month: date, hours: int) -> None:
    """Takes hours of the lab, or refuses the whole command; a race is decided here."""
    free = LabCapacity.hours - LabCapacity.reserved
    taken = context.session.execute(
        update(LabCapacity)
        .where(LabCapacity.skill == skill, LabCapacity.month == month, free >= hours)
        .values(reserved=LabCapacity.reserved + hours)
        .returning(LabCapacity.skill)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        raise context.refuse("capacity_insufficient")


def reserve_hours(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the hours that the interview found are set aside."""
    data = recorded(context.session, context.process.id)
    skill, month, hours = data["skill"], _month(data["month"]), int(data["hours"])
    _take(context, skill, month, hours)
    context.session.add(
        LabHours(id=context.process.id, skill=skill, month=month, reserved=hours, logged=0)
    )
    context.session.flush()


def extend_hours(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: more hours of the same skill and month."""
    own = context.session.get_one(LabHours, context.process.id, populate_existing=True)
    more = int(context.data["more_hours"])
    _take(context, own.skill, own.month, more)
    own.reserved += more
    context.session.flush()


def log_hours(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: hours worked, on their day; the ledger stays with the process."""
    own = context.session.get_one(LabHours, context.process.id, populate_existing=True)
    own.logged += int(context.data["spent"])
    context.session.flush()
    entries = recorded(context.session, context.process.id).get("ledger", [])
    record(context, {"ledger": [*entries, dict(context.data)]})
    if own.logged * 100 >= own.reserved * WARNED_AT:
        context.notes["hours_warning"] = f"{own.logged} / {own.reserved}"


def release_hours(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: what was reserved and not worked is free again."""
    own = context.session.get(LabHours, context.process.id, populate_existing=True)
    if own is None or own.reserved == own.logged:
        return
    context.session.execute(
        update(LabCapacity)
        .where(LabCapacity.skill == own.skill, LabCapacity.month == own.month)
        .values(reserved=LabCapacity.reserved - (own.reserved - own.logged))
        .execution_options(synchronize_session=False)
    )
    own.reserved = own.logged
    context.session.flush()


FACTS = dict.fromkeys(("capacity", "hours_left"), hour_facts)
EFFECTS = {
    "reserve_hours": reserve_hours,
    "extend_hours": extend_hours,
    "log_hours": log_hours,
    "release_hours": release_hours,
}
