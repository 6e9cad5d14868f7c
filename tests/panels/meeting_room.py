"""A panel's meeting for the tests of the pages: who sits there, and what they do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Person
from funding_app.demo.runner import Story
from funding_app.models import PanelItem, Process, RoleAssignment
from funding_app.services.people import accounts
from tests.fixtures.pages import SignIn
from tests.reviews.test_scores import reviewed

CALL = "/calls/cc-gemeinsam-2026"
VOTERS = ("panel", "member", "mentor", "certifier")


@dataclass
class Room:
    """A meeting with its page, its items in order, and who sits there."""

    story: Story
    sign_in: SignIn
    id: uuid.UUID

    def __post_init__(self) -> None:
        self.people = {who: self.sign_in(who) for who in (*VOTERS, "office", "publisher")}

    @property
    def place(self) -> str:
        return f"/meetings/{self.id}"

    def items(self) -> list[PanelItem]:
        with self.story.database.read() as session:
            return list(
                session.scalars(
                    select(PanelItem)
                    .where(PanelItem.meeting_id == self.id)
                    .order_by(PanelItem.position)
                )
            )

    def at(self, number: int) -> str:
        return f"{self.place}/items/{self.items()[number].id}"

    def send(self, who: str, path: str, **data: object) -> tuple[int, str]:
        answer = self.people[who].post(path, data=data, follow_redirects=True)
        return answer.status_code, answer.text

    def get(self, who: str, path: str = "") -> tuple[int, str]:
        answer = self.people[who].get(path or self.place)
        return answer.status_code, answer.text

    def user(self, who: str) -> str:
        return str(self.story.world.people[who])

    def open(self, *present: str) -> tuple[int, str]:
        there = [self.user(who) for who in present or VOTERS]
        return self.send("office", f"{self.place}/presence", present=there, go="open")

    def vote(self, number: int, **choices: str) -> None:
        for who, choice in choices.items():
            assert self.send(who, f"{self.at(number)}/vote", choice=choice)[0] == 200, who

    def conclude(self, number: int, amount: str = "80.000,00") -> tuple[int, str]:
        data = {"amount": amount, "reasoning": "Nach eingehender Beratung."}
        return self.send("panel", f"{self.at(number)}/result", **data)

    def state(self, number: int) -> str:
        with self.story.database.read() as session:
            return session.get_one(Process, self.items()[number].application_id).state


def who_is(session: Session, user_id: uuid.UUID) -> Person:
    found = accounts.person(session, user_id)
    assert found is not None
    return found


def form(story: Story, **other: object) -> dict[str, object]:
    people = {who: str(user) for who, user in story.world.people.items()}
    return {
        "held_on-day": "12", "held_on-month": "5", "held_on-year": "2027", "held_on": "2027-05-12",
        "held_at": "10:00", "place": "Haus der Jury", "is_online": "no",
        "chair": people["panel"], "chair_votes": "yes",
        "members": [people[who] for who in VOTERS], "guests": [people["publisher"]],
        "places": "20", **other,
    }  # fmt: skip


def held_room(sign_in: SignIn, story: Story) -> Room:
    """Three reviewed applications before a panel of four with one guest."""
    reviewed(story, (5, 5), (4, 4), (3, 3))
    return called(sign_in, story, CALL)


def called(sign_in: SignIn, story: Story, call: str) -> Room:
    """A meeting of four members and a guest on what is ranked under a call."""
    with story.database.write() as session:
        session.add_all(
            RoleAssignment(
                user_id=story.world.people[who], role="panel_member", granted_at=story.now
            )
            for who in ("mentor", "certifier", "publisher")
        )
    answer = sign_in("office").post(f"{call}/meetings", data=form(story))
    assert answer.status_code == 302, answer.text
    return Room(story, sign_in, uuid.UUID(answer.headers["Location"].rpartition("/")[2]))
