"""A call's proposal as it is read: whom to ask for which application and why, and the loads."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.matching import Pair, Wanted, Weights
from funding_app.matching.prices import price_of
from funding_app.matching.solver import explained
from funding_app.models import Call, PlannedReview
from funding_app.queries.reviews.assignment import (
    Candidate,
    Situation,
    waiting_by_reviewer,
    with_details,
)
from funding_app.queries.reviews.reviewers import Reviewing

Planned = Mapping[uuid.UUID, bool]
"""Whom the proposal names, and whether by hand."""


@dataclass(frozen=True, slots=True)
class Option:
    """A person who could review an application: what fits, the load, and what is suspected.

    `planned` says that the proposal names the person, `by_hand` that somebody chose so, `opened`
    that the review is there already.
    """

    person: Reviewing
    pair: Pair
    suspected: tuple[str, ...]
    planned: bool = False
    by_hand: bool = False
    opened: bool = False

    @property
    def full(self) -> bool:
        """Whether the person holds as many reviews as were agreed."""
        return self.pair.load >= self.pair.most


@dataclass(frozen=True, slots=True)
class Line:
    """An application in the proposal. `eligible` are those against whom nothing is suspected."""

    candidate: Candidate
    options: Sequence[Option]
    eligible: int

    @property
    def missing(self) -> int:
        """How many reviews are missing even with the proposal."""
        return max(self.candidate.needed - sum(not each.opened for each in self.options), 0)

    @property
    def by_conflict(self) -> bool:
        """Whether too few persons are free of a suspicion."""
        return self.eligible < self.candidate.needed


@dataclass(frozen=True, slots=True)
class Load:
    """A reviewer's reviews in the call: held, to come by the proposal, and the most."""

    person: Reviewing
    planned: int

    @property
    def total(self) -> int:
        """With the proposal."""
        return self.person.load + self.planned


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal over the situation of a call.

    `waiting` counts by reviewer what is planned and not open yet, `cases` names the applications.
    """

    situation: Situation
    waiting: Counter[uuid.UUID]
    cases: frozenset[uuid.UUID]

    @property
    def candidates(self) -> list[Candidate]:
        """The applications that want reviews or are named in the proposal."""
        return [each for each in self.situation.candidates if each.needed or each.id in self.cases]

    @property
    def planned(self) -> int:
        """How many reviews are planned and not open yet."""
        return self.waiting.total()

    @property
    def needed(self) -> int:
        """How many reviews the call's applications lack."""
        return sum(each.needed for each in self.situation.candidates)

    @property
    def loads(self) -> list[Load]:
        """Every reviewer with the load, by name."""
        return [Load(person, self.waiting[person.id]) for person in self.situation.people]

    @property
    def free(self) -> int:
        """How many more reviews all loads together allow, before the proposal."""
        return sum(person.reviewer().free for person in self.situation.people)

    def options(self, candidate: Candidate, planned: Planned) -> list[Option]:
        """Everybody who may be asked or is named, the best first and the suspected last.

        The candidate's details have to be known.
        """
        suspected, wanted = self.situation.suspected(candidate), candidate.wanted()
        found = []
        for person in self.situation.people:
            opened, by_hand = str(person.id) in candidate.asked, planned.get(person.id)
            if opened and by_hand is None:
                continue
            pair = explained(wanted, person.reviewer(), person.load + self.waiting[person.id])
            reasons = suspected.get(str(person.id), ())
            found.append(Option(person, pair, reasons, by_hand is not None, bool(by_hand), opened))
        return sorted(found, key=lambda each: _rank(wanted, each))

    def line(self, candidate: Candidate, options: Sequence[Option]) -> Line:
        """An application with those whom the proposal names."""
        eligible = sum(not each.suspected and not each.opened for each in options)
        return Line(candidate, [each for each in options if each.planned], eligible)


def _rank(wanted: Wanted, option: Option) -> tuple[bool, int, int, str]:
    price = price_of(wanted, option.person.reviewer(), Weights())
    return bool(option.suspected), price, option.pair.load, option.person.name


def proposal_of(session: Session, call_id: uuid.UUID, situation: Situation) -> Proposal:
    """The present proposal of a call; empty where none was made."""
    waiting = Counter(waiting_by_reviewer(session, call_id, situation.states))
    named = select(PlannedReview.application_id).where(PlannedReview.call_id == call_id)
    return Proposal(situation, waiting, frozenset(session.scalars(named.distinct())))


def planned_for(
    session: Session, candidates: Sequence[Candidate]
) -> dict[uuid.UUID, dict[uuid.UUID, bool]]:
    """Whom the proposal names for these applications, and whether by hand."""
    found: dict[uuid.UUID, dict[uuid.UUID, bool]] = {each.id: {} for each in candidates}
    rows = session.execute(
        select(
            PlannedReview.application_id, PlannedReview.reviewer_id, PlannedReview.by_hand
        ).where(PlannedReview.application_id.in_(found))
    )
    for case, reviewer, by_hand in rows:
        found[case][reviewer] = by_hand
    return found


def lines_of(
    session: Session, call: Call, proposal: Proposal, candidates: Sequence[Candidate]
) -> list[Line]:
    """Some applications as the page shows them."""
    planned = planned_for(session, candidates)
    return [
        proposal.line(each, proposal.options(each, planned[each.id]))
        for each in with_details(session, call, candidates)
    ]
