"""Reviewers who score the same applications differently from the others, and how sure that is.

No law sets this. It is a hint for the office to look, not a finding: with few common reviews the
difference is chance, so that nobody is marked by fewer than three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from funding_app.rules.money import rounded

LEAST_COMMON = 3
LEAST_DIFFERENCE = Fraction(1, 2)
SAME_WAY = Fraction(3, 4)


@dataclass(frozen=True, slots=True)
class Given:
    """A review's weighted score (0 to 5)."""

    application: str
    reviewer: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class Leaning:
    """How far a reviewer is from the others' mean on the same applications, on average.

    `common` counts the applications that others reviewed as well. `marked` is `higher`, `lower` or
    empty: at least three in common, half a point apart, three in four the same way.
    """

    reviewer: str
    common: int
    difference: Decimal
    marked: str


def leanings(given: Iterable[Given]) -> list[Leaning]:
    """Of everyone with a review in common with others, those furthest from them first."""
    by_application: Mapping[str, list[Given]] = defaultdict(list)
    for one in given:
        by_application[one.application].append(one)
    apart: Mapping[str, list[Fraction]] = defaultdict(list)
    for reviews in by_application.values():
        total = sum((Fraction(each.score) for each in reviews), Fraction(0))
        for each in reviews if len(reviews) > 1 else ():
            others = (total - Fraction(each.score)) / (len(reviews) - 1)
            apart[each.reviewer].append(Fraction(each.score) - others)
    found = [_leaning(reviewer, differences) for reviewer, differences in apart.items()]
    return sorted(found, key=lambda each: (-abs(each.difference), each.reviewer))


def _leaning(reviewer: str, differences: list[Fraction]) -> Leaning:
    mean = sum(differences, Fraction(0)) / len(differences)
    alike = sum(each * mean > 0 for each in differences)
    sure = (
        len(differences) >= LEAST_COMMON
        and abs(mean) >= LEAST_DIFFERENCE
        and alike >= SAME_WAY * len(differences)
    )
    way = "higher" if mean > 0 else "lower"
    return Leaning(reviewer, len(differences), rounded(mean), way if sure else "")
