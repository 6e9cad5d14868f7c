"""The demo's reviewers with what they know, where they sit and how much they take on; invented."""

from __future__ import annotations

from sqlalchemy.orm import Session

from funding_app.demo.world.initiative import FOUNDED, World
from funding_app.models import ReviewerProfile, RoleAssignment, UserAccount, new_id

# Key, name, institution, region, most reviews in a call, fields.
REVIEWERS = (
    ("reviewer1", "", "Institut für Versorgungsfragen Elbaue", "DE-ST", 30,
     "health participation evaluation"),
    ("reviewer2", "", "Technische Hochschule Werrabogen", "DE-TH", 24,
     "machine_learning language_models administration"),
    ("reviewer3", "", "Hochschule am Nebelhorst", "DE-BY", 6, "ethics democracy data_protection"),
    ("reviewer4", "Dr. Jasmin Hollerbach", "Klimawerk Nordlicht eG", "DE-SH", 6,
     "environment sensors"),
    ("reviewer5", "Prof. Dr. Emre Distelkamp", "Universität Heidequell", "DE-NI", 4,
     "education language_models accessibility"),
    ("reviewer6", "Nele Schlehdorn", "Büro für leichte Worte", "DE-HH", 5,
     "accessibility participation"),
    ("reviewer7", "Dr. Oskar Ginsterberg", "Forschungsstelle Wandel der Arbeit", "DE-NW", 6,
     "work evaluation data_protection"),
    ("reviewer8", "Dr. Liv Sanddorn", "Stiftung Saatkorn", "DE-SN", 5, "environment democracy"),
    ("reviewer9", "Dr. Matteo Erlengrund", "", "DE-BE", 3, "health machine_learning"),
    ("reviewer10", "Prof. Dr. Thea Ackerwinde", "Hochschule Muldental", "DE-SN", 4,
     "education ethics"),
)  # fmt: skip


def add_reviewers(session: Session, world: World) -> None:
    """Gives the reviewers of the world a profile, and adds more of them."""
    for key, name, affiliation, region, most, fields in REVIEWERS:
        if key not in world.people:
            account = UserAccount(
                id=new_id(), email=f"{key}@demo.example", name=name, created_at=FOUNDED
            )
            session.add(account)
            session.flush()
            role = RoleAssignment(user_id=account.id, role="reviewer", granted_at=FOUNDED)
            session.add(role)
            world.people[key] = account.id
        session.add(
            ReviewerProfile(
                user_id=world.people[key],
                affiliation=affiliation,
                region=region,
                fields=fields.split(),
                most=most,
            )
        )
