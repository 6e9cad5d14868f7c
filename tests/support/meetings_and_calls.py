"""A meeting without an agenda, a call that nobody knows, an authority one objects to."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy.orm import Session

from funding_app.demo.runner import Story
from funding_app.models import Call, Organisation, PanelMeeting, PanelSeat, new_id
from funding_app.rules.voting import VotingRules


def seat(session: Session, story: Story, meeting_id: uuid.UUID) -> None:
    """A meeting with nothing on its agenda, at which three voting members are there."""
    call_id = story.world.calls["grant_case"]
    session.add(
        PanelMeeting(
            id=meeting_id, call_id=call_id, starts_at=story.now, place="Saal",
            is_online=False, rules=VotingRules().as_json(),
        )
    )  # fmt: skip
    session.flush()
    session.add_all(
        PanelSeat(
            meeting_id=meeting_id, user_id=story.world.people[who], may_vote=True,
            is_chair=who == "panel", is_present=True,
        )
        for who in ("panel", "member", "member2")
    )  # fmt: skip


def new_call(session: Session, story: Story) -> uuid.UUID:
    """A call like the one of outlines, open for some days, not published."""
    model = session.get_one(Call, story.world.calls["sketch"])
    values = {
        column.name: getattr(model, column.name)
        for column in Call.__table__.columns
        if column.name not in ("id", "ref", "closes_at", "opens_at", "is_published")
    }
    call = Call(
        id=new_id(), ref=f"test-{new_id().hex}", is_published=False,
        opens_at=story.now + timedelta(days=3),
        closes_at=story.now + timedelta(days=9), **values,
    )  # fmt: skip
    session.add(call)
    session.flush()
    return call.id


def entrusted_agency(session: Session, call_id: uuid.UUID) -> None:
    """Gives a call to an authority whose decisions are objected to."""
    agency = Organisation(
        id=new_id(), kind="managing_agency", short_name="PT", name_de="Projektträger",
        city="Berlin",
        issuer="entrusted_agency", court="Verwaltungsgericht Berlin", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    session.add(agency)
    session.flush()
    session.get_one(Call, call_id).authority_id = agency.id
