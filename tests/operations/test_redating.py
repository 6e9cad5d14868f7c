"""A rule changes: what is still pending is dated anew and logged, what has happened stays."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from funding_app.demo.runner import Story, micro_answers
from funding_app.engine.log.verify import verify
from funding_app.engine.tasks import end_of_day
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import LogPayload, LogRecord, Process, RuleValue, Timer
from funding_app.services.operations.redating import order_redating

pytestmark = pytest.mark.both_databases

PERIOD = ("2026-04-01", "2026-12-31")


def notified(story: Story) -> None:
    """A micro-grant whose decision waits in the portal."""
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nähcafé"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.twice("officer", "approver", "decide_grant", {"amount": "900.00"})
    story.issue_letters(story.now)
    story.act("officer", "notify", {"channel": "own_portal"})


def timers(story: Story) -> dict[str, object]:
    with story.database.read() as session:
        found = select(Timer.event, Timer.due_at).where(
            Timer.process_id == story.case_id, Timer.closed_at.is_(None)
        )
        return {row.event: row.due_at for row in session.execute(found)}


def events(story: Story) -> list[str]:
    with story.database.read() as session:
        found = select(LogRecord.event).where(LogRecord.process_id == story.case_id)
        return list(session.scalars(found.order_by(LogRecord.seq)))


def more_days(story: Story, days: int) -> None:
    with story.database.write() as session:
        session.add(
            RuleValue(
                key="portal_days",
                valid_from=date(2026, 1, 1),
                value=str(days),
                source="Test",
                reason="Test",
                entered_at=story.now,
                proposed_by=story.world.people["office"],
                confirmed_at=story.now,
            )
        )
        order_redating(session, story.machinery.definitions, "Abruf: 14 Tage", story.now)


def test_a_pending_timer_follows_the_rule(story: Story, workplace: Workplace) -> None:
    notified(story)
    sent = story.now.date()
    before = timers(story)
    assert before["portal_not_retrieved"] == end_of_day(sent + timedelta(days=10))
    more_days(story, 14)
    drain(workplace, now=lambda: story.now)
    after = timers(story)
    assert after["portal_not_retrieved"] == end_of_day(sent + timedelta(days=14))
    assert events(story)[-1] == "redated"
    with story.database.read() as session:
        process = session.get_one(Process, story.case_id)
        words = session.get_one(LogPayload, (process.id, process.log_seq)).payload
        assert words is not None
        assert "Abruf: 14 Tage" in words
        assert verify(session) == []


def test_nothing_is_logged_where_nothing_changes(story: Story, workplace: Workplace) -> None:
    notified(story)
    before = events(story)
    more_days(story, 10)
    drain(workplace, now=lambda: story.now)
    assert events(story) == before


def test_what_has_happened_stays(story: Story, workplace: Workplace) -> None:
    notified(story)
    story.retrieve()
    before = timers(story)
    assert "portal_not_retrieved" not in before or before
    with story.database.read() as session:
        due = session.get_one(Process, story.case_id).due_at
    more_days(story, 14)
    drain(workplace, now=lambda: story.now)
    with story.database.read() as session:
        assert session.get_one(Process, story.case_id).due_at == due
