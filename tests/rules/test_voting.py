"""Counting votes: cases computed by hand, and what holds for every vote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules.voting import (
    ABSTENTIONS,
    CHOICES,
    MAJORITIES,
    TIES,
    RuleError,
    VotingRules,
    is_quorate,
    rules_of,
    tally,
)

LAW = VotingRules()
COUNTING = replace(LAW, abstentions="against")
STRICT = replace(LAW, tie="rejected")
THIRDS = replace(LAW, majority="two_thirds")


def votes(text: str) -> list[str]:
    """`ynа`: one letter per vote."""
    return [{"y": "yes", "n": "no", "a": "abstain"}[letter] for letter in text]


@pytest.mark.parametrize(
    ("rules", "cast", "entitled", "chair", "result", "by_chair"),
    [
        (LAW, "yyn", 5, "no", "carried", False),
        (LAW, "yn", 5, "yes", "inquorate", False),  # two are fewer than three
        (LAW, "yyy", 6, "yes", "inquorate", False),  # half is not more than half
        (LAW, "yyyy", 7, "yes", "carried", False),
        (LAW, "yyaaa", 5, "abstain", "carried", False),  # abstentions do not count
        (COUNTING, "yyaaa", 5, "abstain", "rejected", False),
        (LAW, "yynn", 4, "yes", "carried", True),
        (LAW, "yynn", 4, "no", "rejected", True),
        (LAW, "ynaa", 4, "abstain", "rejected", False),
        (LAW, "yynn", 4, None, "rejected", False),  # the chair may not vote
        (STRICT, "yynn", 4, "yes", "rejected", False),
        (COUNTING, "yyna", 4, "yes", "carried", True),  # two of four
        (LAW, "aaa", 3, "abstain", "rejected", False),  # nobody is in favour
        (THIRDS, "yynn", 4, "yes", "rejected", False),
        (THIRDS, "yyn", 3, "no", "carried", False),  # exactly two thirds
        (THIRDS, "aaa", 3, None, "rejected", False),
        (replace(THIRDS, abstentions="against"), "yyna", 4, "yes", "rejected", False),
        (replace(LAW, quorum_percent=66), "yyyy", 7, "yes", "inquorate", False),  # 57 percent
        (replace(LAW, quorum_minimum=2), "yy", 3, "yes", "carried", False),
    ],
)
def test_computed_by_hand(
    rules: VotingRules, cast: str, entitled: int, chair: str | None, result: str, by_chair: bool
) -> None:
    found = tally(rules, votes(cast), entitled=entitled, chair=chair)
    assert (found.result, found.by_chair) == (result, by_chair)
    assert found.in_favour == cast.count("y")
    assert found.against == cast.count("n")
    assert found.abstained == cast.count("a")


RULES = st.builds(
    VotingRules,
    quorum_percent=st.integers(0, 99),
    quorum_minimum=st.integers(1, 9),
    majority=st.sampled_from(MAJORITIES),
    abstentions=st.sampled_from(ABSTENTIONS),
    tie=st.sampled_from(TIES),
)
CAST = st.lists(st.sampled_from(CHOICES), max_size=15)


@given(RULES, CAST, st.integers(0, 10), st.randoms())
def test_what_holds_for_every_vote(rules: VotingRules, cast: list[str], away: int, order) -> None:  # type: ignore[no-untyped-def]
    entitled, chair = len(cast) + away, cast[0] if cast else None
    found = tally(rules, cast, entitled=entitled, chair=chair)
    mixed = list(cast)
    order.shuffle(mixed)
    assert tally(rules, mixed, entitled=entitled, chair=chair) == found
    assert found.in_favour + found.against + found.abstained == len(cast)
    quorate = is_quorate(rules, entitled=entitled, present=len(cast))
    assert (found.result == "inquorate") == (not quorate)
    if found.result == "carried":
        assert found.in_favour > found.against or found.by_chair
    better = ["yes" if vote == "no" else vote for vote in cast]
    turned = tally(rules, better, entitled=entitled, chair=better[0] if better else None)
    assert not (found.result == "carried" and turned.result == "rejected")


@given(CAST)
def test_at_most_one_of_a_motion_and_its_contrary_is_carried(cast: list[str]) -> None:
    contrary = [{"yes": "no", "no": "yes"}.get(vote, vote) for vote in cast]
    results = [tally(LAW, each, entitled=len(cast)).result for each in (cast, contrary)]
    assert results.count("carried") <= 1


@pytest.mark.parametrize(
    "wrong",
    [{"tie": "lot"}, {"majority": "all"}, {"quorum": 3}, {"quorum_percent": 100}],
)
def test_unknown_rules_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        rules_of(wrong)


def test_a_call_may_say_one_rule_and_the_law_says_the_rest() -> None:
    assert rules_of({"tie": "rejected"}) == STRICT
    assert rules_of(STRICT.as_json()) == STRICT
