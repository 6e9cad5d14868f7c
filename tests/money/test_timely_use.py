"""Money paid out: six weeks to use it, then interest on the rest or a word of the office."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from funding_app.demo.runner import Story, draw, tell_micro_grant, tell_to_active
from funding_app.engine import Refused
from funding_app.engine.tasks import end_of_day
from funding_app.models import Procedure, Process

pytestmark = pytest.mark.both_databases

START, END = "2026-03-01", "2026-12-31"


def paid(story: Story) -> uuid.UUID:
    """A grant with a payment of 30,000.00; the report of its use."""
    tell_to_active(story, Decimal("90000.00"), START, END)
    draw(story, Decimal("30000.00"))
    with story.database.read() as session:
        found = select(Process.id).where(Process.definition_key == "usage_report")
        return session.scalars(found).one()


def test_the_report_is_due_six_weeks_after_the_payment(story: Story) -> None:
    report = paid(story)
    with story.database.read() as session:
        process = session.get_one(Process, report)
        assert process.due_at == end_of_day(story.now.date() + timedelta(days=42))
        assert session.get_one(Process, process.parent_id).definition_key == "payment_request"
    with pytest.raises(Refused):
        story.act("applicant1", "report_used", {"all_used": False}, on=report)
    story.act("applicant1", "report_used", {"all_used": True}, on=report)
    assert story.state(report) == "used_in_time"


def test_interest_on_the_rest_runs_from_the_last_day_of_use(story: Story) -> None:
    report = paid(story)
    last = story.now.date() + timedelta(days=42)
    told = {"rest": "10000.00", "cause": "Eine Rechnung kam später."}
    story.act("applicant1", "report_rest", told, on=report)
    used = last + timedelta(days=30)
    story.now += timedelta(days=80)
    story.twice("officer", "approver", "demand_interest", {"used_on": used.isoformat()}, on=report)
    with story.database.read() as session:
        data = session.get_one(Procedure, report).data
    # 10,000 at 1.27 + 5 % for 30 days of 365: 627 * 30 / 365 = 51.534...
    assert data["interest"] == "51.53"
    assert story.state(report) == "interest_due"


def test_a_rest_is_not_more_than_was_paid(story: Story) -> None:
    report = paid(story)
    told = {"rest": "30000.01", "cause": "Vertippt."}
    story.act("applicant1", "report_rest", told, on=report)
    story.now += timedelta(days=80)
    used = {"used_on": story.now.date().isoformat()}
    proposed = story.act("officer", "demand_interest", used, on=report)
    with pytest.raises(Refused) as refused:
        story.act("approver", "confirm", on=uuid.UUID(str(proposed.pending)))
    assert refused.value.code == "total_exceeded"
    story.act("officer", "book_repayment", {"received_on": story.now.date().isoformat()}, on=report)
    assert story.state(report) == "paid_back"


def test_fixed_amounts_are_not_asked(story: Story) -> None:
    tell_micro_grant(story, Decimal("900.00"))
    with story.database.read() as session:
        found = select(Process.id).where(Process.definition_key == "usage_report")
        assert session.scalars(found).all() == []
