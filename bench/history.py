"""What was kept before, and which ratios have fallen since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Figure, strength

MOST_LOST = 0.1
"""The share of a ratio that may be lost between two runs; ratios vary by less on one machine."""
UNKEPT = "latest"
"""The name of the last run, whatever it said: no yardstick for the next."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure that has lost more than a tenth against the run in which it was kept last."""

    what: str
    run: str
    before: float
    now: float

    def __str__(self) -> str:
        return f"fallen: {self.what}: ratio {self.before:.2f} in {self.run}, now {self.now:.2f}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure of a run that was kept under a name: its ratio and its mark."""

    run: str
    ratio: float
    mark: str


def last_kept(folder: Path) -> dict[str, Kept]:
    """Each figure with a yardstick as it was kept last, by what it measures."""
    runs = [
        (json.loads(path.read_text(encoding="utf-8")), path.stem)
        for path in folder.glob("*.json")
        if path.stem != UNKEPT
    ]
    found: dict[str, Kept] = {}
    for run, name in sorted(runs, key=lambda one: str(one[0]["machine"]["date"])):
        for figure in run["figures"]:
            if figure["ratio"] is not None:
                found[figure["what"]] = Kept(name, figure["ratio"], figure["mark"])
    return found


def fallen(figures: Iterable[Figure], kept: Mapping[str, Kept]) -> Sequence[Fall]:
    """The figures that come less near to their yardsticks than they did, by more than a tenth."""
    found = []
    for figure in figures:
        before = kept.get(figure.what)
        if before is None or figure.ratio is None:
            continue
        least = (1 - MOST_LOST) * strength(before.ratio, before.mark)
        if strength(figure.ratio, figure.mark) < least:
            found.append(Fall(figure.what, before.run, before.ratio, figure.ratio))
    return found
