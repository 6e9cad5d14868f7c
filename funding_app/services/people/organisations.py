"""Organisations, programmes and the first call of a programme."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import schema
from funding_app.models import Call, CallShare, Organisation, Programme, new_id
from funding_app.services.operations.clock import local_day

ZONE = ZoneInfo("Europe/Berlin")
TEXTS = "kind name_de name_en short_name street postal_code city email seat_region issuer court"


class Taken(Exception):
    """A key or reference that another one has already."""


class WrongOrder(Exception):
    """A last day before the first, or an organisation that is its own successor."""


def write_organisation(
    session: Session, answers: Mapping[str, Any], organisation_id: uuid.UUID | None = None
) -> Organisation:
    """Creates an organisation, or changes one. Raises `WrongOrder`."""
    valid_from, valid_to = _day(answers.get("valid_from")), _day(answers.get("valid_to"))
    successor = uuid.UUID(answers["successor"]) if answers.get("successor") else None
    if valid_from and valid_to and valid_to < valid_from:
        raise WrongOrder
    if successor is not None and successor == organisation_id:
        raise WrongOrder
    if organisation_id is None:
        found = Organisation(id=new_id())
        session.add(found)
    else:
        found = session.get_one(Organisation, organisation_id)
    for name in TEXTS.split():
        setattr(found, name, answers.get(name) or "")
    found.valid_from, found.valid_to, found.successor_id = valid_from, valid_to, successor
    session.flush()
    return found


def answers_of_organisation(found: Organisation) -> dict[str, Any]:
    """The organisation as answers of the form `organisation`."""
    return {
        **{name: getattr(found, name) for name in TEXTS.split()},
        "valid_from": found.valid_from.isoformat() if found.valid_from else None,
        "valid_to": found.valid_to.isoformat() if found.valid_to else None,
        "successor": str(found.successor_id) if found.successor_id else "",
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def create_programme(session: Session, answers: Mapping[str, Any]) -> Programme:
    """Creates a programme. Raises `Taken`."""
    known = select(Programme.id).where(Programme.key == answers["key"])
    if session.scalars(known).first() is not None:
        raise Taken
    programme = Programme(
        key=answers["key"],
        title_de=answers["title_de"],
        title_en=answers["title_en"],
        guideline=answers.get("guideline") or "",
        lead_ministry_id=uuid.UUID(answers["lead"]),
    )
    session.add(programme)
    session.flush()
    return programme


def create_call(session: Session, answers: Mapping[str, Any], form_key: str, now: datetime) -> Call:
    """An unpublished call of a programme, to be filled in. Raises `Taken`.

    It opens next month, the lead ministry bears all of it, and it gives nothing yet.
    """
    known = select(Call.id).where(Call.ref == answers["new_ref"])
    if session.scalars(known).first() is not None:
        raise Taken
    programme = session.get_one(Programme, uuid.UUID(answers["programme"]))
    opens_on = (local_day(now).replace(day=1) + timedelta(days=32)).replace(day=1)
    call = Call(
        id=new_id(),
        ref=answers["new_ref"],
        programme_id=programme.id,
        definition_key=answers["definition"],
        form_key=form_key,
        form_version=schema.get(form_key).version,
        title_de=programme.title_de,
        title_en=programme.title_en,
        opens_at=datetime.combine(opens_on, time(), ZONE),
        maximum_amount=Decimal(0),
        minimum_reviews=0,
        financing_type=answers["financing"],
        lead_ministry_id=programme.lead_ministry_id,
        authority_id=uuid.UUID(answers["authority"]),
    )
    session.add(call)
    session.flush()
    session.add(
        CallShare(
            call_id=call.id,
            ministry_id=programme.lead_ministry_id,
            position=0,
            percent=100,
            budget_title="",
        )
    )
    return call
