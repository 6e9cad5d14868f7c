"""How far a reviewer's scores of samples are from the reference scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Deviation:
    """The deviations of one reviewer from the reference, in points; above zero is more generous.

    `mean` keeps the sign, `distance` is the mean of the deviations without it.
    """

    count: int
    mean: Fraction
    distance: Fraction
    lowest: int
    highest: int


def differences(given: Mapping[str, int], reference: Mapping[str, int]) -> dict[str, int]:
    """Given less reference, by criterion that both have."""
    return {name: given[name] - reference[name] for name in reference if name in given}


def deviation(found: Iterable[int]) -> Deviation | None:
    """What some differences come to; `None` where there are none."""
    points = list(found)
    if not points:
        return None
    return Deviation(
        len(points),
        Fraction(sum(points), len(points)),
        Fraction(sum(map(abs, points)), len(points)),
        min(points),
        max(points),
    )
