"""The assignment: never over a load, never a conflict, never worse than the best there is."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from funding_app.matching import Assignment, Reviewer, Wanted, Weights, assign
from funding_app.matching.prices import prices_for

FIELDS = ("health", "work", "education", "environment")
REGIONS = ("", "DE-BE", "DE-SN")
fields = st.frozensets(st.sampled_from(FIELDS), max_size=3)
regions = st.sampled_from(REGIONS)


@st.composite
def instances(
    draw: st.DrawFn, cases: int = 12, people: int = 8, needed: int = 4, most: int = 8
) -> tuple[list[Wanted], list[Reviewer]]:
    names = [f"r{number}" for number in range(draw(st.integers(0, people)))]
    reviewers = [
        Reviewer(
            name,
            draw(st.integers(0, most)),
            draw(fields),
            draw(regions),
            draw(st.integers(0, 3)),
        )
        for name in names
    ]
    barred = st.frozensets(st.sampled_from(names)) if names else st.just(frozenset())
    wanted = [
        Wanted(f"a{number}", draw(st.integers(0, needed)), draw(fields), draw(regions),
               draw(barred))
        for number in range(draw(st.integers(0, cases)))
    ]  # fmt: skip
    return wanted, reviewers


@settings(deadline=None, max_examples=150)
@given(instances())
def test_loads_conflicts_and_numbers_hold(instance: tuple[list[Wanted], list[Reviewer]]) -> None:
    wanted, reviewers = instance
    found = assign(wanted, reviewers)
    chosen = [(pair.application, pair.reviewer) for pair in found.pairs]
    assert len(set(chosen)) == len(chosen)
    barred = {case.key: case.barred for case in wanted}
    assert not any(reviewer in barred[case] for case, reviewer in chosen)
    assert all(found.loads.get(person.key, 0) <= person.free for person in reviewers)
    got = Counter(case for case, _reviewer in chosen)
    missing = {each.application: each.missing for each in found.shortages}
    assert all(got[case.key] + missing.get(case.key, 0) == case.needed for case in wanted)
    assert all(count > 0 for count in missing.values())
    assert found.gap < 1e-9


@settings(deadline=None, max_examples=60)
@given(instances(), st.randoms())
def test_the_order_of_the_values_changes_nothing(
    instance: tuple[list[Wanted], list[Reviewer]], chance: Random
) -> None:
    wanted, reviewers = instance
    found = assign(wanted, reviewers)
    chance.shuffle(wanted)
    chance.shuffle(reviewers)
    assert assign(wanted, reviewers) == found


@settings(deadline=None, max_examples=120)
@given(instances(cases=3, people=4, needed=2, most=3))
def test_nothing_better_is_found_by_trying_everything(
    instance: tuple[list[Wanted], list[Reviewer]],
) -> None:
    wanted, reviewers = instance
    found = assign(wanted, reviewers)
    missing = sum(each.missing for each in found.shortages)
    assert (missing, found.cost) == best_by_trying(wanted, reviewers)


def best_by_trying(wanted: list[Wanted], reviewers: list[Reviewer]) -> tuple[int, float]:
    """The fewest missing reviews, and the least cost with so few."""
    prices = prices_for(wanted, reviewers, Weights())
    people = {person.key: person for person in reviewers}

    def subsets(case: Wanted) -> list[tuple[str, ...]]:
        allowed = sorted(people.keys() - case.barred)
        sizes = range(min(case.needed, len(allowed)) + 1)
        return [each for size in sizes for each in combinations(allowed, size)]

    best: list[tuple[int, float]] = []
    for choice in product(*map(subsets, wanted)):
        loads = Counter(name for names in choice for name in names)
        if any(count > people[name].free for name, count in loads.items()):
            continue
        lacking = [case.needed - len(names) for case, names in zip(wanted, choice, strict=True)]
        cost = sum(
            prices.pair(case, people[name])
            for case, names in zip(wanted, choice, strict=True)
            for name in names
        )
        for name, count in loads.items():
            cost += sum(prices.step(people[name].load + more) for more in range(1, count + 1))
        cost += sum(number for lack in lacking for number in range(lack))
        best.append((sum(lacking), float(cost)))
    return min(best)


def people(count: int, most: int = 10, **same: frozenset[str]) -> list[Reviewer]:
    return [Reviewer(f"r{number}", most, **same) for number in range(count)]


def test_expertise_goes_first_and_is_told() -> None:
    knows = Reviewer("knows", 5, frozenset({"health", "work"}))
    other = Reviewer("other", 5, frozenset({"education"}))
    [pair] = assign([Wanted("a", 1, frozenset({"health"}))], [other, knows]).pairs
    assert (pair.reviewer, pair.matched, pair.fit) == ("knows", ("health",), 100)
    assert (pair.load, pair.most) == (1, 5)


def test_a_neighbour_is_asked_only_where_nobody_else_is_free() -> None:
    near, far = Reviewer("near", 5, region="DE-SN"), Reviewer("far", 1, region="DE-BE")
    found = assign([Wanted("a", 1, region="DE-SN")], [near, far])
    assert [pair.reviewer for pair in found.pairs] == ["far"]
    cases = [Wanted("a", 1, region="DE-SN"), Wanted("b", 1, region="DE-SN")]
    found = assign(cases, [near, far])
    assert sorted(pair.same_region for pair in found.pairs) == [False, True]


def test_a_region_that_nobody_knows_is_no_neighbourhood() -> None:
    [pair] = assign([Wanted("a", 1)], [Reviewer("r", 1)]).pairs
    assert not pair.same_region


def test_equals_share_the_work_evenly_and_those_behind_come_first() -> None:
    cases = [Wanted(f"a{number}", 2) for number in range(9)]
    assert set(assign(cases, people(6)).loads.values()) == {3}
    busy = [*people(2), Reviewer("busy", 10, load=6)]
    assert "busy" not in assign([Wanted(f"a{n}", 1) for n in range(8)], busy).loads


def test_what_is_short_is_named_with_its_reason() -> None:
    conflict = Wanted("conflict", 2, barred=frozenset({"r0", "r1"}))
    found = assign([conflict, Wanted("free", 2)], people(3))
    [shortage] = found.shortages
    assert (shortage.application, shortage.missing, shortage.eligible) == ("conflict", 1, 1)
    assert shortage.by_conflict
    full = assign([Wanted("a", 2), Wanted("b", 2)], people(2, most=1)).shortages
    assert [(each.application, each.missing, each.by_conflict) for each in full] == [
        ("a", 1, False),
        ("b", 1, False),
    ]


def test_nobody_and_nothing() -> None:
    assert assign([], people(3)) == Assignment((), (), 0.0, 0.0)
    [shortage] = assign([Wanted("a", 3)], []).shortages
    assert (shortage.missing, shortage.eligible) == (3, 0)


def test_the_gap_is_the_share_by_which_more_than_the_bound_is_paid() -> None:
    assert Assignment((), (), -90.0, -100.0).gap == 0.1
    assert Assignment((), (), -100.0, -100.0).gap == 0.0
