"""Guards one by one: what they hold on, and by which code they refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.workflows.walk import NOW, child
from workflows.definition import Call
from workflows.guards import GUARDS, excludes
from workflows.snapshot import Actor, Refusal, Snapshot
from workflows.vocabulary import FACTS, REFUSAL_CODES

PAID = {"kind": "payment_request", "states": ["paid"]}


def refusal(name: str, params: dict[str, Any], **seen: Any) -> Refusal | None:
    actor = seen.pop("actor", Actor("anna", frozenset({"approver"})))
    return GUARDS[name].holds(Snapshot("state", NOW, actor, **seen), params)


def test_every_guard_reads_known_facts_and_refuses_by_known_codes() -> None:
    for guard in GUARDS.values():
        assert set(guard.facts) <= set(FACTS)
        assert guard.codes
        assert set(guard.codes) <= set(REFUSAL_CODES)
        assert set(guard.meaning) == {"de", "en"}
        assert guard.opposite is None or guard.opposite in GUARDS


@pytest.mark.parametrize(
    "name", [name for name in GUARDS if name in FACTS and FACTS[name].kind == "yes_no"]
)
def test_a_guard_named_by_its_fact_holds_where_the_fact_does(name: str) -> None:
    assert refusal(name, {}, facts={name: True}) is None
    assert refusal(name, {}, facts={name: False}) == Refusal(GUARDS[name].codes[0])


def test_opposites_never_hold_together() -> None:
    for guard in GUARDS.values():
        if (
            guard.opposite is None
            or not guard.facts
            or any(FACTS[name].kind == "number" for name in guard.facts)
        ):
            continue
        facts = {name: True for name in guard.facts} | {"proposer": "anna", "second_roles": []}
        for value in (True, False):
            seen = facts | {name: value for name in guard.facts if FACTS[name].kind == "yes_no"}
            held = [refusal(name, {}, facts=seen) for name in (guard.name, guard.opposite)]
            assert held.count(None) <= 1


@pytest.mark.parametrize(
    ("data", "held"),
    [
        (None, [True, True]),
        ({"why": "conflict"}, [True, False]),
        ({"why": "no_time"}, [False, True]),
        ({}, [False, True]),
    ],
)
def test_what_was_chosen_is_this_or_something_else(
    data: dict[str, Any] | None, held: list[bool]
) -> None:
    params = {"field": "why", "value": "conflict"}
    found = [refusal(name, params, data=data) for name in ("answer_is", "answer_is_not")]
    assert [each is None for each in found] == held


@pytest.mark.parametrize("free", [0, 9, 10, 11])
def test_a_lab_has_the_hours_or_has_not(free: int) -> None:
    facts = {"capacity": free, "recorded": {"hours": 10}}
    held = [refusal(name, {}, facts=facts) is None for name in ("capacity_free", "capacity_taken")]
    assert held == [free >= 10, free < 10]


@pytest.mark.parametrize(("missing", "denied"), [(0, 0), (1, 0), (1, 1), (3, 2)])
def test_ministries_consent_or_one_refuses(missing: int, denied: int) -> None:
    facts = {"consents_missing": missing, "consents_denied": denied}
    held = [
        refusal(name, {}, facts=facts) is None for name in ("consents_given", "consent_refused")
    ]
    assert held == [missing == 0, denied > 0]


@pytest.mark.parametrize("counted", range(4))
@pytest.mark.parametrize("still_open", range(2))
def test_reviews_suffice_fall_short_or_are_awaited(counted: int, still_open: int) -> None:
    facts = {"reviews_counted": counted, "reviews_needed": 2, "reviews_open": still_open}
    sufficient = refusal("reviews_sufficient", {}, facts=facts) is None
    short = refusal("reviews_short", {}, facts=facts) is None
    assert (sufficient, short) == (counted >= 2 and not still_open, counted < 2)


def test_the_newest_child_counts() -> None:
    paid, bounced = child("payment_request", "paid"), child("payment_request", "submitted")
    assert refusal("child_in", PAID, children=(bounced, paid)) is None
    missing = Refusal("child_missing", {"kind": "payment_request"})
    assert refusal("child_in", PAID, children=(paid, bounced)) == missing
    assert refusal("child_in", PAID, children=(child("report", "paid"),)) == missing


def test_all_children_have_to_be_there_and_done() -> None:
    paid, waiting = child("payment_request", "paid"), child("payment_request", "draft")
    assert refusal("children_all", PAID, children=(paid, paid)) is None
    for children, missing in (((), 1), ((paid, waiting), 1), ((waiting, waiting), 2)):
        found = refusal("children_all", PAID, children=children)
        assert found == Refusal("child_missing", {"kind": "payment_request", "missing": missing})


@pytest.mark.parametrize(("there", "missing"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_as_many_children_as_a_fact_says(there: int, missing: int) -> None:
    params = {**PAID, "fact": "reviews_needed"}
    children = (child("payment_request", "paid"),) * there
    found = refusal("children_at_least", params, children=children, facts={"reviews_needed": 2})
    assert (found.params["missing"] if found else 0) == missing
    assert GUARDS["children_at_least"].reads(params) == {"reviews_needed"}


def test_no_child_is_open_but_those_excepted_and_approvals() -> None:
    children = (child("approval", "pending"), child("co_signature", "signed"))
    found = Refusal("child_open", {"kind": "co_signature"})
    assert refusal("no_open_children", {}, children=children) == found
    assert refusal("no_open_children", {"except": ["co_signature"]}, children=children) is None
    assert refusal("no_open_children", {}, children=(child("x", "y", terminal=True),)) is None


def test_four_eyes_look_at_every_named_event() -> None:
    params = {"from": ["certify", "submit"]}
    assert refusal("different_person", params) is None
    assert refusal("different_person", params, performers={"certify": "boris"}) is None
    found = refusal("different_person", params, performers={"submit": "anna"})
    assert found == Refusal("four_eyes_violation", {"event": "submit"})


def test_the_second_person_is_another_with_the_right_role() -> None:
    facts = {"proposer": "anna", "second_roles": ["approver"]}
    assert refusal("is_second_person", {}, facts=facts) == Refusal(
        "four_eyes_violation", {"event": "propose"}
    )
    boris = Actor("boris", frozenset({"case_officer"}))
    assert refusal("is_second_person", {}, facts=facts, actor=boris) == Refusal("not_permitted")
    clara = Actor("clara", frozenset({"approver"}))
    assert refusal("is_second_person", {}, facts=facts, actor=clara) is None


@pytest.mark.parametrize(
    ("data", "held"),
    [(None, True), ({}, False), ({"a": True}, False), ({"a": True, "b": True}, True),
     ({"a": True, "b": "true"}, False)],
)  # fmt: skip
def test_a_confirmation_is_a_plain_yes_once_there_is_data(
    data: dict[str, Any] | None, held: bool
) -> None:
    assert (refusal("confirmed", {"fields": ["a", "b"]}, data=data) is None) is held


def test_what_can_not_hold_together() -> None:
    grant, reject = (Call("decision_is", {"kind": kind}) for kind in ("grant", "reject"))
    assert excludes(grant, reject)
    assert not excludes(grant, grant)
    assert excludes(Call("in_time"), Call("late"))
    assert not excludes(Call("in_time"), Call("form_complete"))
    assert not excludes(Call("in_time"), Call("in_time"))
    due, done = (Call("child_in", {"kind": "a", "states": [state]}) for state in ("due", "done"))
    assert excludes(due, done)
    assert not excludes(due, Call("child_in", {"kind": "b", "states": ["done"]}))


@pytest.mark.parametrize(("wanted", "holds"), [(4, True), (5, True), (6, False), (None, True)])
def test_further_hours_are_there_or_are_not(wanted: int | None, holds: bool) -> None:
    facts = {"capacity": 5}
    found = refusal("capacity_for_more", {}, facts=facts, data={"more_hours": wanted})
    assert found == (None if holds else Refusal("capacity_insufficient", {"free": 5}))


@pytest.mark.parametrize(("free", "possible"), [(0, False), (1, True)])
def test_further_hours_are_possible_while_one_is_left(free: int, possible: bool) -> None:
    found = refusal("capacity_for_more", {}, facts={"capacity": free}, data=None)
    assert (found is None) == possible


@pytest.mark.parametrize(
    ("price", "ceiling", "within"),
    [("100.00", "100.00", True), ("100.01", "100.00", False), ("1", None, False),
     (None, "100.00", False), ("", "100.00", False)],
)  # fmt: skip
def test_a_contract_needs_a_price_and_a_ceiling(
    price: str | None, ceiling: str | None, within: bool
) -> None:
    facts = {"recorded": {"ceiling": ceiling} if ceiling else {}}
    found = refusal("contract_within_ceiling", {}, facts=facts, data={"price": price})
    assert (found is None) == within
    assert refusal("contract_within_ceiling", {}, facts=facts, data=None) is None


def test_the_first_day_that_does_not_lie_ahead_is_named() -> None:
    today = NOW.date().isoformat()
    later = (NOW.date() + timedelta(days=1)).isoformat()
    fields = {"fields": ["one", "two"]}
    late = refusal("day_ahead", fields, data={"one": today, "two": today})
    assert late == Refusal("day_not_ahead", {"field": "one"})
    second = refusal("day_ahead", fields, data={"one": later, "two": today})
    assert second == Refusal("day_not_ahead", {"field": "two"})
    assert refusal("day_ahead", fields, data={"one": later, "two": later}) is None
