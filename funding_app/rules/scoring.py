"""Scores of reviews and applications, and the ranking of a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from funding_app.rules.money import in_cents, rounded

Number = int | Decimal
FULL_WEIGHT = 100
KNOCK_OUT_BELOW = 2


class WeightsError(ValueError):
    """Weights that do not add up to 100, or criteria that do not match them."""


@dataclass(frozen=True, slots=True)
class Review:
    """One review's scores by criterion; a discarded one is kept and not counted."""

    scores: Mapping[str, Number]
    discarded: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """An application's score: mean of the reviews that count, each with two places."""

    value: Decimal | None
    counted: int
    criterion_means: Mapping[str, Decimal]
    spread: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application in the ranking; `key` is its recorded lot number."""

    key: str | int
    score: Decimal | None
    first_criterion_mean: Decimal | None
    requested: Number


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the ranking; `outcome` is `funded`, `reserve` or `below_threshold`."""

    key: str | int
    place: int
    outcome: str


def _check_weights(weights: Mapping[str, Number]) -> None:
    if sum(Fraction(weight) for weight in weights.values()) != FULL_WEIGHT:
        raise WeightsError("the weights do not add up to 100")


def _exact(scores: Mapping[str, Number], weights: Mapping[str, Number]) -> Fraction:
    if scores.keys() != weights.keys():
        raise WeightsError("scores and weights name different criteria")
    weighted = (Fraction(weights[name]) * Fraction(scores[name]) for name in weights)
    return sum(weighted, Fraction(0)) / FULL_WEIGHT


def review_score(scores: Mapping[str, Number], weights: Mapping[str, Number]) -> Decimal:
    """Σ(weight · score) / 100 with two places. Raises `WeightsError`."""
    _check_weights(weights)
    return rounded(_exact(scores, weights))


def application_score(reviews: Iterable[Review], weights: Mapping[str, Number]) -> Score:
    """The mean over the unrounded scores of the reviews that count, rounded once.

    Raises `WeightsError`. `value` is `None` where no review counts.
    """
    _check_weights(weights)
    counted = [review for review in reviews if not review.discarded]
    exact = [_exact(review.scores, weights) for review in counted]
    if not exact:
        return Score(None, 0, {}, Decimal("0.00"))
    means = {
        name: rounded(sum((Fraction(r.scores[name]) for r in counted), Fraction(0)) / len(counted))
        for name in weights
    }
    mean = sum(exact, Fraction(0)) / len(exact)
    return Score(rounded(mean), len(exact), means, rounded(max(exact) - min(exact)))


def knock_outs(reviews: Iterable[Mapping[str, Number]], criteria: Iterable[str]) -> list[str]:
    """The knock-out criteria on which the median of the reviews that count is below 2.

    A criterion that no review scored knocks nothing out.
    """
    counted = list(reviews)
    scores = {name: [Fraction(each[name]) for each in counted if name in each] for name in criteria}
    return [name for name, found in scores.items() if found and median(found) < KNOCK_OUT_BELOW]


def _order(candidate: Candidate) -> tuple[bool, Decimal, Decimal, int, str | int]:
    return (
        candidate.score is None,
        -(candidate.score or Decimal(0)),
        -(candidate.first_criterion_mean or Decimal(0)),
        in_cents(candidate.requested),
        candidate.key,
    )


def rank(
    candidates: Iterable[Candidate],
    *,
    budget: Number,
    threshold: Decimal | None = None,
    allow_skip_fill: bool = False,
) -> list[Ranked]:
    """Orders by score, first criterion's mean, smaller request, lot; and says what is funded.

    Without `allow_skip_fill` nothing after the first that does not fit the budget (euro) is funded.
    """
    left, full = in_cents(budget), False
    ranked = []
    for place, candidate in enumerate(sorted(candidates, key=_order), start=1):
        requested = in_cents(candidate.requested)
        if candidate.score is None or (threshold is not None and candidate.score < threshold):
            outcome = "below_threshold"
        elif requested <= left and not full:
            outcome, left = "funded", left - requested
        else:
            outcome, full = "reserve", not allow_skip_fill
        ranked.append(Ranked(candidate.key, place, outcome))
    return ranked
