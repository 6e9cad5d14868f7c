"""Meetings of the panel: one over, with its minutes, one called, and one of the idea contest."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from funding_app.demo.runner import Story
from funding_app.engine.storage import statements
from funding_app.models import Call
from funding_app.queries.panels import meetings as queries
from funding_app.services.panels import meetings
from funding_app.services.panels.agendas import agenda_from_ranking
from funding_app.services.people import accounts

MEMBERS = ("panel", "member", "member2", "member3")
PITCHING = ("pitch_scheduled", "pitched")
HOUSE = "Berlin, Haus der Jury, Raum 2.14"
ONLINE = "Videoraum der Jury"
GROUND = "Ich habe den Verein im vergangenen Jahr bei einem Förderantrag beraten."
COURSE = (
    "Die Vorsitzende stellt fest, dass die Jury beschlussfähig ist. Sie erinnert an die Pflicht, "
    "eine Befangenheit anzuzeigen; angezeigt wird keine. Die Jury berät die Anträge einzeln."
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is moved on an item, what was said, how `MEMBERS` voted, and the reasons."""

    motion: str
    notes: str
    votes: tuple[str, str, str, str]
    reasoning: str


RESOLUTIONS = (
    Resolution(
        "recommend",
        "Frau Sonnengrund hält den Zeitplan für zu knapp. Die übrigen Mitglieder sehen ihn durch "
        "die Vorarbeiten gedeckt.",
        ("yes", "yes", "yes", "no"),
        "Das Vorhaben verbindet einen deutlichen Bedarf mit erprobten Partnern.",
    ),
    Resolution(
        "reserve",
        "Die Jury ist uneins, ob der Betrieb nach dem Ende der Förderung gesichert ist.",
        ("yes", "no", "yes", "no"),
        "Ein gutes Vorhaben, für das die Mittel dieser Runde derzeit nicht ausreichen.",
    ),
    Resolution(
        "recommend",
        "Woher die Trainingsdaten kommen, bleibt auch nach der Aussprache offen.",
        ("no", "no", "abstain", "yes"),
        "Datenlage und Beteiligung sind zu unbestimmt, um die Wirkung zu beurteilen.",
    ),
)


@dataclass(slots=True)
class _Telling:
    """The meetings of one call as they are told."""

    story: Story

    def agenda(self, key: str, *states: str) -> list[tuple[uuid.UUID, str]]:
        """What of a call's ranking can come before the panel, of these states alone."""
        definitions = self.story.machinery.definitions
        with self.story.database.read() as session:
            call = session.get_one(Call, self.story.world.calls[key])
            found = agenda_from_ranking(session, definitions, call)
            return [each for each in found if statements.load(session, each[0]).state in states]

    def call(
        self, key: str, days: int, agenda: Sequence[tuple[uuid.UUID, str]], place: str
    ) -> uuid.UUID:
        """Calls a meeting on a call so many days ahead."""
        story = self.story
        people = story.world.people
        with story.database.write() as session:
            call = session.get_one(Call, story.world.calls[key])
            day = story.now + timedelta(days=days)
            plan = meetings.Plan(
                starts_at=day.replace(hour=9, minute=0, second=0, microsecond=0),
                place=place,
                is_online=place == ONLINE,
                chair=people["panel"],
                chair_votes=True,
                members=[people[who] for who in MEMBERS],
                guests=[people["mentor"]],
                agenda=agenda,
            )
            person = accounts.person(session, people["office"])
            assert person is not None
            acting = meetings.Acting(session, story.machinery, person, story.now)
            return meetings.create_meeting(acting, call, plan)

    def do(self, who: str, doing: Callable[[meetings.Acting], object], minutes: int = 3) -> None:
        """One thing that one person does at a meeting, some minutes after the last."""
        story = self.story
        story.now += timedelta(minutes=minutes)
        with story.database.write() as session:
            person = accounts.person(session, story.world.people[who])
            assert person is not None
            doing(meetings.Acting(session, story.machinery, person, story.now))

    def items(self, meeting: uuid.UUID) -> list[uuid.UUID]:
        with self.story.database.read() as session:
            return [each.id for each in queries.agenda(session, meeting)]


def tell_meetings(story: Story, held: datetime) -> None:
    """Tells all: the first is called where the story stands and held on a day of its own."""
    telling = _Telling(story)
    ranked = [case for case, _motion in telling.agenda("grant_case", "panel")]
    agenda = list(zip(ranked, [each.motion for each in RESOLUTIONS], strict=False))
    ahead = (held.date() - story.now.date()).days
    meeting = telling.call("grant_case", ahead, agenda, HOUSE)
    story.now = held.replace(hour=9, minute=0, second=0, microsecond=0)
    _hold(telling, meeting)
    telling.call("idea_contest", 12, telling.agenda("idea_contest", *PITCHING), HOUSE)
    ranked = [case for case, _motion in telling.agenda("grant_case", "review_complete")]
    upcoming = telling.call("grant_case", 20, [(case, "recommend") for case in ranked[:2]], ONLINE)
    first = telling.items(upcoming)[0]
    member = story.world.people["member2"]
    telling.do("member2", lambda acting: meetings.recuse(acting, upcoming, first, member, GROUND))


def _hold(telling: _Telling, meeting: uuid.UUID) -> None:
    people = {telling.story.world.people[who] for who in MEMBERS}
    telling.do("office", lambda acting: meetings.set_presence(acting, meeting, people))
    telling.do("panel", lambda acting: meetings.open_session(acting, meeting))
    for item, resolution in zip(telling.items(meeting), RESOLUTIONS, strict=False):
        _resolve(telling, meeting, item, resolution)
    telling.do("panel", lambda acting: meetings.close_session(acting, meeting, COURSE))
    telling.story.twice("panel", "office", "approve_minutes", on=meeting)
    telling.story.issue_letters(telling.story.now)


def _resolve(
    telling: _Telling, meeting: uuid.UUID, item: uuid.UUID, resolution: Resolution
) -> None:
    notes, reasoning = resolution.notes, resolution.reasoning
    telling.do("panel", lambda acting: meetings.write_notes(acting, meeting, item, notes), 9)
    for who, choice in zip(MEMBERS, resolution.votes, strict=True):
        telling.do(who, partial(_cast, meeting, item, choice), 1)
    with telling.story.database.read() as session:
        amount = queries.requested(session, item)
    telling.do(
        "panel", lambda acting: meetings.conclude(acting, meeting, item, str(amount), reasoning)
    )


def _cast(meeting: uuid.UUID, item: uuid.UUID, choice: str, acting: meetings.Acting) -> None:
    meetings.cast_vote(acting, meeting, item, choice)
