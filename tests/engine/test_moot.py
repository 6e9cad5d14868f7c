"""What a case leaves behind when it moves on ends with it: proposals, reviews, their tasks."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from sqlalchemy import select

from funding_app.demo.runner import Story, grant_answers, micro_answers
from funding_app.engine import Refused
from funding_app.engine.log.verify import verify
from funding_app.models import Process, Task

pytestmark = pytest.mark.both_databases

PERIOD = ("2026-04-01", "2026-12-31")


def open_tasks(story: Story, process_id: uuid.UUID) -> int:
    with story.database.read() as session:
        found = select(Task.id).where(Task.process_id == process_id, Task.done_at.is_(None))
        return len(session.scalars(found).all())


def test_a_proposal_ends_when_the_case_moves_on(story: Story) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Klein"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    proposed = story.act("officer", "decide_grant", {"amount": "900.00"})
    approval = uuid.UUID(str(proposed.pending))
    assert open_tasks(story, approval) == 1
    story.act("applicant1", "withdraw")
    assert story.state(approval) == "moot"
    assert open_tasks(story, approval) == 0
    with pytest.raises(Refused):
        story.act("approver", "confirm", on=approval)
    with story.database.read() as session:
        assert verify(session) == []


def test_a_confirmed_proposal_ends_by_its_confirmation_and_others_become_moot(
    story: Story,
) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Klein"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "decide_grant", {"amount": "900.00"})
    [first] = story.children("approval")
    second = story.act("officer", "decide_reject", {"reasons": "Doch nicht."})
    story.act("approver", "confirm", on=first)
    assert story.state(first) == "confirmed"
    assert story.state(uuid.UUID(str(second.pending))) == "moot"


def test_reviews_end_with_the_case(story: Story) -> None:
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, "Zurückgezogen"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    checks = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
    story.act("officer", "pass", {**checks, "aid_basis": "none_non_economic"})
    for reviewer in ("reviewer1", "reviewer2"):
        story.act("office", "assign_reviewer", {"reviewer": str(story.world.people[reviewer])})
    reviews = story.children("review_assignment")
    story.act("reviewer1", "accept", {"no_conflict": True}, on=reviews[0])
    story.act("applicant1", "withdraw")
    assert [story.state(review) for review in reviews] == ["moot", "moot"]
    assert sum(open_tasks(story, review) for review in reviews) == 0
    with story.database.read() as session:
        left = session.scalars(select(Process.id).where(~Process.is_terminal)).all()
        assert left == []
