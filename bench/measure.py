"""A figure beside its yardstick, and how both are taken in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: ours, the yardstick's, and whether the mark is kept.

    `mark` says in words what is to be reached; `detail` holds what else is worth knowing.
    """

    what: str
    unit: str
    ours: float
    yardstick: float | None
    mark: str
    kept: bool
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours over the yardstick's."""
        return self.ours / self.yardstick if self.yardstick else None

    def as_json(self) -> dict[str, Any]:
        """The figure as plain values."""
        return asdict(self) | {"ratio": self.ratio}


def strength(ratio: float, mark: str) -> float:
    """A ratio so that more is better: of a time, its yardstick over ours."""
    return ratio if mark.startswith("≥") else 1 / ratio


def at_least(
    what: str, unit: str, ours: float, yardstick: float, share: float, **detail: Any
) -> Figure:
    """A rate that is to reach a share of the yardstick's."""
    kept = ours >= share * yardstick
    return Figure(what, unit, ours, yardstick, f"≥ {share:.2f} ×", kept, detail)


def at_most(
    what: str, unit: str, ours: float, yardstick: float | None, limit: float, **detail: Any
) -> Figure:
    """A time or size that is to stay below a limit in its own unit."""
    return Figure(what, unit, ours, yardstick, f"≤ {limit:.3g} {unit}", ours <= limit, detail)


def at_most_times(
    what: str, unit: str, ours: float, yardstick: float, times: float, **detail: Any
) -> Figure:
    """A time or size that is to stay below a multiple of the yardstick's."""
    kept = ours <= times * yardstick
    return Figure(what, unit, ours, yardstick, f"≤ {times:.3g} ×", kept, detail)


def in_turn(rounds: int, *blocks: Callable[[], int]) -> list[float]:
    """Things done per second by each block: the median of rounds in which all take turns.

    Each block returns how many things it did.
    """
    rates: list[list[float]] = [[] for _block in blocks]
    for round_ in range(rounds):
        order = range(len(blocks)) if round_ % 2 == 0 else reversed(range(len(blocks)))
        for index in order:
            gc.collect()
            begun = time.perf_counter()
            done = blocks[index]()
            rates[index].append(done / (time.perf_counter() - begun))
    return [statistics.median(found) for found in rates]


def milliseconds(samples: int, call: Callable[[], object]) -> Sequence[float]:
    """How long a call takes, sorted, without the first that warms up."""
    call()
    found = []
    for _sample in range(samples):
        begun = time.perf_counter()
        call()
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)
