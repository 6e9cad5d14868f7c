"""Scores and ranking, by hand and by property."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules import scoring

D = Decimal
SHARES = {"a": 60, "b": 40}
points = st.integers(0, 5)


@pytest.mark.parametrize(
    ("scores", "weights", "value"),
    [
        # (60 * 4 + 40 * 3) / 100
        ({"a": 4, "b": 3}, SHARES, "3.60"),
        ({"a": 0, "b": 0}, SHARES, "0.00"),
        ({"a": 5, "b": 5}, SHARES, "5.00"),
        # thirds: 33.3 * 4 + 33.3 * 4 + 33.4 * 5 = 433.4, that is 4.334
        ({"a": 4, "b": 4, "c": 5}, {"a": D("33.3"), "b": D("33.3"), "c": D("33.4")}, "4.33"),
        # a half goes up: 0.5 * 1 + 99.5 * 0 = 0.5, that is 0.005
        ({"a": 1, "b": 0}, {"a": D("0.5"), "b": D("99.5")}, "0.01"),
    ],
)
def test_a_review(scores: dict[str, int], weights: dict[str, Any], value: str) -> None:
    assert str(scoring.review_score(scores, weights)) == value


@pytest.mark.parametrize(
    ("scores", "weights"),
    [
        ({"a": 1}, SHARES),
        ({"a": 1, "b": 1, "c": 1}, SHARES),
        ({"a": 1, "c": 1}, SHARES),
        ({"a": 1, "b": 1}, {"a": 60, "b": 39}),
        ({"a": 1, "b": 1}, {"a": 60, "b": D("40.01")}),
        ({}, {}),
    ],
)
def test_weights_and_criteria_must_match(scores: dict[str, int], weights: dict[str, Any]) -> None:
    with pytest.raises(scoring.WeightsError):
        scoring.review_score(scores, weights)
    with pytest.raises(scoring.WeightsError):
        scoring.application_score([scoring.Review(scores)], weights)


def test_wrong_weights_are_found_before_there_is_a_review() -> None:
    with pytest.raises(scoring.WeightsError):
        scoring.application_score([], {"a": 99})


def test_an_application() -> None:
    # (60 * 4 + 40 * 3) / 100 = 3.60; (60 * 5 + 40 * 2) / 100 = 3.80; mean 3.70
    reviews = [scoring.Review({"a": 4, "b": 3}), scoring.Review({"a": 5, "b": 2})]
    score = scoring.application_score(
        [*reviews, scoring.Review({"a": 0, "b": 0}, discarded=True)], SHARES
    )
    assert (score.value, score.counted, score.spread) == (D("3.70"), 2, D("0.20"))
    assert score.criterion_means == {"a": D("4.50"), "b": D("2.50")}


def test_the_mean_is_rounded_once() -> None:
    # 33.3/33.3/33.4: reviews of 1.334, 1.333 and 1.333 (rounded 1.33 each): mean 1.3333
    weights = {"a": D("33.3"), "b": D("33.3"), "c": D("33.4")}
    reviews = [scoring.Review(dict(zip("abc", one, strict=True))) for one in ((1, 1, 2), (1, 2, 1))]
    # 33.3 + 33.3 + 66.8 = 133.4; 33.3 + 66.6 + 33.4 = 133.3; mean 1.3335
    score = scoring.application_score(reviews, weights)
    assert (score.value, score.spread) == (D("1.33"), D("0.00"))
    assert score.criterion_means["b"] == D("1.50")


@pytest.mark.parametrize("reviews", [[], [scoring.Review({"a": 5, "b": 5}, discarded=True)]])
def test_without_a_review_there_is_no_score(reviews: list[scoring.Review]) -> None:
    assert scoring.application_score(reviews, SHARES) == scoring.Score(None, 0, {}, D("0.00"))


@given(st.lists(st.tuples(points, points), min_size=1, max_size=5))
def test_the_score_lies_between_the_reviews_in_any_order(given_scores: list[Any]) -> None:
    reviews = [scoring.Review({"a": one, "b": two}) for one, two in given_scores]
    single = [scoring.review_score(review.scores, SHARES) for review in reviews]
    found = scoring.application_score(reviews, SHARES)
    assert found.value is not None
    assert min(single) <= found.value <= max(single)
    assert found.spread == max(single) - min(single)
    assert found == scoring.application_score(reversed(reviews), SHARES)


def candidate(key: str, score: Any, requested: int, first: Any = 3) -> scoring.Candidate:
    return scoring.Candidate(key=key, score=score, first_criterion_mean=first, requested=requested)


def outcomes(ranked: list[scoring.Ranked]) -> list[tuple[str | int, str]]:
    return [(one.key, one.outcome) for one in ranked]


FIELD = [candidate("x", D(4), 60), candidate("y", D(4), 50), candidate("z", D(3), 40),
         candidate("w", D(1), 1)]  # fmt: skip


def test_nothing_is_funded_after_the_first_that_does_not_fit() -> None:
    # y (50) fits, x (60) does not fit the 50 left, and so z (40) waits too
    ranked = scoring.rank(FIELD, budget=100, threshold=D(2))
    assert outcomes(ranked) == [
        ("y", "funded"), ("x", "reserve"), ("z", "reserve"), ("w", "below_threshold"),
    ]  # fmt: skip
    assert [one.place for one in ranked] == [1, 2, 3, 4]


def test_with_skip_fill_the_next_that_fits_is_funded() -> None:
    ranked = scoring.rank(FIELD, budget=100, threshold=D(2), allow_skip_fill=True)
    assert outcomes(ranked) == [
        ("y", "funded"), ("x", "reserve"), ("z", "funded"), ("w", "below_threshold"),
    ]  # fmt: skip


def test_the_budget_may_be_used_to_the_last_cent_and_the_threshold_met_exactly() -> None:
    assert outcomes(scoring.rank(FIELD, budget=151, threshold=D(1))) == [
        ("y", "funded"), ("x", "funded"), ("z", "funded"), ("w", "funded"),
    ]  # fmt: skip
    assert outcomes(scoring.rank(FIELD, budget=D("150.99")))[-1] == ("w", "reserve")
    assert {out for _, out in outcomes(scoring.rank(FIELD, budget=0))} == {"reserve"}


def test_ties_go_to_the_first_criterion_then_the_smaller_request_then_the_lot() -> None:
    field = [
        candidate("4", D(4), 10, D(3)), candidate("3", D(4), 9, D(3)),
        candidate("2", D(4), 9, D(3)), candidate("1", D(4), 99, D(4)),
        candidate("0", None, 1, None), candidate("5", D("3.99"), 1, D(5)),
        candidate("6", D("3.99"), 1, None),
    ]  # fmt: skip
    for order in list(permutations(field))[::97]:
        assert [one.key for one in scoring.rank(order, budget=0)] == list("1234560")


def test_nothing_and_next_to_nothing_are_told_apart() -> None:
    field = [
        candidate("a", D(0), 1), candidate("b", D("0.50"), 1),
        candidate("c", D(0), 1, D(0)), candidate("d", D(0), 1, D("0.50")),
    ]  # fmt: skip
    assert [one.key for one in scoring.rank(field, budget=0)] == ["b", "a", "d", "c"]


def test_who_has_no_score_is_below_any_threshold() -> None:
    ranked = scoring.rank([candidate("0", None, 1), candidate("1", D(0), 1)], budget=5)
    assert outcomes(ranked) == [("1", "funded"), ("0", "below_threshold")]
    # and takes nothing of the budget, nor closes it
    ranked = scoring.rank(FIELD, budget=200, threshold=D(4))
    assert outcomes(ranked)[2:] == [("z", "below_threshold"), ("w", "below_threshold")]


@given(st.lists(st.tuples(points, st.integers(1, 100)), max_size=8), st.integers(0, 300),
       st.booleans())  # fmt: skip
def test_what_is_funded_fits_and_nobody_is_passed_over(
    field: list[tuple[int, int]], budget: int, skip: bool
) -> None:
    candidates = [candidate(str(n), D(s), cost) for n, (s, cost) in enumerate(field)]
    cost = {one.key: one.requested for one in candidates}
    ranked = scoring.rank(candidates, budget=budget, allow_skip_fill=skip)
    assert sorted(str(one.key) for one in ranked) == sorted(str(one.key) for one in candidates)
    assert sum(cost[one.key] for one in ranked if one.outcome == "funded") <= budget
    if not skip:
        kinds = [one.outcome for one in ranked]
        assert kinds == sorted(kinds)  # "funded" before "reserve"


@pytest.mark.parametrize(
    ("given", "fails"),
    [
        ((1,), True), ((2,), False), ((1, 2), True), ((1, 3), False), ((0, 4), False),
        ((1, 1, 5), True), ((2, 1, 5), False), ((0, 1, 2, 5), True), ((), False),
    ],
)  # fmt: skip
def test_a_knock_out_is_a_median_below_two(given: tuple[int, ...], fails: bool) -> None:
    reviews = [{"good": each, "new": 0} for each in given]
    assert scoring.knock_outs(reviews, ["good"]) == ["good"] * fails
    assert scoring.knock_outs(reviews, []) == []
    assert scoring.knock_outs(reviews, ["absent"]) == []
