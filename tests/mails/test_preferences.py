"""What people hear of by mail: at once, once a day or not at all, each thing once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story, micro_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import DigestLine, MailDelivery, OutboxMessage, Process
from funding_app.services.applications.messages import write_message
from funding_app.services.mails.notices import announce_tasks
from funding_app.services.mails.preferences import (
    choose,
    last_digest_hour,
    read_token,
    request_digests,
    tell_states,
    unsubscribe_token,
)

pytestmark = pytest.mark.both_databases

ANSWERS = micro_answers(Decimal("900.00"), "2026-04-01", "2026-12-31", "Nähcafé")


def hear(story: Story, workplace: Workplace) -> list[EmailMessage]:
    """The mails written since the last time, the keeper having looked around."""
    assert isinstance(workplace.mailer, MemoryMailer)
    before = len(workplace.mailer.sent)
    with story.database.write() as session:
        announce_tasks(session, story.now)
        tell_states(session, story.machinery.definitions, story.now)
        request_digests(session, story.now)
    drain(workplace, now=lambda: story.now)
    return workplace.mailer.sent[before:]


def to(mails: list[EmailMessage], who: str) -> list[str]:
    return [str(mail["Subject"]) for mail in mails if mail["To"] == f"{who}@demo.example"]


def wants(story: Story, who: str, **ways: str) -> None:
    with story.database.write() as session:
        choose(session, story.world.people[who], ways)


def comment(story: Story, author: str, audience: str = "both") -> None:
    assert story.case_id is not None
    with story.database.write() as session:
        write_message(
            session,
            story.case_id,
            audience=audience,
            author_id=story.world.people[author],
            text="geheim",
            now=story.now,
        )


def test_the_whole_way_of_a_case_as_its_applicant_hears_of_it(
    story: Story, workplace: Workplace
) -> None:
    story.apply("micro_grant", ANSWERS)
    [task] = hear(story, workplace)
    assert "Antrag einreichen" in str(task["Subject"])
    assert str(task["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    story.act("applicant1", "submit")
    assert to(hear(story, workplace), "applicant1") == ["Ihr Antrag ist eingegangen: Nähcafé"]
    story.act("officer", "start_check", {"no_conflict": True})
    [state] = to(hear(story, workplace), "applicant1")
    assert state.startswith("Neuer Stand: In Prüfung")
    assert to(hear(story, workplace), "applicant1") == []

    wants(story, "applicant1", status="none", tasks="none", reminders="none", messages="none")
    story.act("officer", "request_info", {"items": "Die Satzung"})
    [request] = [mail for mail in hear(story, workplace) if "applicant1" in str(mail["To"])]
    assert str(request["Subject"]).startswith("Bitte bis 1")
    assert request["List-Unsubscribe"] is None
    comment(story, "officer")
    story.act("applicant1", "provide")
    assert to(hear(story, workplace), "applicant1") == []
    story.act("applicant1", "withdraw")
    [end] = [mail for mail in hear(story, workplace) if "applicant1" in str(mail["To"])]
    assert "Zurückgezogen" in str(end["Subject"])
    assert end["List-Unsubscribe"] is None
    with story.database.read() as session:
        untold = select(func.count()).where(Process.told_state != Process.state)
        assert session.scalar(untold) == 0


def test_steps_that_follow_quickly_are_told_as_one(story: Story, workplace: Workplace) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    hear(story, workplace)
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": "Die Satzung"})
    story.act("applicant1", "provide")
    assert [each.partition("(")[0] for each in to(hear(story, workplace), "applicant1")] == [
        "Neuer Stand: In Prüfung "
    ]


def test_a_daily_mail_gathers_what_came_before_seven_and_comes_once(
    story: Story, workplace: Workplace
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    hear(story, workplace)
    wants(story, "applicant1", messages="daily")
    story.now = datetime(2026, 2, 3, 5, 59, 59, tzinfo=UTC)  # a second before seven in Berlin
    comment(story, "officer")
    comment(story, "officer")
    assert to(hear(story, workplace), "applicant1") == []
    story.now += timedelta(seconds=1)
    comment(story, "officer")  # at seven sharp: for tomorrow
    [mail] = [each for each in hear(story, workplace) if "applicant1" in str(each["To"])]
    assert str(mail["Subject"]) == "Ihre Zusammenfassung: 2 Neuigkeiten"
    text = mail.get_content()
    assert text.count(f"/cases/{story.case_id}/messages") == 2
    assert "geheim" not in text
    assert to(hear(story, workplace), "applicant1") == []
    story.now += timedelta(days=1)
    assert to(hear(story, workplace), "applicant1") == ["Ihre Zusammenfassung: eine Neuigkeit"]
    with story.database.read() as session:
        assert session.scalar(select(func.count()).select_from(DigestLine)) == 0


def test_workers_that_meet_and_a_crash_leave_one_daily_mail(
    story: Story, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    hear(story, workplace)
    wants(story, "applicant1", messages="daily")
    story.act("officer", "start_check", {"no_conflict": True})
    comment(story, "officer")
    hear(story, workplace)
    story.now += timedelta(days=1)
    barrier, failures = Barrier(4), []

    def work() -> None:
        try:
            barrier.wait()
            with story.database.write() as session:
                request_digests(session, story.now)
            drain(workplace, now=lambda: story.now)
        except Exception as error:  # a thread's error would be lost
            failures.append(error)

    with monkeypatch.context() as patched:  # the first worker dies before its mail is recorded
        patched.setattr("funding_app.services.mails.preferences.take_lines", lambda *_: 1 / 0)
        with story.database.write() as session:
            request_digests(session, story.now)
        drain(workplace, now=lambda: story.now)
    story.now += timedelta(minutes=1)
    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with story.database.read() as session:
        daily = select(func.count()).where(MailDelivery.subject.startswith("Ihre Zusammenfassung"))
        assert session.scalar(daily) == 1
        open_ones = select(func.count()).where(OutboxMessage.state != "done")
        assert session.scalar(open_ones) == 0


def test_comments_reach_the_own_people_alone(story: Story, workplace: Workplace) -> None:
    story.apply("micro_grant", ANSWERS)
    hear(story, workplace)
    wants(story, "applicant1", comments="at_once")
    comment(story, "applicant1", "own")
    assert hear(story, workplace) == []  # nobody but the author
    comment(story, "officer", "own")  # stands for a colleague here
    assert [str(mail["To"]) for mail in hear(story, workplace)] == ["applicant1@demo.example"]


def test_the_hour_of_the_daily_mail_is_local() -> None:
    for now, expected in (
        (datetime(2026, 7, 1, 5, 0, tzinfo=UTC), datetime(2026, 7, 1, 5, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 4, 59, 59, tzinfo=UTC), datetime(2026, 6, 30, 5, 0, tzinfo=UTC)),
        (datetime(2026, 12, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 30, 6, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 5, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
    ):
        assert last_digest_hour(now) == expected, now


def test_a_link_is_good_for_what_it_was_made_for_only() -> None:
    person = uuid.uuid4()
    token = unsubscribe_token("a" * 32, person, "status")
    assert read_token("a" * 32, token) == (person, "status")
    assert read_token("b" * 32, token) is None
    assert read_token("a" * 32, token[:-1]) is None
    assert read_token("a" * 32, unsubscribe_token("a" * 32, person, "decision")) is None
