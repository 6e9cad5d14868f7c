"""A call's proposal as it is read: whom to ask for which application and why, and the loads."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from funding_app.matching import Pair, Weights
from funding_app.matching.prices import price_of
from funding_app.matching.solver import explained
from funding_app.models import PlannedReview
from funding_app.queries.assignment import Candidate, Situation, planned_of
from funding_app.queries.reviewers import Reviewing


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


class Proposal:
    """The proposal over the situation of a call."""

    def __init__(self, situation: Situation, planned: Sequence[PlannedReview]) -> None:
        self.situation = situation
        self._by_case: dict[uuid.UUID, dict[uuid.UUID, PlannedReview]] = {}
        for row in planned:
            self._by_case.setdefault(row.application_id, {})[row.reviewer_id] = row
        known = {each.id: each for each in situation.candidates}
        self._planned = Counter(
            row.reviewer_id
            for row in planned
            if row.application_id in known
            and str(row.reviewer_id) not in known[row.application_id].asked
        )

    @property
    def candidates(self) -> list[Candidate]:
        """The applications that want reviews or are named in the proposal."""
        return [
            each for each in self.situation.candidates if each.needed or each.id in self._by_case
        ]

    @property
    def planned(self) -> int:
        """How many reviews are planned and not open yet."""
        return sum(self._planned.values())

    @property
    def needed(self) -> int:
        """How many reviews the call's applications lack."""
        return sum(each.needed for each in self.situation.candidates)

    @property
    def loads(self) -> list[Load]:
        """Every reviewer with the load, by name."""
        return [Load(person, self._planned[person.id]) for person in self.situation.people]

    @property
    def free(self) -> int:
        """How many more reviews all loads together allow, before the proposal."""
        return sum(person.reviewer().free for person in self.situation.people)

    def line(self, candidate: Candidate) -> Line:
        """An application with those whom the proposal names."""
        options = self.options(candidate)
        eligible = sum(
            not each.suspected and str(each.person.id) not in candidate.asked for each in options
        )
        return Line(candidate, [each for each in options if each.planned], eligible)

    def options(self, candidate: Candidate) -> list[Option]:
        """Everybody who may be asked or is named, the best first and the suspected last."""
        suspected = self.situation.suspected(candidate)
        planned = self._by_case.get(candidate.id, {})
        wanted = candidate.wanted()
        found = []
        for person in self.situation.people:
            row, opened = planned.get(person.id), str(person.id) in candidate.asked
            if opened and row is None:
                continue
            load = person.load + self._planned[person.id]
            pair = explained(wanted, person.reviewer(), load)
            reasons = suspected.get(str(person.id), ())
            by_hand = row is not None and row.by_hand
            found.append(Option(person, pair, reasons, row is not None, by_hand, opened))
        return sorted(
            found,
            key=lambda each: (
                bool(each.suspected),
                price_of(wanted, each.person.reviewer(), Weights()),
                each.pair.load,
                each.person.name,
            ),
        )


def proposal_of(session: Session, call_id: uuid.UUID, situation: Situation) -> Proposal:
    """The present proposal of a call; empty where none was made."""
    return Proposal(situation, planned_of(session, call_id))
