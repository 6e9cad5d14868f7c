"""Synthetic cases in bulk: set-based, in many states, every chain valid, from a fixed seed.

Cases are told by `demo.roads` as rows and written table by table. Left out are the issued letters
(no case stands where its next step needs one) and the tasks that are already done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from funding_app.demo import invented
from funding_app.demo.bulk.case_builder import PREFIX, Applicant, Case, Offer, Scene, Share
from funding_app.demo.bulk.direct_rows import Rows
from funding_app.demo.bulk.paths import GRANT_ROADS, MICRO_ROADS, Road, travel
from funding_app.demo.world.criteria import CRITERIA
from funding_app.demo.world.initiative import MINISTRIES, is_empty, lay_out
from funding_app.engine import Machinery
from funding_app.engine.storage import in_use
from funding_app.models import (
    BudgetLine,
    Call,
    CallShare,
    NumberSeries,
    Organisation,
    Programme,
    RoleAssignment,
    UserAccount,
    new_id,
)
from funding_app.models.database import Database

UNTIL = datetime(2026, 11, 15, 15, 0, tzinfo=UTC)
OPENED = datetime(2024, 12, 2, 8, 0, tzinfo=UTC)
LONGEST_AFTER = timedelta(days=120)
CASES_PER_CHUNK = 500
CASES_PER_CALL = 20_000
CASES_PER_APPLICANT = 12
MOST_APPLICANTS = 20_000
OWN_TITLES = ("1101 684 29", "1702 684 09", "1601 684 09")
"""Budget titles of their own, so that the money of other cases is not touched."""


def load_bulk(
    database: Database,
    machinery: Machinery,
    applications: int,
    *,
    seed: int = 2026,
    until: datetime = UNTIL,
    whole: bool = True,
    road: Road | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Adds that many synthetic applications, none of them later than `until`; returns the rows.

    Lays out the demo's world where the database is empty, and adds calls, applicants and budget of
    its own. Without `whole` answers and submissions are left out; with a `road` all are grants that
    go this one. `progress` is told how many
    applications are written.
    """
    with database.write() as session:
        if is_empty(session):
            lay_out(session)
        for definition in machinery.definitions.newest():
            in_use.keep(session, definition, until)
        scene = _scene(session, machinery, Random(seed), until, whole)
        offers = _offers(session, scene, applications)
        if road:
            offers = [offer for offer in offers if not offer.is_micro]
        applicants = _applicants(session, scene, applications)
    written = 0
    for first in range(0, applications, CASES_PER_CHUNK):
        last = min(first + CASES_PER_CHUNK, applications)
        for number in range(first, last):
            _tell(scene, offers[number % len(offers)], applicants, road)
        with database.write() as session:
            written += scene.rows.write(session)
            _book(session, scene)
            _keep_numbers(session, scene)
        progress(last)
    return written


def _tell(scene: Scene, offer: Offer, applicants: Sequence[Applicant], road: Road | None) -> None:
    road = road or _choose(scene.random, MICRO_ROADS if offer.is_micro else GRANT_ROADS)
    hours = road.days * 24 + scene.random.randrange(road.ago * 24)
    begin = scene.until - timedelta(hours=hours, minutes=scene.random.randrange(60))
    travel(Case(scene, offer, scene.random.choice(applicants), begin), road)


def _choose(random: Random, roads: Sequence[Road]) -> Road:
    return random.choices(roads, weights=[road.weight for road in roads])[0]


def _scene(
    session: Session, machinery: Machinery, random: Random, until: datetime, whole: bool
) -> Scene:
    people: dict[tuple[str, uuid.UUID | None], list[uuid.UUID]] = {}
    found = select(RoleAssignment.role, RoleAssignment.organisation_id, RoleAssignment.user_id)
    for role, organisation, user in session.execute(found.order_by(RoleAssignment.id)):
        people.setdefault((role, organisation), []).append(user)
    numbers = {
        int(row.key.removeprefix(f"{PREFIX}-")): row.last
        for row in session.execute(
            select(NumberSeries.key, NumberSeries.last).where(
                NumberSeries.key.startswith(f"{PREFIX}-")
            )
        )
    }
    return Scene(machinery.definitions, people, random, until, whole, numbers=numbers)


def _ministries(session: Session) -> list[uuid.UUID]:
    short_names = [facts["short_name"] for facts in MINISTRIES]
    rows = session.execute(
        select(Organisation.short_name, Organisation.id).where(
            Organisation.short_name.in_(short_names), Organisation.valid_to.is_(None)
        )
    )
    found = {row.short_name: row.id for row in rows}
    return [found[name] for name in short_names]


def _offers(session: Session, scene: Scene, applications: int) -> list[Offer]:
    """Calls of their own, a grant's and a micro-grant's in turn."""
    ministries = _ministries(session)
    programme = session.scalars(select(Programme.id).order_by(Programme.id)).first()
    lines = _lines(session, ministries, scene.until.year)
    before = session.scalar(select(func.count()).where(Call.ref.startswith("cc-runde-"))) or 0
    pairs = 1 + applications // (2 * CASES_PER_CALL)
    offers = []
    for number in range(before // 2 + 1, before // 2 + 1 + pairs):
        shares = [
            Share(ministry, facts["percent"], title, lines[ministry])
            for ministry, facts, title in zip(ministries, MINISTRIES, OWN_TITLES, strict=True)
        ]
        alone = [Share(ministries[0], 100, OWN_TITLES[0], lines[ministries[0]])]
        offers.append(_offer(session, programme, _grant_call(number, scene.until), shares))
        offers.append(_offer(session, programme, _micro_call(number), alone))
    return offers


def _grant_call(number: int, until: datetime) -> dict[str, Any]:
    return {
        "ref": f"cc-runde-{number}",
        "definition_key": "grant_case",
        "form_key": "grant_application",
        "title_de": f"Gemeinsam KI für das Gemeinwohl erproben, Runde {number}",
        "title_en": f"Trying out AI for the common good together, round {number}",
        "closes_at": until + LONGEST_AFTER,
        "minimum_amount": Decimal("50000.00"),
        "maximum_amount": Decimal("500000.00"),
        "financing_type": "pro_rata",
        "own_share_percent": 10,
        "minimum_reviews": 2,
        "criteria": list(CRITERIA),
        "reserve_until": date(until.year + 1, 12, 31),
    }


def _micro_call(number: int) -> dict[str, Any]:
    return {
        "ref": f"cc-runde-{number}-mikro",
        "definition_key": "micro_grant",
        "form_key": "micro_grant_application",
        "title_de": f"Mikroförderung, Runde {number}",
        "title_en": f"Micro-grants, round {number}",
        "minimum_amount": Decimal("500.00"),
        "maximum_amount": Decimal("5000.00"),
        "financing_type": "fixed_amount",
        "minimum_reviews": 0,
    }


def _offer(
    session: Session, programme: Any, values: dict[str, Any], shares: Sequence[Share]
) -> Offer:
    lead = shares[0].ministry
    call = Call(
        id=new_id(),
        programme_id=programme,
        opens_at=OPENED,
        is_published=True,
        form_version=1,
        lead_ministry_id=lead,
        authority_id=lead,
        **values,
    )
    session.add(call)
    session.flush()
    for position, share in enumerate(shares):
        session.add(
            CallShare(
                call_id=call.id,
                ministry_id=share.ministry,
                position=position,
                percent=share.percent,
                budget_title=share.title,
            )
        )
    return Offer(
        call.id,
        call.definition_key,
        (call.form_key, 1),
        call.financing_type,
        (call.minimum_amount, call.maximum_amount),
        shares,
        {item["key"]: Decimal(item["weight"]) for item in values.get("criteria", ())},
        call.closes_at,
    )


def _lines(
    session: Session, ministries: Sequence[uuid.UUID], year: int
) -> dict[uuid.UUID, dict[int, uuid.UUID]]:
    """The budget lines of the titles used here, added where they are missing."""
    found: dict[uuid.UUID, dict[int, uuid.UUID]] = {}
    for ministry, title in zip(ministries, OWN_TITLES, strict=True):
        known = select(BudgetLine.year, BudgetLine.id).where(
            BudgetLine.ministry_id == ministry, BudgetLine.title == title
        )
        found[ministry] = {row.year: row.id for row in session.execute(known)}
        for wanted in range(year - 2, year + 3):
            if wanted not in found[ministry]:
                found[ministry][wanted] = _add_line(session, ministry, title, wanted, year)
    return found


def _add_line(
    session: Session, ministry: uuid.UUID, title: str, wanted: int, now: int
) -> uuid.UUID:
    line = BudgetLine(
        id=new_id(),
        ministry_id=ministry,
        title=title,
        purpose="Zuschüsse weiterer Förderrunden",
        year=wanted,
        kind="appropriation" if wanted <= now else "commitment_authority",
        available=Decimal("1000000.00"),
    )
    session.add(line)
    return line.id


def _applicants(session: Session, scene: Scene, applications: int) -> list[Applicant]:
    rows, made = Rows(), []
    for _number in range(min(1 + applications // CASES_PER_APPLICANT, MOST_APPLICANTS)):
        applicant = Applicant(new_id(), new_id())
        _add_applicant(rows, scene.random, applicant)
        made.append(applicant)
    rows.write(session)
    return made


def _add_applicant(rows: Rows, random: Random, applicant: Applicant) -> None:
    name, legal_form, city = invented.organisation(random)
    rows.add(
        Organisation,
        id=applicant.organisation,
        kind="applicant",
        name_de=name,
        legal_form=legal_form,
        city=city,
    )
    rows.add(
        UserAccount,
        id=applicant.person,
        email=f"kontakt-{applicant.person.hex[-12:]}@verein.example",
        name=invented.person(random),
        created_at=OPENED,
    )
    rows.add(
        RoleAssignment,
        id=new_id(),
        user_id=applicant.person,
        role="applicant_signatory",
        organisation_id=applicant.organisation,
        granted_at=OPENED,
    )


COLUMNS = {"commit": BudgetLine.committed, "reserve": BudgetLine.reserved}


def _book(session: Session, scene: Scene) -> None:
    """Adds what was booked to the lines; what gets bound is made available as well."""
    booked, scene.booked = scene.booked, {}
    for (kind, line), amount in sorted(booked.items()):
        values = (
            {BudgetLine.disbursed: BudgetLine.disbursed + amount}
            if kind == "disburse"
            else {
                COLUMNS[kind]: COLUMNS[kind] + amount,
                BudgetLine.available: BudgetLine.available + amount,
            }
        )
        session.execute(
            update(BudgetLine)
            .where(BudgetLine.id == line)
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _keep_numbers(session: Session, scene: Scene) -> None:
    for year, last in scene.numbers.items():
        session.merge(NumberSeries(key=f"{PREFIX}-{year}", last=last))
