"""The discussion of an application: who takes part, what they read, and whom a mail tells."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from funding_app.access import Person, is_own_review, roles_on
from funding_app.models import (
    Application,
    Call,
    Contribution,
    Discussion,
    LogPayload,
    LogRecord,
    PanelItem,
    PanelRecusal,
    Process,
    Review,
    UserAccount,
)
from funding_app.models.types import tagged
from funding_app.queries.mails.recipients import Recipient, people_on
from funding_app.queries.reviews.assignment import opens_review
from workflows import Registry
from workflows.vocabulary.tags import IN_HAND, Record

MODERATORS = frozenset({"office_clerk", "case_officer"})
READERS = MODERATORS | {"panel_chair", "approver", "auditor"}
ENOUGH = 2
"""Reviews that have to be in before there is something to discuss."""


@dataclass(frozen=True, slots=True)
class Seat:
    """As whom a person takes part: by the own review, or for the office without one."""

    case_id: uuid.UUID
    review_id: uuid.UUID | None
    moderates: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """A review beside the others. `number` is its place among all that were asked for the case."""

    number: int
    review_id: uuid.UUID
    reviewer: str
    scores: Mapping[str, int]
    comments: Mapping[str, str]
    score: Decimal
    amount: Decimal | None
    before: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution with the number of the review it comes from; the office's has none."""

    row: Contribution
    author: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A discussion as one person may see it; nothing of others unless `is_readable`."""

    seat: Seat
    case: Process
    call: Call
    is_open: bool
    decided: bool | None
    opinions: Sequence[Opinion] = field(default=())
    said: Sequence[Said] = field(default=())

    @property
    def is_readable(self) -> bool:
        """For the office always; for a reviewer while it is open."""
        return self.is_open or self.seat.review_id is None

    @property
    def may_speak(self) -> bool:
        """Whether the person may contribute now."""
        return self.is_open and (self.seat.review_id is not None or self.seat.moderates)


def seat_of(session: Session, person: Person, process: Process) -> Seat | None:
    """The person's seat in the discussion that belongs to a process they may see.

    Whoever was asked for a review of the case takes part by that review or not at all, whatever
    other role they hold: with it handed in, and not recused.
    """
    if is_own_review(person, process):
        if process.tags.isdisjoint(IN_HAND) or _is_recused(session, person.id, process.root_id):
            return None
        return Seat(process.root_id, process.id)
    roles = roles_on(person.grants, person.id, process)
    if not roles & READERS or session.get(Application, process.id) is None:
        return None
    if _was_asked(session, person.id, process.id):
        return None
    return Seat(process.id, None, bool(roles & MODERATORS))


def _was_asked(session: Session, user_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    asked = exists().where(Review.application_id == case_id, Review.reviewer_id == user_id)
    return bool(session.scalar(select(asked)))


def _recused(case_id: uuid.UUID) -> ColumnElement[bool]:
    return exists(
        select(PanelItem.id)
        .join(PanelRecusal, PanelRecusal.item_id == PanelItem.id)
        .where(PanelRecusal.user_id == UserAccount.id, PanelItem.application_id == case_id)
    )


def _is_recused(session: Session, user_id: uuid.UUID, case_id: uuid.UUID) -> bool:
    account = select(UserAccount.id).where(UserAccount.id == user_id, _recused(case_id))
    return session.scalar(account) is not None


def discussion_seen(
    session: Session, definitions: Registry, person: Person, process: Process
) -> Talk | None:
    """The discussion of a case or review as the person may see it; without a seat none."""
    seat = seat_of(session, person, process)
    return discussion_of(session, definitions, seat) if seat else None


def is_discussed(process: Process, person: Person, children: Sequence[Any]) -> bool:
    """Whether a case's or review's page leads to its discussion.

    Who may read it says `seat_of`. `children` are the rows of `children_with_names`.
    """
    if is_own_review(person, process):
        return not process.tags.isdisjoint(IN_HAND)
    asked = [row.Process.assignee_id for row in children if row.Process.record == Record.REVIEW]
    roles = roles_on(person.grants, person.id, process)
    return process.is_root and bool(asked and roles & READERS) and person.id not in asked


def discussion_of(session: Session, definitions: Registry, seat: Seat) -> Talk:
    """The discussion as its seat may see it."""
    case = session.get_one(Process, seat.case_id)
    call = session.get_one(Call, case.call_id)
    decided = session.scalar(
        select(Discussion.is_open).where(Discussion.application_id == seat.case_id)
    )
    opinions = _opinions(session, case)
    is_open = _is_open(definitions, case, decided, len(opinions))
    talk = Talk(seat, case, call, is_open, decided)
    if not talk.is_readable:
        return talk
    numbers = {each.review_id: each.number for each in opinions}
    said = _said(session, case.id, numbers)
    return Talk(seat, case, call, is_open, decided, opinions, said)


def _is_open(definitions: Registry, case: Process, decided: bool | None, handed_in: int) -> bool:
    """As the office decided; without that while there are two reviews and more may be asked for."""
    if case.is_terminal or decided is not None:
        return bool(decided) and not case.is_terminal
    arrows = definitions.get(case.definition_key, case.definition_version).arrows_from(case.state)
    return handed_in >= ENOUGH and any(opens_review(arrow) for arrow in arrows)


def _opinions(session: Session, case: Process) -> list[Opinion]:
    """The reviews that are in, numbered in the order in which they were asked for."""
    rows = session.execute(
        select(Review, Process.tags, UserAccount.name)
        .join(Process, Process.id == Review.id)
        .join(UserAccount, UserAccount.id == Review.reviewer_id)
        .where(Review.application_id == case.id)
        .order_by(Review.id)
    ).all()
    handed_in = [row.Review.id for row in rows if row.tags & set(IN_HAND)]
    before = _earlier_scores(session, handed_in)
    return [
        Opinion(
            number,
            row.Review.id,
            row.name,
            row.Review.scores,
            row.Review.comments,
            row.Review.score,
            row.Review.recommended_amount,
            before.get(row.Review.id, ()),
        )
        for number, row in enumerate(rows, start=1)
        if row.Review.id in handed_in
    ]


def _earlier_scores(
    session: Session, reviews: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Decimal]]:
    """What a review that was returned and handed in anew scored before, from its log."""
    rows = session.execute(
        select(LogRecord.process_id, LogPayload.payload)
        .join(
            LogPayload,
            (LogPayload.process_id == LogRecord.process_id) & (LogPayload.seq == LogRecord.seq),
        )
        .where(LogRecord.process_id.in_(reviews))
        .order_by(LogRecord.process_id, LogRecord.seq)
    )
    found: dict[uuid.UUID, list[Decimal]] = {}
    for process_id, payload in rows:
        earlier = json.loads(payload or "{}").get("notes", {}).get("score_before")
        if earlier is not None:
            found.setdefault(process_id, []).append(Decimal(earlier))
    return found


def _said(session: Session, case_id: uuid.UUID, numbers: Mapping[uuid.UUID, int]) -> Sequence[Said]:
    rows = session.execute(
        select(Contribution, UserAccount.name)
        .join(UserAccount, UserAccount.id == Contribution.author_id)
        .where(Contribution.application_id == case_id)
        .order_by(Contribution.id)
    )
    return [
        Said(row.Contribution, row.name, numbers.get(row.Contribution.review_id, 0))
        if row.Contribution.review_id
        else Said(row.Contribution, row.name, None)
        for row in rows
    ]


def last_said(session: Session, case_id: uuid.UUID) -> Contribution | None:
    """The newest contribution to a case's discussion."""
    wanted = select(Contribution).where(Contribution.application_id == case_id)
    return session.scalars(wanted.order_by(Contribution.id.desc()).limit(1)).one_or_none()


def for_discussion(
    session: Session, definitions: Registry, case_id: uuid.UUID, since: datetime
) -> list[tuple[Process, Recipient]]:
    """Whom a mail tells of what was said since then, each with the process that leads there.

    The reviewers whose review is in while the discussion is open, and whoever looks after it for
    the office; nobody is told of what they said themselves.
    """
    case = session.get_one(Process, case_id)
    talk = discussion_of(session, definitions, Seat(case_id, None))
    news = [each.row for each in talk.said if each.row.written_at >= since]

    def has_news(user_id: uuid.UUID) -> bool:
        return any(each.author_id != user_id for each in news)

    reviewers = _reviewers(session, case_id) if talk.is_open else []
    looking_after = {each.row.author_id for each in talk.said if each.row.review_id is None}
    office = [
        (case, each)
        for each in people_on(session, case, sorted(MODERATORS))
        if each.id in looking_after | {case.officer_id}
        and not _was_asked(session, each.id, case_id)
    ]
    return [(process, each) for process, each in reviewers + office if has_news(each.id)]


def _reviewers(session: Session, case_id: uuid.UUID) -> list[tuple[Process, Recipient]]:
    rows = session.execute(
        select(Process, UserAccount)
        .join(Review, Review.id == Process.id)
        .join(UserAccount, UserAccount.id == Review.reviewer_id)
        .where(
            Review.application_id == case_id,
            tagged(Process.tags, *IN_HAND),
            UserAccount.is_active,
            ~_recused(case_id),
        )
        .order_by(Process.id)
    )
    return [
        (process, Recipient(user.id, user.email, user.name, user.language))
        for process, user in rows
    ]
