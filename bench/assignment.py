"""Assigning reviewers to a large call: how long it takes and how good it is, beside greedy."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from bench.measure import Figure, at_least, at_most
from funding_app.matching import Reviewer, Wanted, Weights, assign
from funding_app.matching.prices import Prices, prices_for

APPLICATIONS, REVIEWERS, EACH = 1_000, 60, 3
FIELDS = [f"field {number}" for number in range(12)]
REGIONS = [f"region {number}" for number in range(16)]
SEED = 20260102
SECONDS, GAP = 10.0, 1.0
LOADS = {"loads to spare": (50, 60, 70), "loads that just suffice": (40, 50, 60)}
CONFLICT = 0.05


def measure(_size: int) -> Iterator[Figure]:
    """Time, gap to the proven optimum and points gained, for easy and for tight loads."""
    for what, mosts in LOADS.items():
        wanted, reviewers = instance(Random(SEED), mosts)
        yield from _compared(what, wanted, reviewers)


def instance(chance: Random, mosts: Sequence[int]) -> tuple[list[Wanted], list[Reviewer]]:
    """Applications and reviewers as a large call may have them; one pair in twenty is barred."""
    reviewers = [
        Reviewer(
            f"r{number:02}",
            mosts[number % len(mosts)],
            frozenset(chance.sample(FIELDS, chance.randint(2, 4))),
            chance.choice(REGIONS),
        )
        for number in range(REVIEWERS)
    ]
    wanted = [
        Wanted(
            f"a{number:04}",
            EACH,
            frozenset(chance.sample(FIELDS, chance.randint(1, 2))),
            chance.choice(REGIONS),
            frozenset(each.key for each in reviewers if chance.random() < CONFLICT),
        )
        for number in range(APPLICATIONS)
    ]
    return wanted, reviewers


def _compared(
    what: str, wanted: Sequence[Wanted], reviewers: Sequence[Reviewer]
) -> Iterator[Figure]:
    begun = time.perf_counter()
    found = assign(wanted, reviewers)
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    prices = prices_for(wanted, reviewers, Weights())
    gained, missing = greedy(wanted, reviewers, prices)
    naive = time.perf_counter() - begun
    lacking = sum(each.missing for each in found.shortages)
    loads = found.loads.values()
    size = f"{APPLICATIONS:,} applications × {REVIEWERS} reviewers × {EACH}, {what}"
    yield at_most(size, "s", ours, naive, SECONDS)
    yield at_most(f"{size}: gap to the proven optimum", "%", 100 * found.gap, None, GAP)
    yield at_least(
        f"{size}: points", "points", -found.cost, gained, 1.0,
        reviews=len(found.pairs), missing=lacking, missing_of_greedy=missing,
        least_load=min(loads), highest_load=max(loads),
    )  # fmt: skip


def greedy(
    wanted: Sequence[Wanted], reviewers: Sequence[Reviewer], prices: Prices
) -> tuple[float, int]:
    """One application after the other takes the cheapest who are free; points and what lacks."""
    loads = Counter({person.key: person.load for person in reviewers})
    points, missing = 0.0, 0
    for case in wanted:
        free = [
            (prices.pair(case, person) + prices.step(loads[person.key] + 1), person.key)
            for person in reviewers
            if person.key not in case.barred and loads[person.key] < person.most
        ]
        for cost, name in sorted(free)[: case.needed]:
            loads[name] += 1
            points -= cost
        lack = max(case.needed - len(free), 0)
        points -= sum(range(lack))
        missing += lack
    return points, missing
