"""Whom a call is for: a table by hand, and what holds for all calls and answers."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding_app.rules.eligibility import QUESTIONS, Eligibility, Seeker, reasons, still_open

MICRO = Eligibility(
    applicants=frozenset({"association", "group"}),
    topics=frozenset({"environment", "health"}),
    least=Decimal("500.00"),
    most=Decimal("5000.00"),
    begun_excluded=True,
)
JOINT = Eligibility(
    seat="eu",
    support=frozenset({"money"}),
    least=Decimal("50000.00"),
    most=Decimal("500000.00"),
    own_share_percent=10,
    partners="required",
)
LAB = Eligibility(
    regions=frozenset({"DE-BE", "DE-BB"}),
    support=frozenset({"experts"}),
    partners="excluded",
)
EVERYONE = Eligibility(seat="anywhere", support=frozenset({"money", "advice", "experts"}))


@pytest.mark.parametrize(
    ("call", "answers", "expected"),
    [
        (MICRO, {}, ()),
        (MICRO, {"applicant": "group", "topic": "health", "amount": Decimal("5000.00")}, ()),
        (MICRO, {"applicant": "person"}, ("applicant",)),
        (MICRO, {"topic": "work"}, ("topic",)),
        (MICRO, {"amount": Decimal("499.99")}, ("amount_below",)),
        (MICRO, {"amount": Decimal("500.00")}, ()),
        (MICRO, {"amount": Decimal("5000.01")}, ("amount_above",)),
        (MICRO, {"begun": True}, ("begun",)),
        (MICRO, {"begun": False, "own_share": False, "partners": True}, ()),
        (MICRO, {"support": "advice"}, ("support",)),
        (MICRO, {"seat": "DE-SN"}, ()),
        (MICRO, {"seat": "eu"}, ("seat",)),
        (JOINT, {"seat": "eu", "own_share": True, "partners": True}, ()),
        (JOINT, {"seat": "elsewhere", "partners": False, "own_share": False},
         ("seat", "partners_required", "own_share")),
        (JOINT, {"amount": Decimal("4000.00"), "begun": True}, ("amount_below",)),
        (LAB, {"seat": "DE-BB", "support": "experts"}, ()),
        (LAB, {"seat": "DE-BY"}, ("seat",)),
        (LAB, {"seat": "eu"}, ("seat",)),
        (LAB, {"amount": Decimal("1.00")}, ("support",)),
        (LAB, {"partners": True, "support": "money"}, ("support", "partners_excluded")),
        (replace(LAB, by_invitation=True), {}, ("by_invitation",)),
        (replace(LAB, is_open=False), {"support": "advice"}, ("support", "not_open")),
        (EVERYONE, {"seat": "elsewhere", "applicant": "person", "support": "advice"}, ()),
    ],
)  # fmt: skip
def test_what_speaks_against_a_call(
    call: Eligibility, answers: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert reasons(call, Seeker(**answers)) == expected


def test_what_is_still_to_be_asked() -> None:
    assert still_open(MICRO, Seeker()) == (
        "applicant", "seat", "topic", "support", "amount", "begun",
    )  # fmt: skip
    assert still_open(LAB, Seeker(support="experts")) == ("seat", "partners")
    assert still_open(EVERYONE, Seeker(support="advice")) == ()


KINDS = ("association", "group", "person")
TOPICS = ("environment", "health")
REGIONS = ("DE-BE", "DE-SN")
AMOUNTS = st.decimals("0", "1000", places=2)


def some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


CALLS = st.builds(
    Eligibility,
    applicants=some(KINDS),
    seat=st.sampled_from(("germany", "eu", "anywhere")),
    regions=some(REGIONS),
    topics=some(TOPICS),
    support=some(("money", "advice", "experts")).filter(bool),
    least=AMOUNTS,
    most=AMOUNTS,
    own_share_percent=st.sampled_from((0, 10)),
    partners=st.sampled_from(("possible", "required", "excluded")),
    begun_excluded=st.booleans(),
    by_invitation=st.booleans(),
    is_open=st.booleans(),
)
ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "applicant": st.sampled_from(KINDS),
    "seat": st.sampled_from((*REGIONS, "eu", "elsewhere")),
    "topic": st.sampled_from(TOPICS),
    "support": st.sampled_from(("money", "advice", "experts")),
    "amount": AMOUNTS,
    "partners": st.booleans(),
    "own_share": st.booleans(),
    "begun": st.booleans(),
}
COMPLETE = st.builds(Seeker, **ANSWERS)
GIVEN = st.sets(st.sampled_from(sorted(ANSWERS)))


def only(seeker: Seeker, names: set[str]) -> Seeker:
    return Seeker(**{name: getattr(seeker, name) for name in names})


def test_the_questions_are_the_answers_there_can_be() -> None:
    assert set(QUESTIONS) == {each.name for each in fields(Seeker)} == set(ANSWERS)


@given(CALLS, COMPLETE, GIVEN, GIVEN)
def test_a_further_answer_never_brings_a_call_back(
    call: Eligibility, seeker: Seeker, few: set[str], more: set[str]
) -> None:
    before, after = reasons(call, only(seeker, few)), reasons(call, only(seeker, few | more))
    assert set(before) <= set(after)


@given(CALLS, COMPLETE, GIVEN)
def test_what_fits_with_nothing_left_to_ask_fits_for_good(
    call: Eligibility, seeker: Seeker, few: set[str]
) -> None:
    if seeker.support != "money":
        seeker = replace(seeker, amount=None)  # who needs no money is not asked how much
    known = only(seeker, few)
    to_ask = set(still_open(call, known))
    # An answer that could not matter changes nothing, and one that does was asked for.
    unasked = only(seeker, few | (set(ANSWERS) - to_ask))
    if "support" not in to_ask:
        assert reasons(call, unasked) == reasons(call, known)
    if not to_ask:
        assert reasons(call, seeker) == reasons(call, known)


@given(CALLS, COMPLETE)
def test_every_reason_is_about_an_answer_or_about_the_call_itself(
    call: Eligibility, seeker: Seeker
) -> None:
    """Taking back the answers behind the reasons makes any call fit that is open to all."""
    told = set(reasons(call, seeker))
    own = {"by_invitation", "not_open"}
    behind = {code.partition("_")[0] if code != "own_share" else code for code in told - own}
    if "support" in behind:
        behind.add("amount")
    assert set(reasons(call, only(seeker, set(ANSWERS) - behind))) == told & own
