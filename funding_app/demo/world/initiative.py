"""The initiative with its ministries, people, calls and money. Every person is invented."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.demo.world.criteria import CRITERIA
from funding_app.demo.world.offers import offer
from funding_app.models import (
    BudgetLine,
    Call,
    CallShare,
    LabCapacity,
    Organisation,
    Programme,
    RoleAssignment,
    UserAccount,
    new_id,
)

FOUNDED = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
OPENED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 3, 31, 22, 0, tzinfo=UTC)
YEARS = (2026, 2027, 2028)

MINISTRIES: tuple[dict[str, Any], ...] = (
    {
        "short_name": "BMAS",
        "name_de": "Bundesministerium für Arbeit und Soziales",
        "name_en": "Federal Ministry of Labour and Social Affairs",
        "title": "1101 684 21",
        "percent": 60,
        "court": "Verwaltungsgericht Berlin",
    },
    {
        "short_name": "BMBFSFJ",
        "name_de": "Bundesministerium für Bildung, Familie, Senioren, Frauen und Jugend",
        "name_en": "Federal Ministry for Education, Family Affairs, Senior Citizens, "
        "Women and Youth",
        "title": "1702 684 01",
        "percent": 25,
        "court": "Verwaltungsgericht Berlin",
    },
    {
        "short_name": "BMUKN",
        "name_de": "Bundesministerium für Umwelt, Klimaschutz, Naturschutz und nukleare Sicherheit",
        "name_en": "Federal Ministry for the Environment, Climate Action, Nature Conservation "
        "and Nuclear Safety",
        "title": "1601 684 05",
        "percent": 15,
        "court": "Verwaltungsgericht Köln",
    },
)
FORMER = (
    ("BMFSFJ", "Bundesministerium für Familie, Senioren, Frauen und Jugend", 1),
    ("BMUV", "Bundesministerium für Umwelt, Naturschutz, nukleare Sicherheit und "
     "Verbraucherschutz", 2),
)  # fmt: skip
RENAMED_ON = date(2025, 5, 6)

OFFICE = {
    "office": ("Jule Pappelheim", ("office_clerk", "publisher")),
    "officer": ("Sabine Lindental", ("case_officer",)),
    "approver": ("Anton Kranichfeld", ("approver",)),
    "panel": ("Prof. Dr. Vera Ostermoor", ("panel_chair",)),
    "publisher": ("Ylva Kornblume", ("publisher",)),
    "member": ("Kasimir Wacholder", ("panel_member",)),
    "member2": ("Dr. Enno Birkwald", ("panel_member",)),
    "member3": ("Thea Sonnengrund", ("panel_member",)),
    "commissioner": ("Hedda Steinbrink", ("budget_commissioner",)),
    "mentor": ("Levin Farnkraut", ("mentor",)),
    "dpo": ("Runa Silberdistel", ("dpo",)),
    "certifier": ("Fiete Schilfmeer", ("certifier",)),
    "authoriser": ("Ada Rabenstieg", ("payment_authoriser",)),
    "auditor": ("Piet Iltisbach", ("auditor",)),
    "admin": ("Toni Weidenhof", ("tech_admin",)),
    "reviewer1": ("Dr. Rita Eschenried", ("reviewer",)),
    "reviewer2": ("Dr. Ralf Dornkamp", ("reviewer",)),
    "reviewer3": ("Prof. Dr. Rosa Nebelhorst", ("reviewer",)),
}
MINISTRY_PEOPLE = (
    ("Hakan Moosbrink", "Greta Quellgrund", "Dr. Ida Tannwald"),
    ("Femke Uferlos", "Oskar Grünstein", "Dr. Karim Haselweg"),
    ("Smilla Ackerbaum", "Theo Jordansee", "Dr. Wanda Fichtenau"),
)
MINISTRY_ROLES = ("ministry_expert", "budget_officer", "ministry_signatory")


LAB_HOURS = {"Maschinelles Lernen": 120, "Datenaufbereitung": 80}
NO_MONEY: dict[str, Any] = {
    "maximum_amount": Decimal(0),
    "financing_type": "fixed_amount",
    "minimum_reviews": 0,
}
OTHER_CALLS: tuple[dict[str, Any], ...] = (
    {
        "ref": "cip-ideen-2026",
        "definition_key": "idea_contest",
        "form_key": "idea",
        "title_de": "Gemeinsam wird es KI: Ideenwettbewerb",
        "title_en": "AI together: idea contest",
        "summary_de": "Bis zu 20.000 Euro Preisgeld für Ideen aus verschiedenen Bereichen.",
        "summary_en": "Up to 20,000 euro prize money for ideas across sectors.",
        "closes_at": CLOSES,
        "minimum_amount": Decimal("1000.00"),
        "maximum_amount": Decimal("20000.00"),
        "financing_type": "fixed_amount",
        "minimum_reviews": 2,
        "criteria": list(CRITERIA),
    },
    {
        "ref": "cip-skizzen-2026",
        "definition_key": "sketch",
        "form_key": "outline",
        "title_de": "Civic Innovation: Projektskizzen",
        "title_en": "Civic Innovation: project outlines",
        "summary_de": "Die erste Stufe der Verbundförderung mit bis zu 500.000 Euro je Verbund.",
        "summary_en": "The first stage of consortium funding, up to 500,000 euro per consortium.",
        "closes_at": CLOSES,
        "minimum_amount": Decimal("10000.00"),
        "maximum_amount": Decimal("500000.00"),
        "minimum_reviews": 2,
        "criteria": list(CRITERIA),
        "terms": {"continues_in": "cip-verbund-2026"},
    },
    {
        "name": "consortium_grant",
        "ref": "cip-verbund-2026",
        "definition_key": "grant_case",
        "form_key": "grant_application",
        "title_de": "Civic Innovation: Verbundvorhaben",
        "title_en": "Civic Innovation: consortium projects",
        "summary_de": "Die zweite Stufe: Anträge der eingeladenen Verbünde.",
        "summary_en": "The second stage: applications of the consortia invited.",
        "closes_at": CLOSES,
        "minimum_amount": Decimal("5000.00"),
        "maximum_amount": Decimal("500000.00"),
        "own_share_percent": 10,
        "minimum_reviews": 2,
        "criteria": list(CRITERIA),
        "terms": {"by_invitation": True},
    },
    {
        "ref": "lab-2026",
        "definition_key": "lab_support",
        "form_key": "lab_application",
        "title_de": "KI-Ideenwerkstatt: ein Platz im Labor",
        "title_en": "AI ideas workshop: a place in the lab",
        "summary_de": "Stunden von Fachleuten für Vorhaben, die Umwelt und Klima nützen.",
        "summary_en": "Hours of experts for projects that serve environment and climate.",
        "closes_at": CLOSES,
        **NO_MONEY,
    },
    {
        "ref": "cdl-sprechstunde",
        "definition_key": "consultation",
        "form_key": "consultation_request",
        "title_de": "Datensprechstunde",
        "title_en": "Data consultation hour",
        "summary_de": "Ein Name, ein Kontakt, ein Thema: Antwort in zwei Arbeitstagen.",
        "summary_en": "A name, a contact, a topic: an answer within two working days.",
        **NO_MONEY,
    },
    {
        "ref": "cdl-datenvorhaben",
        "definition_key": "data_project",
        "form_key": "data_project",
        "title_de": "Datenvorhaben",
        "title_en": "Data projects",
        "summary_de": "Beratung, Plan und Umsetzung durch Fachleute, die wir beauftragen.",
        "summary_en": "Advice, a plan and the work of experts whom we commission.",
        **NO_MONEY,
    },
)


@dataclass(slots=True)
class World:
    """The ids of what was laid out, by short names."""

    people: dict[str, uuid.UUID] = field(default_factory=dict)
    ministries: list[uuid.UUID] = field(default_factory=list)
    organisations: list[uuid.UUID] = field(default_factory=list)
    calls: dict[str, uuid.UUID] = field(default_factory=dict)


def _person(session: Session, world: World, key: str, name: str) -> uuid.UUID:
    account = UserAccount(id=new_id(), email=f"{key}@demo.example", name=name, created_at=FOUNDED)
    session.add(account)
    session.flush()
    world.people[key] = account.id
    return account.id


def _grant(session: Session, user: uuid.UUID, role: str, scope: uuid.UUID | None = None) -> None:
    session.add(RoleAssignment(user_id=user, role=role, organisation_id=scope, granted_at=FOUNDED))


def _ministries(session: Session, world: World) -> None:
    for facts in MINISTRIES:
        names = {key: facts[key] for key in ("short_name", "name_de", "name_en", "court")}
        ministry = Organisation(
            id=new_id(), kind="ministry", valid_from=RENAMED_ON, city="Berlin", **names
        )
        session.add(ministry)
        world.ministries.append(ministry.id)
    session.flush()
    for short_name, name, successor in FORMER:
        session.add(
            Organisation(
                kind="ministry",
                short_name=short_name,
                name_de=name,
                valid_to=RENAMED_ON,
                successor_id=world.ministries[successor],
            )
        )
    for number, ministry_id in enumerate(world.ministries, start=1):
        people = MINISTRY_PEOPLE[number - 1]
        for role, name in zip(MINISTRY_ROLES, people, strict=True):
            key = f"{role.split('_')[-1]}{number}"
            person = _person(session, world, key, name)
            _grant(session, person, role, ministry_id)
    lead = _person(session, world, "lead", "Dr. Lena Vogelsang")
    _grant(session, lead, "lead_signatory", world.ministries[0])


def _budget(session: Session, world: World, available: Decimal) -> None:
    for ministry_id, facts in zip(world.ministries, MINISTRIES, strict=True):
        for year in YEARS:
            session.add(
                BudgetLine(
                    ministry_id=ministry_id,
                    title=facts["title"],
                    purpose="Zuschüsse der Initiative Civic Coding",
                    year=year,
                    kind="appropriation" if year == YEARS[0] else "commitment_authority",
                    available=available,
                )
            )


def _call(
    session: Session, world: World, programme: Programme, name: str = "", **values: Any
) -> Call:
    """A published call; `name` tells it from another one with the same workflow."""
    call = Call(
        id=new_id(),
        programme_id=programme.id,
        opens_at=OPENED,
        is_published=True,
        form_version=1,
        lead_ministry_id=world.ministries[0],
        authority_id=world.ministries[0],
        **values,
        **offer(values["ref"]),
    )
    session.add(call)
    session.flush()
    world.calls[name or values["definition_key"]] = call.id
    return call


def _programmes(session: Session, world: World) -> None:
    programme = Programme(
        key="civic-coding",
        title_de="Civic Coding – Innovationsnetz KI für das Gemeinwohl",
        title_en="Civic Coding – AI for the common good",
        lead_ministry_id=world.ministries[0],
    )
    session.add(programme)
    session.flush()
    joint = _call(
        session,
        world,
        programme,
        ref="cc-gemeinsam-2026",
        definition_key="grant_case",
        form_key="grant_application",
        title_de="Gemeinsam KI für das Gemeinwohl erproben",
        title_en="Trying out AI for the common good together",
        summary_de="Drei Ressorts fördern gemeinsam Vorhaben, in denen Zivilgesellschaft und "
        "Forschung KI gemeinwohlorientiert erproben.",
        summary_en="Three ministries jointly fund projects in which civil society and research "
        "try out AI for the common good.",
        closes_at=CLOSES,
        minimum_amount=Decimal("50000.00"),
        maximum_amount=Decimal("500000.00"),
        financing_type="pro_rata",
        own_share_percent=10,
        minimum_reviews=2,
        criteria=list(CRITERIA),
        reserve_until=date(2027, 12, 31),
    )
    micro = _call(
        session,
        world,
        programme,
        ref="cc-mikro-2026",
        definition_key="micro_grant",
        form_key="micro_grant_application",
        title_de="Mikroförderung: schnell unterstützt",
        title_en="Micro-grants: quick support",
        summary_de="Bis zu 5.000 Euro für kleine Vorhaben, entschieden in zehn Arbeitstagen.",
        summary_en="Up to 5,000 euro for small projects, decided within ten working days.",
        minimum_amount=Decimal("500.00"),
        maximum_amount=Decimal("5000.00"),
        quarterly_ceiling=Decimal("50000.00"),
        financing_type="fixed_amount",
        minimum_reviews=0,
    )
    for position, (ministry_id, facts) in enumerate(zip(world.ministries, MINISTRIES, strict=True)):
        _share(session, joint, ministry_id, position, facts["percent"])
    _share(session, micro, world.ministries[0], 0, 100)
    for values in OTHER_CALLS:
        call = _call(session, world, programme, **values)
        _share(session, call, world.ministries[0], 0, 100)
    for month in range(1, 13):
        for skill, hours in LAB_HOURS.items():
            session.add(LabCapacity(skill=skill, month=date(2026, month, 1), hours=hours))


def _share(
    session: Session, call: Call, ministry_id: uuid.UUID, position: int, percent: int
) -> None:
    session.add(
        CallShare(
            call_id=call.id,
            ministry_id=ministry_id,
            position=position,
            percent=percent,
            budget_title=MINISTRIES[position]["title"],
        )
    )


def add_applicant(session: Session, world: World, number: int, name: str, city: str) -> uuid.UUID:
    """An applying organisation with one person who may sign for it."""
    organisation = Organisation(
        id=new_id(), kind="applicant", name_de=name, legal_form="e. V.", city=city
    )
    session.add(organisation)
    session.flush()
    person = _person(session, world, f"applicant{number}", f"Antonia Antrag {number}")
    _grant(session, person, "applicant_signatory", organisation.id)
    world.organisations.append(organisation.id)
    return organisation.id


def add_person(
    session: Session,
    world: World,
    key: str,
    name: str,
    roles: Mapping[str, uuid.UUID],
    password_hash: str,
) -> None:
    """Another account, with the organisation in which each of its roles counts."""
    person = _person(session, world, key, name)
    session.get_one(UserAccount, person).password_hash = password_hash
    for role, organisation in roles.items():
        _grant(session, person, role, organisation)


def lay_out(session: Session, *, available: Decimal = Decimal("5000000.00")) -> World:
    """Ministries, offices, budget and calls; returns their ids."""
    world = World()
    _ministries(session, world)
    for key, (name, roles) in OFFICE.items():
        person = _person(session, world, key, name)
        for role in roles:
            _grant(session, person, role)
    _budget(session, world, available)
    _programmes(session, world)
    add_applicant(session, world, 1, "Nachbarschaft Digital e. V.", "Leipzig")
    return world


def is_empty(session: Session) -> bool:
    """Whether nothing was loaded yet."""
    return session.scalars(select(UserAccount.id).limit(1)).first() is None
