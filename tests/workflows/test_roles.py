"""A role is declared whole, in one place."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from funding_app import access
from workflows.vocabulary import ROLES, Relation, Role
from workflows.vocabulary.roles import DECLARED, by_id


@pytest.mark.parametrize("part", ["id", "title", "relation", "escalates_to", "outsiders"])
def test_a_role_that_is_only_half_declared_is_an_error(part: str) -> None:
    known = ROLES["mentor"]
    whole = {each.name: getattr(known, each.name) for each in fields(Role)}
    assert Role(**whole) == known
    with pytest.raises(TypeError, match=part):
        Role(**{name: value for name, value in whole.items() if name != part})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (ROLES["mentor"], "role 'mentor' is declared twice"),
        (replace(ROLES["mentor"], id="tutor", escalates_to="nobody"), "escalates to 'nobody'"),
        (replace(ROLES["mentor"], id="tutor", outsiders=None), "lack a name for outsiders"),
    ],
)
def test_roles_that_do_not_fit_together_are_told(wrong: Role, told: str) -> None:
    again = replace(wrong) if wrong.id == "mentor" else wrong
    with pytest.raises(ValueError, match=told):
        by_id((*DECLARED, again))


def test_what_counts_on_a_process_follows_from_the_relation() -> None:
    assert {
        "applicant_reader",
        "applicant_editor",
        "applicant_signatory",
    } == access.APPLICANT_ROLES
    assert {
        "ministry_expert",
        "budget_officer",
        "ministry_signatory",
        "lead_signatory",
    } == access.MINISTRY_ROLES
    assert {"reviewer"} == access.REVIEW_ROLES
    assert {"panel_member", "panel_chair"} == access.PANEL_ROLES
    assert access.PANEL_ROLES < access.OFFICE_ROLES
    related = access.APPLICANT_ROLES | access.MINISTRY_ROLES | access.REVIEW_ROLES
    assert set(ROLES) - related - access.OFFICE_ROLES == {"tech_admin"}
    assert ROLES["tech_admin"].relation is Relation.NOBODY
