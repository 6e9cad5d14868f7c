"""Meetings of a panel as they are read: seats, agenda, what was counted, who is suspected."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from funding_app.access import Person, visible_to
from funding_app.access.lists import MEETING_READERS
from funding_app.matching import suspicions
from funding_app.models import (
    Application,
    Call,
    PanelBallot,
    PanelItem,
    PanelMeeting,
    PanelRecusal,
    PanelSeat,
    Process,
    Review,
    RoleAssignment,
    UserAccount,
)
from funding_app.models.types import tagged
from funding_app.queries.reviews.assignment import Candidate, with_details
from funding_app.queries.reviews.reviewers import referees
from funding_app.queries.reviews.scores import Scored, Spread, knocked_out
from funding_app.rules.voting import Tally, VotingRules, rules_of, tally
from workflows.vocabulary.tags import Tag


@dataclass(frozen=True, slots=True)
class Counted:
    """The votes on an item; `recused` are those who would be there, `missing` have not voted."""

    tally: Tally
    recused: int
    missing: int

    def as_json(self) -> dict[str, Any]:
        """What is kept with the item."""
        return asdict(self.tally) | {"recused": self.recused}


@dataclass(frozen=True, slots=True)
class Member:
    """A seat with the name of who has it."""

    id: uuid.UUID
    name: str
    seat: PanelSeat


@dataclass(frozen=True, slots=True)
class Item:
    """An item as one member or the office may see it.

    `is_open_to` the person is false for whoever is recused or still reviews the case: then nothing
    of discussion, reviews and votes is in here. `knock_outs` are the titles of the criteria
    which the reviews fail so clearly that the panel has to address them.
    """

    row: PanelItem
    case: Process
    application: Application
    is_open_to: bool
    recusals: Sequence[PanelRecusal]
    spread: Spread | None = None
    knock_outs: Sequence[Mapping[str, str]] = ()
    voted: frozenset[uuid.UUID] = frozenset()
    own_vote: str = ""
    waiting: Sequence[Member] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with its call, members and agenda."""

    row: PanelMeeting
    process: Process
    call: Call
    members: Sequence[Member]
    items: Sequence[Item] = field(default_factory=list)

    @property
    def rules(self) -> VotingRules:
        return rules_of(self.row.rules)

    def seat_of(self, person: Person) -> PanelSeat | None:
        """The person's own seat."""
        return next((each.seat for each in self.members if each.id == person.id), None)

    def may_lead(self, person: Person) -> bool:
        """Whether the person keeps the agenda, who is there and what is said."""
        seated = self.seat_of(person) is not None
        return "office_clerk" in person.roles or (seated and "panel_chair" in person.roles)

    @property
    def spreads(self) -> list[Spread]:
        """What can be drawn: the items with valid reviews."""
        return [each.spread for each in self.items if each.spread]


def seats(session: Session, meeting_id: uuid.UUID) -> Sequence[PanelSeat]:
    """The seats of a meeting, as they stand now."""
    return session.scalars(
        select(PanelSeat)
        .where(PanelSeat.meeting_id == meeting_id)
        .order_by(PanelSeat.user_id)
        .execution_options(populate_existing=True)
    ).all()


def voters_present(found: Iterable[PanelSeat]) -> int:
    """How many are there who may vote."""
    return sum(seat.may_vote and seat.is_present for seat in found)


def agenda(session: Session, meeting_id: uuid.UUID) -> Sequence[PanelItem]:
    """The items of a meeting in their order."""
    return session.scalars(
        select(PanelItem)
        .where(PanelItem.meeting_id == meeting_id)
        .order_by(PanelItem.position, PanelItem.id)
        .execution_options(populate_existing=True)
    ).all()


def requested(session: Session, item_id: uuid.UUID) -> Decimal | None:
    """What the application of an item asks for (euro)."""
    return session.scalar(
        select(Application.requested)
        .join(PanelItem, PanelItem.application_id == Application.id)
        .where(PanelItem.id == item_id)
    )


def recused_in(session: Session, item_id: uuid.UUID) -> set[uuid.UUID]:
    """Who takes no part in an item."""
    return set(session.scalars(select(PanelRecusal.user_id).where(PanelRecusal.item_id == item_id)))


def ballots_of(session: Session, item_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """The votes cast on an item, by member."""
    rows = session.execute(
        select(PanelBallot.user_id, PanelBallot.choice).where(PanelBallot.item_id == item_id)
    )
    return {user: choice for user, choice in rows}


def is_on_agenda(session: Session, case_id: uuid.UUID) -> bool:
    """Whether a meeting that is not over still has to resolve on a case."""
    found = (
        select(PanelItem.id)
        .join(Process, Process.id == PanelItem.meeting_id)
        .where(
            PanelItem.application_id == case_id,
            PanelItem.outcome.is_(None),
            tagged(Process.tags, Tag.PREPARED, Tag.IN_SESSION),
        )
    )
    return session.scalars(found.limit(1)).first() is not None


def count(session: Session, item: PanelItem) -> Counted:
    """Counts an item's votes by the meeting's rules; a recused member's does not count."""
    rules = session.scalars(
        select(PanelMeeting.rules).where(PanelMeeting.id == item.meeting_id)
    ).one()
    recused = recused_in(session, item.id)
    voters = [each for each in seats(session, item.meeting_id) if each.may_vote]
    part = [seat for seat in voters if seat.user_id not in recused]
    ballots = ballots_of(session, item.id)
    there = [seat for seat in part if seat.is_present]
    votes = {seat.user_id: ballots[seat.user_id] for seat in there if seat.user_id in ballots}
    chair = next((votes.get(seat.user_id) for seat in there if seat.is_chair), None)
    return Counted(
        tally(rules_of(rules), votes.values(), entitled=len(part), chair=chair),
        recused=sum(seat.is_present for seat in voters) - len(there),
        missing=len(there) - len(votes),
    )


def meetings_of(session: Session, call: Call) -> Sequence[Any]:
    """A call's meetings with their processes and number of items, the next one first."""
    return session.execute(
        select(PanelMeeting, Process, func.count(PanelItem.id).label("items"))
        .join(Process, Process.id == PanelMeeting.id)
        .outerjoin(PanelItem, PanelItem.meeting_id == PanelMeeting.id)
        .where(PanelMeeting.call_id == call.id)
        .group_by(PanelMeeting.id, Process.id)
        .order_by(PanelMeeting.starts_at.desc(), PanelMeeting.id)
    ).all()


def meetings_for(session: Session, person: Person) -> Sequence[Any]:
    """The meetings in which a person has a seat, for the office all of them, the next one first."""
    reads_all = person.roles & MEETING_READERS
    own = select(PanelSeat.meeting_id).where(PanelSeat.user_id == person.id)
    return session.execute(
        select(PanelMeeting, Process, Call)
        .join(Process, Process.id == PanelMeeting.id)
        .join(Call, Call.id == PanelMeeting.call_id)
        .where(true() if reads_all else PanelMeeting.id.in_(own))
        .order_by(PanelMeeting.starts_at.desc(), PanelMeeting.id)
        .limit(50)
    ).all()


def panel_people(session: Session) -> Sequence[tuple[uuid.UUID, str, bool]]:
    """Who can be given a seat, by name, and whether as the chair."""
    chairs = select(RoleAssignment.user_id).where(RoleAssignment.role == "panel_chair")
    all_of_them = select(RoleAssignment.user_id).where(
        RoleAssignment.role.in_(("panel_member", "panel_chair"))
    )
    rows = session.execute(
        select(UserAccount.id, UserAccount.name, UserAccount.id.in_(chairs))
        .where(UserAccount.id.in_(all_of_them), UserAccount.is_active)
        .order_by(UserAccount.name, UserAccount.id)
    )
    return [(user, name, bool(chairs)) for user, name, chairs in rows]


def meeting_seen(session: Session, person: Person, meeting_id: uuid.UUID) -> Meeting | None:
    """A meeting as its members and the office may see it, in a fixed number of queries."""
    held = session.execute(
        select(PanelMeeting, Process, Call)
        .join(Process, Process.id == PanelMeeting.id)
        .join(Call, Call.id == PanelMeeting.call_id)
        .where(PanelMeeting.id == meeting_id)
    ).one_or_none()
    if held is None:
        return None
    found = Meeting(*held, _members(session, meeting_id))
    if not (found.seat_of(person) or person.roles & MEETING_READERS):
        return None
    return Meeting(*held, found.members, _items(session, person, found))


def _members(session: Session, meeting_id: uuid.UUID) -> list[Member]:
    rows = session.execute(
        select(PanelSeat, UserAccount.name)
        .join(UserAccount, UserAccount.id == PanelSeat.user_id)
        .where(PanelSeat.meeting_id == meeting_id)
        .order_by(PanelSeat.is_chair.desc(), UserAccount.name, PanelSeat.user_id)
    )
    return [Member(seat.user_id, name, seat) for seat, name in rows]


def _items(session: Session, person: Person, meeting: Meeting) -> list[Item]:
    recusals = _by_item(session, PanelRecusal, meeting.row.id)
    ballots = _by_item(session, PanelBallot, meeting.row.id)
    reviews = _reviews(session, meeting.row.id)
    rows = session.execute(
        select(PanelItem, Process, Application, visible_to(person))
        .join(Process, Process.id == PanelItem.application_id)
        .join(Application, Application.id == PanelItem.application_id)
        .where(PanelItem.meeting_id == meeting.row.id)
        .order_by(PanelItem.position, PanelItem.id)
    )
    return [
        _open_item(
            Item(row, case, application, True, recusals.get(row.id, ())),
            person,
            meeting,
            {each.user_id: each.choice for each in ballots.get(row.id, ())},
            reviews.get(case.id, []),
        )
        if is_visible
        else Item(row, case, application, False, recusals.get(row.id, ()))
        for row, case, application, is_visible in rows
    ]


def _open_item(
    item: Item,
    person: Person,
    meeting: Meeting,
    ballots: Mapping[uuid.UUID, str],
    reviews: Sequence[Review],
) -> Item:
    recused = {each.user_id for each in item.recusals}
    spread = Spread(item.case.id, item.case.reference, item.case.title, may_ask=False)
    spread.reviews.extend(Scored("", each.score) for each in reviews if each.score is not None)
    return Item(
        item.row,
        item.case,
        item.application,
        True,
        item.recusals,
        spread if spread.reviews else None,
        knocked_out(meeting.call, [each.scores for each in reviews]),
        frozenset(ballots),
        ballots.get(person.id, ""),
        [
            each
            for each in meeting.members
            if each.seat.may_vote
            and each.seat.is_present
            and each.id not in recused
            and each.id not in ballots
        ],
    )


def _by_item(session: Session, model: Any, meeting_id: uuid.UUID) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = {}
    rows = session.scalars(
        select(model)
        .join(PanelItem, PanelItem.id == model.item_id)
        .where(PanelItem.meeting_id == meeting_id)
        .order_by(model.item_id, model.user_id)
    )
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def _reviews(session: Session, meeting_id: uuid.UUID) -> dict[uuid.UUID, list[Review]]:
    """The valid reviews by application; who wrote them is not told here."""
    found: dict[uuid.UUID, list[Review]] = {}
    rows = session.scalars(
        select(Review)
        .join(Process, Process.id == Review.id)
        .join(PanelItem, PanelItem.application_id == Review.application_id)
        .where(PanelItem.meeting_id == meeting_id, tagged(Process.tags, Tag.COUNTS))
        .order_by(Review.application_id, Review.score, Review.id)
    )
    for review in rows:
        found.setdefault(review.application_id, []).append(review)
    return found


def suspected(session: Session, meeting: Meeting) -> dict[tuple[uuid.UUID, uuid.UUID], Any]:
    """Codes of what speaks for a bias, by item and member (§§ 20, 21 VwVfG)."""
    candidates = [
        Candidate(
            each.case.id, each.case.reference, each.case.title, each.case.organisation_id, "", 0, 0
        )
        for each in meeting.items
        if each.case.organisation_id is not None
    ]
    detailed = {each.id: each for each in with_details(session, meeting.call, candidates)}
    people = referees(session, [each.id for each in meeting.members])
    return {
        (item.row.id, user): reasons
        for item in meeting.items
        if item.case.id in detailed
        for user, referee in people.items()
        if (reasons := suspicions(detailed[item.case.id].applicant, referee))
    }
