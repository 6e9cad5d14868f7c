"""What an assignment is made of: applications that want reviews, reviewers, and what came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

FULL_FIT = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """An application and how many more reviews it wants.

    `barred` are the reviewers who must not be asked: suspected of a conflict, or asked already.
    `region` is where the applicant sits, empty where nobody knows.
    """

    key: str
    needed: int
    fields: frozenset[str] = frozenset()
    region: str = ""
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A reviewer with the reviews held already and the most that are asked in one call."""

    key: str
    most: int
    fields: frozenset[str] = frozenset()
    region: str = ""
    load: int = 0

    @property
    def free(self) -> int:
        """How many more reviews may be asked."""
        return max(self.most - self.load, 0)


@dataclass(frozen=True, slots=True)
class Weights:
    """What is given up for what, in points of a perfect fit's hundred.

    `load` is the price of a reviewer's next review at the average load; it grows evenly with the
    load, so that the busiest are asked last. `region` is the price of a pair from one region.
    """

    load: int = 20
    region: int = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """A proposed review: what fits, how well, and the reviewer's load with it."""

    application: str
    reviewer: str
    matched: tuple[str, ...]
    fit: int
    same_region: bool
    load: int
    most: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """An application that lacks reviews: how many, and how many persons may be asked at all.

    Where `eligible` is below what it needs, conflicts are the reason; else the loads are.
    """

    application: str
    missing: int
    eligible: int
    needed: int

    @property
    def by_conflict(self) -> bool:
        """Whether even free loads would not help."""
        return self.eligible < self.needed


@dataclass(frozen=True, slots=True)
class Assignment:
    """The proposal, what it lacks, and the proof how good it is.

    `cost` is the price of this proposal without the reviews that are missing; `bound` the least
    that any proposal can cost, as proven by the solver's dual values.
    """

    pairs: Sequence[Pair]
    shortages: Sequence[Shortage]
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """How much worse than the proven optimum this may be, as a share of it (0 is optimal)."""
        return max(self.cost - self.bound, 0.0) / max(abs(self.bound), 1.0)

    @property
    def loads(self) -> Mapping[str, int]:
        """New reviews by reviewer, of those who got any."""
        return Counter(pair.reviewer for pair in self.pairs)


def fit(wanted: Collection[str], known: Collection[str]) -> int:
    """The share of an application's fields that a reviewer knows, in percent.

    An application without fields fits everyone alike: nothing is known for or against.
    """
    if not wanted:
        return 0
    return round(FULL_FIT * len(set(wanted) & set(known)) / len(wanted))
