"""Loading the demo where there is nothing yet: cases in many states, told through the engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from funding_app.demo.meetings import tell_meetings
from funding_app.demo.programmes import tell_programmes
from funding_app.demo.runner import Story
from funding_app.demo.samples import add_samples
from funding_app.demo.scenarios import (
    CLOSED_CALL,
    ROADS,
    Tale,
    amount_for,
    begin_small,
    period,
    tell,
)
from funding_app.demo.texts import LEGAL_FORMS, Author, applicants, projects
from funding_app.demo.world.initiative import (
    LAB_HOURS,
    World,
    add_applicant,
    add_person,
    is_empty,
    lay_out,
)
from funding_app.demo.world.offers import offer
from funding_app.demo.world.reviewers import add_reviewers
from funding_app.engine.tasks import end_of_day
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace, workplace_of
from funding_app.models import Call, CallShare, LabCapacity, Organisation, UserAccount, new_id
from funding_app.services.operations.portal import Portal
from funding_app.services.people import accounts
from funding_app.web.filters import DEMO_PASSWORD

SEED = 20260102
AVAILABLE = Decimal("9000000.00")
COLLEAGUES = (
    ("editor2", "Frieda Muldental", "applicant_editor"),
    ("reader2", "Jannis Haferkorn", "applicant_reader"),
)
LEVELS = (4, 5, 3, 4, 2)


def _offers(session: Session, world: World, anchor: datetime) -> None:
    """The calls around the anchor: one that is over and one that is yet to open."""
    for call in session.scalars(select(Call)):
        call.opens_at = anchor - timedelta(days=330)
        if call.closes_at:
            call.closes_at = end_of_day(anchor.date() + timedelta(days=128))
    for capacity in session.scalars(select(LabCapacity)):
        session.delete(capacity)
    session.flush()
    for back in range(-2, 8):
        month = (anchor - timedelta(days=30 * back)).date().replace(day=1)
        for skill, hours in LAB_HOURS.items():
            session.merge(LabCapacity(skill=skill, month=month, hours=hours, reserved=0))
    calls = [session.get_one(Call, world.calls[key]) for key in ("grant_case", "micro_grant")]
    over = _copy(session, calls[0], ref="cc-auftakt", title_de="Auftaktrunde: KI vor Ort",
                 title_en="First round: AI on the spot",
                 closes_at=end_of_day(anchor.date() - timedelta(days=200)),
                 **offer("cc-auftakt"))  # fmt: skip
    _copy(session, calls[0], ref="cc-transfer", title_de="Transfer: Erprobtes weitergeben",
          title_en="Transfer: passing on what works", opens_at=anchor + timedelta(days=50),
          closes_at=end_of_day(anchor.date() + timedelta(days=150)),
          **offer("cc-transfer"))  # fmt: skip
    world.calls[CLOSED_CALL] = over


def _copy(session: Session, call: Call, **values: object) -> uuid.UUID:
    columns = [column.key for column in inspect(Call).columns]
    made = Call(**{key: getattr(call, key) for key in columns} | {"id": new_id()} | values)
    session.add(made)
    session.flush()
    for share in session.scalars(select(CallShare).where(CallShare.call_id == call.id)):
        keys = [column.key for column in inspect(CallShare).columns]
        session.add(CallShare(**{key: getattr(share, key) for key in keys} | {"call_id": made.id}))
    return made.id


def _prepare(session: Session, anchor: datetime) -> World:
    world = lay_out(session, available=AVAILABLE)
    add_reviewers(session, world)
    _offers(session, world, anchor)
    for number, facts in enumerate(applicants(), start=2):
        made = add_applicant(session, world, number, facts.name, facts.city)
        organisation = session.get_one(Organisation, made)
        organisation.legal_form = LEGAL_FORMS[facts.legal_form]
        organisation.register = facts.register
        organisation.street = facts.street
        organisation.postal_code = facts.postal_code
        account = session.get_one(UserAccount, world.people[f"applicant{number}"])
        account.name = facts.person
    password_hash = accounts.hash_password(DEMO_PASSWORD)
    session.execute(update(UserAccount).values(password_hash=password_hash))
    return world


def load_demo(parts: Portal, progress: Callable[[int, int], None] | None = None) -> World | None:
    """Loads the demo around the present day; `None` where something is there already.

    `progress` is told how many of how many cases are done.
    """
    anchor = parts.now()
    with parts.database.read() as session:
        if not is_empty(session):
            return None
    with parts.database.write() as session:
        world = _prepare(session, anchor)
    place = workplace_of(parts)
    try:
        for number in range(len(ROADS)):
            _tell(parts, world, place, anchor, number)
            if progress:
                progress(number + 1, len(ROADS))
        _tell_programmes(parts, world, place, anchor)
        with parts.database.write() as session:
            add_samples(session, world, anchor)
            _colleagues(session, world)
    finally:
        place.close()
    return world


def _colleagues(session: Session, world: World) -> None:
    """Who writes and who reads along in the second applicant's organisation."""
    organisation = world.organisations[1]
    password_hash = accounts.hash_password(DEMO_PASSWORD)
    for key, name, role in COLLEAGUES:
        add_person(session, world, key, name, {role: organisation}, password_hash)


def _tell_programmes(parts: Portal, world: World, place: Workplace, anchor: datetime) -> None:
    """The other programmes' cases and the panel's meetings, so many days before the anchor."""

    def issue(now: datetime) -> None:
        drain(place, now=lambda: now)

    def make(days: int, club: int) -> Story:
        start = anchor - timedelta(days=days)
        story = Story(
            parts.database, parts.machinery, world, start, issue, applicant=f"applicant{club + 1}"
        )
        story.organisation = club
        return story

    tell_programmes(make)
    tell_meetings(make(12, 1), anchor - timedelta(days=5))
    issue(anchor)


def _tell(parts: Portal, world: World, place: Workplace, anchor: datetime, number: int) -> None:
    """One case from its own seed, so that it stays the same when others are added."""
    begin, end, steps = ROADS[number]
    club = number % len(applicants())
    small = steps[0] is begin_small
    random = Random(SEED + number)
    dates = period(anchor.date(), begin, small=small, long=number % 3 == 0 and begin < 300)
    author = Author(random, applicants()[club], projects()[number], *dates)

    def issue(now: datetime) -> None:
        drain(place, now=lambda: now)

    start = anchor - timedelta(days=begin)
    key = f"applicant{club + 2}"
    story = Story(parts.database, parts.machinery, world, start, issue, applicant=key)
    story.organisation = club + 1
    tale = Tale(story, author, amount_for(random, small=small), LEVELS[number % len(LEVELS)])
    tell(tale, anchor, begin, end, steps)
    issue(story.now)
