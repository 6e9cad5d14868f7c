"""How one person has scored so far: how often each score was given, by criterion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Given:
    """How often each score from 0 to 5 was given; `mean` has two places, or none was given."""

    key: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> Decimal | None:
        if not self.total:
            return None
        points = sum(score * count for score, count in enumerate(self.counts))
        return Decimal(round(Fraction(points * 100, self.total))) / 100


def given_scores(reviews: Iterable[Mapping[str, Any]], criteria: Sequence[str]) -> list[Given]:
    """The scores in the answers of reviews, one row per criterion and then all (key `""`)."""
    found = {key: Counter[int]() for key in ("", *criteria)}
    for answers in reviews:
        for key in criteria:
            score = answers.get(f"score_{key}")
            if isinstance(score, str) and score.isdecimal() and int(score) <= HIGHEST:
                found[key][int(score)] += 1
                found[""][int(score)] += 1
    return [_row(key, found[key]) for key in (*criteria, "")]


def _row(key: str, counted: Counter[int]) -> Given:
    return Given(key, tuple(counted[score] for score in range(HIGHEST + 1)))
