"""Reminders: three working days ahead, at the limit, and to those above three days later."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story, micro_answers
from funding_app.engine.tasks import BERLIN
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Call, Organisation, OutboxMessage, Process, Task
from funding_app.services.mails.reminders import AHEAD, ESCALATED, OVER, remind, stage_at, stages

pytestmark = pytest.mark.both_databases

PERIOD = ("2026-04-01", "2026-12-31")


def berlin(day: int, hour: int = 0, month: int = 3) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=BERLIN)


def test_stages_by_hand() -> None:
    # due by the end of Wednesday 10 March 2027; three working days back: 9, 5, 4 (8 March is a
    # holiday in Berlin), three ahead: 11, 12, 15
    found = stages(berlin(11), "DE-BE")
    assert found == {AHEAD: berlin(5), OVER: berlin(11), ESCALATED: berlin(16)}
    # in Bonn Monday 8 March is worked: 9, 8, 5
    assert stages(berlin(11), "DE-NW")[AHEAD] == berlin(6)


@pytest.mark.parametrize(
    ("now", "stage"),
    [(berlin(4, 23), 0), (berlin(5), AHEAD), (berlin(10, 23), AHEAD), (berlin(11), OVER),
     (berlin(15, 23), OVER), (berlin(16), ESCALATED), (berlin(1, month=5), ESCALATED)],
)  # fmt: skip
def test_the_stage_of_an_hour(now: datetime, stage: int) -> None:
    assert stage_at(berlin(11), "DE-BE", now) == stage


def due_of(story: Story) -> datetime:
    with story.database.read() as session:
        task = session.scalars(
            select(Task).where(Task.process_id == story.case_id, Task.done_at.is_(None))
        ).one()
    assert task.due_at is not None
    return task.due_at


def mails(story: Story, workplace: Workplace, now: datetime) -> list[tuple[str, str]]:
    """Who is written to by reminding at that time, and the subject."""
    assert isinstance(workplace.mailer, MemoryMailer)
    drain(workplace, now=lambda: now)
    workplace.mailer.sent.clear()
    with story.database.write() as session:
        remind(session, now)
    drain(workplace, now=lambda: now)
    sent = [
        (str(one["To"]).partition("@")[0], str(one["Subject"])) for one in workplace.mailer.sent
    ]
    return sorted(sent)


def test_each_stage_reminds_once_and_the_last_tells_those_above(
    story: Story, workplace: Workplace
) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nähcafé"))
    story.act("applicant1", "submit")
    due = due_of(story)
    with story.database.write() as session:  # the draft's own task has no limit in a rolling call
        session.execute(update(Task).where(Task.process_id != story.case_id).values(reminded=3))
    assert mails(story, workplace, story.now) == []
    ahead = mails(story, workplace, stages(due, "DE-BE")[AHEAD])
    assert {who for who, _subject in ahead} >= {"officer"}
    assert all(subject.startswith("Bald fällig:") for _who, subject in ahead)
    assert mails(story, workplace, due - timedelta(seconds=1)) == []
    over = mails(story, workplace, due)
    assert [who for who, _ in over] == [who for who, _ in ahead]
    assert all(subject.startswith("Überfällig:") for _who, subject in over)
    late = mails(story, workplace, stages(due, "DE-BE")[ESCALATED])
    assert {who for who, _ in late} - {who for who, _ in over} == {"approver"}
    assert mails(story, workplace, due + timedelta(days=400)) == []


def test_who_is_done_is_not_reminded(story: Story, workplace: Workplace) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nähcafé"))
    story.act("applicant1", "submit")
    due = due_of(story)
    with story.database.write() as session:
        remind(session, due)
    story.act("applicant1", "withdraw")
    drain(workplace, now=lambda: due)
    assert isinstance(workplace.mailer, MemoryMailer)
    assert not [one for one in workplace.mailer.sent if "Überfällig" in str(one["Subject"])]


def test_holidays_of_the_seat_count_for_limits(story: Story) -> None:
    """Two cases in the same hour, under authorities in Berlin and in Munich, over Epiphany."""
    dues = []
    for region in ("DE-BE", "DE-BY"):
        with story.database.write() as session:
            call = session.get_one(Call, story.world.calls["micro_grant"])
            session.get_one(Organisation, call.authority_id).seat_region = region
        story.now = datetime(2027, 1, 4, 8, tzinfo=BERLIN)
        story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, region))
        story.act("applicant1", "submit")
        dues.append(due_of(story))
        with story.database.read() as session:
            assert session.get_one(Process, story.case_id).region == region
    assert dues[1] - dues[0] >= timedelta(days=1)


def test_a_reminder_is_queued_with_its_stage(story: Story) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nähcafé"))
    story.act("applicant1", "submit")
    with story.database.write() as session:
        remind(session, due_of(story) + timedelta(days=30))
        queued = session.scalars(
            select(OutboxMessage.payload).where(OutboxMessage.dedup_key.contains("reminder"))
        ).all()
    assert [one["stage"] for one in queued] == [ESCALATED]
