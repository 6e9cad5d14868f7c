"""Who gets a mail, and who does not."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from funding_app.models import (
    Contribution,
    Message,
    Process,
    Review,
    RoleAssignment,
    Task,
    UserAccount,
    new_id,
)
from funding_app.queries.mails.recipients import (
    Recipient,
    for_applicants,
    for_message,
    for_task,
    last_day,
    people_on,
    unannounced,
)
from funding_app.queries.reviews.discussions import for_discussion
from tests.support.rows import NOW, Rows

MOMENT = timedelta(microseconds=1)


def names(people: Iterable[Recipient]) -> list[str]:
    return sorted(each.name for each in people)


@pytest.fixture
def case(rows: Rows) -> Process:
    """A case of two people, with two officers, a clerk, a foreign applicant, and some who left."""
    for name, role in (("signatory", "applicant_signatory"), ("editor", "applicant_editor")):
        rows.account(name, role, scope=rows.organisation)
    other = rows.organisation_of("applicant", "Anderer Verein")
    rows.account("stranger", "applicant_signatory", scope=other)
    rows.account("locked", "applicant_editor", scope=rows.organisation, is_active=False)
    rows.account("locked officer", "case_officer", is_active=False)
    left = rows.account("left", "applicant_editor", scope=rows.organisation)
    rows.session.execute(delete(RoleAssignment).where(RoleAssignment.user_id == left.id))
    rows.account("officer1", "case_officer")
    rows.account("officer2", "case_officer")
    rows.account("clerk", "office_clerk")
    return rows.case("formal_check")

    return rows.session.query(UserAccount.id).filter_by(name=name).scalar()


def account_id(rows: Rows, name: str) -> uuid.UUID:
    return rows.session.scalars(select(UserAccount.id).where(UserAccount.name == name)).one()


def message(rows: Rows, case: Process, author: str, audience: str) -> list[str]:
    row = rows.add(
        Message(
            id=new_id(),
            process_id=case.id,
            audience=audience,
            author_id=account_id(rows, author),
            text="",
            sent_at=NOW,
        )
    )
    said_by, process, people = for_message(rows.session, row.id)
    assert (said_by, process.id) == (author, case.id)
    return names(people)


def test_the_applicants_are_the_members_who_are_there(rows: Rows, case: Process) -> None:
    assert names(for_applicants(rows.session, case.id)[1]) == ["editor", "signatory"]


def test_a_comment_among_applicants_goes_to_the_others_alone(rows: Rows, case: Process) -> None:
    assert message(rows, case, "editor", "own") == ["signatory"]
    assert message(rows, case, "signatory", "own") == ["editor"]


def test_what_the_office_writes_goes_to_the_applicants(rows: Rows, case: Process) -> None:
    assert message(rows, case, "officer1", "both") == ["editor", "signatory"]


def test_what_an_applicant_writes_goes_to_the_officers(rows: Rows, case: Process) -> None:
    assert message(rows, case, "editor", "both") == ["officer1", "officer2"]


def test_or_to_the_one_who_has_the_case(rows: Rows, case: Process) -> None:
    rows.change(case, officer_id=account_id(rows, "officer2"))
    assert message(rows, case, "editor", "both") == ["officer2"]


def test_or_to_all_where_that_one_has_left(rows: Rows, case: Process) -> None:
    rows.change(case, officer_id=account_id(rows, "locked officer"))
    assert message(rows, case, "editor", "both") == ["officer1", "officer2"]


def task(rows: Rows, case: Process, role: str, **values: object) -> Task:
    columns = {"state": case.state, "role": role, "opened_at": NOW} | values
    return rows.add(Task(process_id=case.id, **columns))


def told(rows: Rows, task: Task, *, escalated: bool = False) -> list[str]:
    found = for_task(rows.session, task.id, escalated=escalated)
    assert found is not None
    return names(found[2])


def test_a_task_is_told_to_whose_it_is(rows: Rows, case: Process) -> None:
    assert told(rows, task(rows, case, "case_officer")) == ["officer1", "officer2"]
    assert told(rows, task(rows, case, "applicant_signatory")) == ["signatory"]
    assert told(rows, task(rows, case, "office_clerk")) == ["clerk"]


def test_an_officers_task_is_told_to_the_named_one_alone(rows: Rows, case: Process) -> None:
    rows.change(case, officer_id=account_id(rows, "officer2"))
    assert told(rows, task(rows, case, "case_officer")) == ["officer2"]
    assert told(rows, task(rows, case, "office_clerk")) == ["clerk"]


def test_who_answers_for_it_is_told_once_it_is_late(rows: Rows, case: Process) -> None:
    rows.change(case, officer_id=account_id(rows, "officer2"))
    rows.account("superior", "approver")
    assert told(rows, task(rows, case, "case_officer"), escalated=True) == ["officer2", "superior"]
    assert told(rows, task(rows, case, "case_officer")) == ["officer2"]


def test_nobody_is_told_of_a_task_that_is_done(rows: Rows, case: Process) -> None:
    assert for_task(rows.session, task(rows, case, "case_officer", done_at=NOW).id) is None
    assert for_task(rows.session, new_id()) is None


def test_what_nobody_was_told_of_yet(rows: Rows, case: Process) -> None:
    task(rows, case, "case_officer", done_at=NOW)
    task(rows, case, "case_officer", announced_at=NOW)
    new = [task(rows, case, "case_officer").id for _ in range(3)]
    assert unannounced(rows.session, 2) == new[:2]


def test_a_reviewer_is_written_to_about_the_own_review_alone(rows: Rows, case: Process) -> None:
    asked, other = rows.account("asked", "reviewer"), rows.account("other", "reviewer")
    rows.review(case, other, "in_progress")
    review = rows.review(case, asked, "in_progress")
    assert names(people_on(rows.session, review, ["reviewer"])) == ["asked"]


def test_a_ministry_is_written_to_about_its_own_signature(rows: Rows, case: Process) -> None:
    other = rows.organisation_of("ministry", "Anderes Ministerium")
    rows.account("expert", "ministry_expert", scope=rows.ministry)
    rows.account("other expert", "ministry_expert", scope=other)
    signature = rows.signature(case, rows.ministry, "waiting", "")
    assert names(people_on(rows.session, signature, ["ministry_expert"])) == ["expert"]


def said(rows: Rows, case: Process, author: str, review: Process | None, at: datetime) -> None:
    rows.add(
        Contribution(
            id=new_id(),
            application_id=case.id,
            author_id=account_id(rows, author),
            review_id=review.id if review else None,
            text="",
            written_at=at,
        )
    )


def test_who_is_told_of_a_discussion(rows: Rows, case: Process) -> None:
    """Reviewers whose review is in, the named officer and who spoke for the office."""
    rows.change(case, state="under_review", officer_id=account_id(rows, "officer1"))
    reviews = {
        name: rows.review(case, rows.account(name, "reviewer"), state)
        for name, state in (("first", "validated"), ("second", "submitted"), ("third", "invited"))
    }
    for name in ("first", "second"):
        record = rows.session.get_one(Review, reviews[name].id)
        rows.change(record, scores={}, comments={})

    def told_since(at: datetime) -> list[str]:
        found = for_discussion(rows.session, rows.definitions, case.id, at)
        return names(each for _process, each in found)

    assert told_since(NOW) == []
    said(rows, case, "first", reviews["first"], NOW)
    assert told_since(NOW) == ["officer1", "second"]
    assert told_since(NOW + MOMENT) == []
    said(rows, case, "clerk", None, NOW + MOMENT)
    assert told_since(NOW) == ["clerk", "first", "officer1", "second"]
    assert told_since(NOW + MOMENT) == ["first", "officer1", "second"]


def test_the_last_day_of_a_limit_is_the_local_one() -> None:
    midnight = datetime(2026, 6, 15, 22, tzinfo=UTC)
    assert last_day(midnight, "de") == "15. Juni 2026"
    assert last_day(midnight + MOMENT, "de") == "16. Juni 2026"
    assert last_day(datetime(2026, 12, 31, 23, tzinfo=UTC), "en") == "31 December 2026"
