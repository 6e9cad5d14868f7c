"""How often each score was given: counted by hand."""

from __future__ import annotations

from decimal import Decimal

from funding_app.rules.reviewing.score_distribution import given_scores

REVIEWS = [
    {"score_use": "4", "score_idea": "2", "comment_use": "5"},
    {"score_use": "4", "score_idea": ""},
    {"score_use": "5"},
    {"score_use": "9", "score_idea": None, "overall_comment": "gut"},
]


def test_scores_are_counted_by_criterion_and_in_all() -> None:
    use, idea, every = given_scores(REVIEWS, ["use", "idea"])
    assert (use.counts, use.mean) == ((0, 0, 0, 0, 2, 1), Decimal("4.33"))
    assert (idea.counts, idea.mean) == ((0, 0, 1, 0, 0, 0), Decimal("2.00"))
    assert (every.counts, every.total, every.mean) == ((0, 0, 1, 0, 2, 1), 4, Decimal("3.75"))


def test_without_scores_there_is_no_mean() -> None:
    [every] = given_scores([], [])
    assert (every.total, every.mean) == (0, None)
