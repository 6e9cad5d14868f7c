"""Who reviews: with how many reviews in hand, and tied to whom."""

from __future__ import annotations

import pytest

from funding_app.models import ReviewerProfile, RoleAssignment
from funding_app.queries.reviews.readable import declared_against
from funding_app.queries.reviews.reviewers import load_in_call, referees, reviewers
from tests.support.rows import NOW, Rows

STATES = {
    "invited": 1,
    "in_progress": 1,
    "submitted": 1,
    "validated": 1,
    "declined": 0,
    "recused": 0,
    "discarded": 0,
}


@pytest.mark.parametrize(("state", "held"), STATES.items())
def test_what_counts_as_a_review_in_hand(rows: Rows, state: str, held: int) -> None:
    own, colleague = rows.account("own", "reviewer"), rows.account("colleague", "reviewer")
    other = rows.another_call()
    rows.review(rows.case(), own, state)
    rows.review(rows.case(process={"call_id": other.id}), own, "validated")
    rows.process("hearing", "submitted", rows.case(), assignee_id=own.id)
    rows.review(rows.case(), colleague, "validated")
    rows.add(ReviewerProfile(user_id=colleague.id, most=3))
    assert load_in_call(rows.session, own.id, rows.call.id) == (held, 8)
    assert load_in_call(rows.session, colleague.id, rows.call.id) == (1, 3)
    of_call = {each.name: each.load for each in reviewers(rows.session, rows.call.id)}
    of_all = {each.name: each.load for each in reviewers(rows.session)}
    assert of_call == {"own": held, "colleague": 1}
    assert of_all == {"own": held + 1, "colleague": 1}


def test_only_those_who_hold_the_role_and_may_sign_in_review(rows: Rows) -> None:
    rows.account("officer", "case_officer")
    rows.account("locked", "reviewer", is_active=False)
    rows.account("reviewer", "reviewer")
    assert [each.name for each in reviewers(rows.session)] == ["reviewer"]


@pytest.mark.parametrize(
    ("state", "is_tied"),
    [("recused", True), ("discarded", True), ("declined", False), ("in_progress", False)],
)
def test_a_declared_conflict_ties_to_who_applied(rows: Rows, state: str, is_tied: bool) -> None:
    own, colleague = rows.account("own", "reviewer"), rows.account("colleague", "reviewer")
    rows.review(rows.case(), own, state)
    rows.process("hearing", "recused", rows.case(), assignee_id=colleague.id)
    tied = {rows.organisation.id} if is_tied else set()
    assert set(declared_against(rows.session, own.id)) == tied
    assert declared_against(rows.session, colleague.id) == []
    found = referees(rows.session, [own.id, colleague.id])
    assert found[own.id].declared == {str(each) for each in tied}
    assert found[colleague.id].declared == frozenset()


def test_a_role_for_an_organisation_ties_to_it(rows: Rows) -> None:
    own = rows.account("own", "reviewer", is_active=True)
    other = rows.organisation_of("applicant", "Anderer Verein")
    role = {"role": "applicant_editor", "organisation_id": other.id, "granted_at": NOW}
    rows.add(RoleAssignment(user_id=own.id, **role))
    (found,) = reviewers(rows.session)
    assert found.organisations == {str(other.id)}
