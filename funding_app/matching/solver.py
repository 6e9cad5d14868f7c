"""The best assignment, as a transport problem solved by HiGHS.

Every possible pair, every further review of a reviewer and every missing review is a flow between
none and one. The steps of a reviewer's load get dearer, so the cheap ones fill first and the load
spreads. Such a problem has an optimum in whole numbers, which the simplex method ends in: solving
it needs no search, and its dual values prove that nothing better exists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from funding_app.matching.model import Assignment, Pair, Reviewer, Shortage, Wanted, Weights, fit
from funding_app.matching.prices import Prices, prices_for

WHOLE = 1e-6


class NotSolved(Exception):
    """The solver gave no optimum in whole numbers, which its method promises."""


def assign(
    wanted: Collection[Wanted], reviewers: Collection[Reviewer], weights: Weights | None = None
) -> Assignment:
    """The assignment that lacks the fewest reviews, and among these costs the least.

    The same values give the same proposal, in whatever order they come. Raises `NotSolved`.
    """
    cases = sorted(wanted, key=lambda each: each.key)
    people = sorted(reviewers, key=lambda each: each.key)
    prices = prices_for(cases, people, weights or Weights())
    problem = _problem(cases, people, prices)
    if not problem.costs:
        return Assignment((), (), 0.0, 0.0)
    chosen, cost, bound = _solve(problem)
    pairs = [pair for pair, taken in zip(problem.pairs, chosen, strict=False) if taken]
    lacking = _shortages(pairs, cases, people)
    fixed = prices.missing * sum(each.missing for each in lacking)
    return Assignment(_told(pairs, cases, people), lacking, cost - fixed, bound - fixed)


@dataclass(slots=True)
class _Problem:
    """Columns between 0 and 1, each in one or two rows; every row has to come to its total."""

    totals: list[int]
    pairs: list[tuple[int, int]] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)

    def column(self, cost: int, *entries: tuple[int, int]) -> None:
        """One flow: its cost, and what it adds to which row."""
        self.starts.append(len(self.rows))
        self.costs.append(cost)
        self.rows.extend(row for row, _value in entries)
        self.values.extend(value for _row, value in entries)


def _problem(cases: Sequence[Wanted], people: Sequence[Reviewer], prices: Prices) -> _Problem:
    made = _Problem([case.needed for case in cases] + [0] * len(people))
    for row, case in enumerate(cases):
        for place, person in enumerate(people):
            if case.needed and person.free and person.key not in case.barred:
                made.pairs.append((row, place))
                made.column(prices.pair(case, person), (row, 1), (len(cases) + place, 1))
    for place, person in enumerate(people):
        for more in range(1, min(person.free, len(cases)) + 1):
            made.column(prices.step(person.load + more), (len(cases) + place, -1))
    for row, case in enumerate(cases):
        for number in range(case.needed):
            made.column(prices.lack(number), (row, 1))
    return made


def _solve(problem: _Problem) -> tuple[list[bool], float, float]:
    """Which columns are taken, at which cost, and the proven bound."""
    import highspy  # noqa: PLC0415 - large, and only needed where something is assigned
    import numpy  # noqa: PLC0415

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
        solver.setOptionValue(name, value)
    solver.passModel(_model(problem))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise NotSolved(str(solver.getModelStatus()))
    found = solver.getSolution()
    values = numpy.array(found.col_value)
    chosen = values > 0.5
    if numpy.abs(values - chosen).max() > WHOLE:
        raise NotSolved("a review can not be cut in parts")
    cost = float(numpy.array(problem.costs)[chosen].sum())
    return chosen.tolist(), cost, _bound(problem, numpy.array(found.row_dual))


def _model(problem: _Problem) -> Any:
    import highspy  # noqa: PLC0415
    import numpy  # noqa: PLC0415

    count = len(problem.costs)
    totals = numpy.array(problem.totals, dtype=float)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(totals)
    model.col_cost_ = numpy.array(problem.costs, dtype=float)
    model.col_lower_, model.col_upper_ = numpy.zeros(count), numpy.ones(count)
    model.row_lower_ = model.row_upper_ = totals
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = numpy.array([*problem.starts, len(problem.rows)])
    model.a_matrix_.index_ = numpy.array(problem.rows)
    model.a_matrix_.value_ = numpy.array(problem.values, dtype=float)
    return model


def _bound(problem: _Problem, duals: Any) -> float:
    """The least any proposal costs, by weak duality: true for whatever dual values."""
    import numpy  # noqa: PLC0415

    rows, values = numpy.array(problem.rows), numpy.array(problem.values)
    priced = numpy.add.reduceat(duals[rows] * values, problem.starts)
    saved = numpy.minimum(numpy.array(problem.costs) - priced, 0.0).sum()
    return float(numpy.array(problem.totals) @ duals + saved)


def _told(
    pairs: Sequence[tuple[int, int]], cases: Sequence[Wanted], people: Sequence[Reviewer]
) -> list[Pair]:
    """The pairs with their reasons; loads count up in the order of the applications."""
    loads = [person.load for person in people]
    told = []
    for row, place in pairs:
        case, person = cases[row], people[place]
        loads[place] += 1
        told.append(explained(case, person, loads[place]))
    return told


def explained(case: Wanted, person: Reviewer, load: int) -> Pair:
    """A pair with what speaks for it and against it, at the load that the reviewer has with it."""
    return Pair(
        case.key,
        person.key,
        tuple(sorted(case.fields & person.fields)),
        fit(case.fields, person.fields),
        bool(case.region) and case.region == person.region,
        load,
        person.most,
    )


def _shortages(
    pairs: Sequence[tuple[int, int]], cases: Sequence[Wanted], people: Sequence[Reviewer]
) -> list[Shortage]:
    got = Counter(row for row, _place in pairs)
    return [
        Shortage(case.key, case.needed - got[row], _eligible(case, people), case.needed)
        for row, case in enumerate(cases)
        if got[row] < case.needed
    ]


def _eligible(case: Wanted, people: Sequence[Reviewer]) -> int:
    return sum(person.key not in case.barred for person in people)
