"""What proposals cost. Everything is whole numbers, so that an optimum is exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from funding_app.matching.model import FULL_FIT, Reviewer, Wanted, Weights, fit


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a pair, of a reviewer's n-th review, and of a review that is missing."""

    weights: Weights
    fair: float
    missing: int

    def pair(self, wanted: Wanted, reviewer: Reviewer) -> int:
        """Of asking this reviewer for this application, whatever the load."""
        return price_of(wanted, reviewer, self.weights)

    def step(self, load: int) -> int:
        """Of the review that brings a reviewer to this load: dearer each time."""
        return round(self.weights.load * load / self.fair)

    def lack(self, number: int) -> int:
        """Of an application's n-th missing review: a second one is worse than one elsewhere."""
        return self.missing + number


def price_of(wanted: Wanted, reviewer: Reviewer, weights: Weights) -> int:
    """A good fit is cheap, a pair from one region dear."""
    near = bool(wanted.region) and wanted.region == reviewer.region
    return weights.region * near - fit(wanted.fields, reviewer.fields)


def prices_for(wanted: Sequence[Wanted], reviewers: Sequence[Reviewer], weights: Weights) -> Prices:
    """Prices at which no saving elsewhere ever pays for leaving a review out.

    One more review can be bought by moving at most one review of every reviewer, so a missing one
    costs more than all these moves together can.
    """
    needed = sum(each.needed for each in wanted)
    held = sum(each.load for each in reviewers)
    fair = max((needed + held) / max(len(reviewers), 1), 1.0)
    dearest = Prices(weights, fair, 0).step(max((each.most for each in reviewers), default=0))
    move = FULL_FIT + weights.region + dearest + max((each.needed for each in wanted), default=0)
    return Prices(weights, fair, 2 * (len(reviewers) + 1) * (move + 1))
