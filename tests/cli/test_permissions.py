"""The permission table says what the engine does; routes say who may ask for them."""

from __future__ import annotations

import json

import pytest

import workflows
from funding_app.queries.operations.policy import ALLOWED, Rule, policy
from funding_app.web.access import ENDPOINTS
from tests.fixtures.commands import Run
from workflows.vocabulary import ROLES


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    """Every cell of the table."""
    return list(policy(workflows.load().all()))


def test_table_has_every_role_kind_state_and_event(rules: list[Rule]) -> None:
    cells = {(rule.role, rule.kind, rule.state, rule.event) for rule in rules}
    related = set(ROLES) - {"tech_admin"}
    for definition in workflows.load().all():
        events = {arrow.event for arrow in definition.transitions}
        for state in definition.states:
            for event in events:
                assert {(role, definition.key, state, event) for role in related} <= cells


def test_permitted_is_exactly_what_a_definition_gives_to_a_role(rules: list[Rule]) -> None:
    given = {
        (role, definition.key, arrow.source, arrow.event)
        for definition in workflows.load().all()
        for arrow in definition.transitions
        if arrow.by == "person"
        for role in arrow.roles
    }
    allowed = {(r.role, r.kind, r.state, r.event) for r in rules if r.answer == ALLOWED}
    assert allowed == given


def test_without_a_relation_nothing_is_permitted(rules: list[Rule]) -> None:
    unrelated = [rule for rule in rules if rule.relation == "none"]
    assert unrelated
    assert {rule.answer for rule in unrelated} == {"not_permitted", "wrong_state"}


def test_technical_administrators_have_no_case_rights(rules: list[Rule]) -> None:
    answers = {rule.answer for rule in rules if rule.role == "tech_admin"}
    assert answers == {"not_permitted", "wrong_state"}


def test_four_eyes_and_guards_stand_beside_what_is_permitted(rules: list[Rule]) -> None:
    approve = next(
        rule
        for rule in rules
        if rule.kind == "grant_case" and rule.second and rule.answer == ALLOWED
    )
    assert set(approve.second) <= set(ROLES)
    assert any("incomplete" in rule.depends_on for rule in rules if rule.event == "submit")


def test_policy_is_printed_for_people_and_for_programs(funding: Run) -> None:
    facts = json.loads(funding("policy", "--kind", "micro_grant", "--json").stdout)
    assert {fact["kind"] for fact in facts} == {"micro_grant"}
    assert {"allowed", "not_permitted", "wrong_state"} == {fact["answer"] for fact in facts}
    text = funding("policy", "--kind", "micro_grant", "--role", "case_officer").stdout
    assert "case_officer (everywhere)" in text
    assert "applicant" not in text
    assert funding("policy", "--kind", "no_such_kind").returncode == 2


def test_routes_say_who_may_ask(funding: Run) -> None:
    done = funding("routes", "--json")
    assert done.returncode == 0, done.stdout
    found = {route["endpoint"]: route["access"] for route in json.loads(done.stdout)}
    assert found["applications.tasks"] == "signed_in"
    assert found["api.me"] == "token"
    assert found["operations.start"] == "public"


def test_a_route_that_nobody_declared_is_named_and_not_served(
    funding: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ENDPOINTS, "people.register")
    listed = funding("routes")
    assert (listed.returncode, listed.stdout) == (1, "")
    assert "nobody has said who may ask for people.register: " in listed.stderr
    served = funding("serve", "--host", "256.0.0.1")
    assert served.returncode == 2
    assert listed.stderr in served.stderr
