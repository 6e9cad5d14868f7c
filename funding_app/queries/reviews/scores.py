"""The valid reviews of a call: how far they are apart, and who scores differently."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.access import Person, visible_to
from funding_app.models import Call, Process, Review, UserAccount
from funding_app.models.types import tagged
from funding_app.queries.reviews.assignment import opens_review
from funding_app.rules.reviewing.reviewer_bias import Given, Leaning, leanings
from funding_app.rules.scoring import knock_outs
from workflows import Registry
from workflows.vocabulary.tags import Record, Tag


@dataclass(frozen=True, slots=True)
class Scored:
    """One valid review."""

    reviewer: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """An application with its valid reviews; `may_ask` says that one more can be asked for."""

    id: uuid.UUID
    reference: str
    title: str
    may_ask: bool
    reviews: list[Scored] = field(default_factory=list)

    @property
    def lowest(self) -> Decimal:
        return min(each.score for each in self.reviews)

    @property
    def highest(self) -> Decimal:
        return max(each.score for each in self.reviews)

    @property
    def spread(self) -> Decimal:
        """Highest less lowest score."""
        return self.highest - self.lowest

    @property
    def mean(self) -> Decimal:
        """The mean of the weighted scores, as it is drawn."""
        return sum((each.score for each in self.reviews), Decimal(0)) / len(self.reviews)


@dataclass(frozen=True, slots=True)
class Scores:
    """All applications with a valid review, the widest spread first; and the reviewers' leanings.

    A leaning names its reviewer by id; `names` has the names.
    """

    spreads: Sequence[Spread]
    leanings: Sequence[Leaning]
    names: dict[str, str]


def scores_of(session: Session, definitions: Registry, call: Call, person: Person) -> Scores:
    """What the valid reviews of the applications that the person may see say beside each other."""
    spreads: dict[uuid.UUID, Spread] = {}
    given: list[Given] = []
    names: dict[str, str] = {}
    valid = select(Process.id).where(
        Process.call_id == call.id,
        Process.record == Record.REVIEW,
        tagged(Process.tags, Tag.COUNTS),
    )
    rows = session.execute(
        select(Process, Review.score, Review.reviewer_id, UserAccount.name)
        .join(Review, Review.application_id == Process.id)
        .join(UserAccount, UserAccount.id == Review.reviewer_id)
        .where(Process.call_id == call.id, Review.id.in_(valid), visible_to(person))
        .order_by(Process.reference, UserAccount.name, Review.id)
    )
    for case, score, reviewer_id, name in rows:
        assert score is not None, "a valid review was handed in with its score"
        if case.id not in spreads:
            spreads[case.id] = _spread(definitions, case)
        spreads[case.id].reviews.append(Scored(name, score))
        given.append(Given(str(case.id), str(reviewer_id), score))
        names[str(reviewer_id)] = name
    ordered = sorted(spreads.values(), key=lambda each: (-each.spread, each.reference))
    return Scores(ordered, leanings(given), names)


def _spread(definitions: Registry, case: Process) -> Spread:
    arrows = definitions.get(case.definition_key, case.definition_version).arrows_from(case.state)
    may_ask = any(opens_review(arrow) for arrow in arrows)
    return Spread(case.id, case.reference or "", case.title or "", may_ask)


def knocked_out(call: Call, reviews: Iterable[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """The titles of the call's knock-out criteria that the scores of valid reviews fail."""
    titles = {each["key"]: each["title"] for each in call.criteria if each.get("knock_out")}
    return [titles[key] for key in knock_outs(reviews, titles)]


def knock_outs_of(
    session: Session, call: Call, cases: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Mapping[str, str]]]:
    """The knock-out criteria that each of the cases fails; asks nothing where the call has none."""
    if not any(each.get("knock_out") for each in call.criteria):
        return {}
    given: dict[uuid.UUID, list[Mapping[str, Any]]] = {}
    rows = session.execute(
        select(Review.application_id, Review.scores)
        .join(Process, Process.id == Review.id)
        .where(Process.call_id == call.id, tagged(Process.tags, Tag.COUNTS))
    )
    for case_id, scores in rows:
        if case_id in cases:
            given.setdefault(case_id, []).append(scores)
    return {case_id: knocked_out(call, scores) for case_id, scores in given.items()}
