"""What somebody hears of and how: chosen for oneself, ended by one's own link, never sent late."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from funding_app.engine.tasks import end_of_day
from funding_app.models import (
    DigestLine,
    MailDelivery,
    NotificationChoice,
    Process,
    Task,
    TaskHold,
    TaskMail,
    new_id,
)
from funding_app.queries.mails.preferences import (
    digest_of,
    untold,
    waiting_for_digest,
    ways_for,
    ways_of,
)
from funding_app.queries.people.people import invited_to, members_of
from funding_app.services.mails import stopping
from funding_app.services.mails.preferences import keep_line, read_token, unsubscribe_token
from funding_app.services.mails.reminders import remind, stage_at
from funding_app.services.people import members
from tests.support.rows import NOW, TODAY, Rows

MOMENT = timedelta(microseconds=1)


def test_a_choice_is_of_one_person_and_one_topic(rows: Rows) -> None:
    one, other = rows.account("one"), rows.account("other")
    for user, topic, way in ((one, "tasks", "none"), (one, "status", "daily")):
        rows.add(NotificationChoice(user_id=user.id, topic=topic, way=way))
    assert ways_for(rows.session, "tasks", [one.id, other.id]) == {
        one.id: "none",
        other.id: "at_once",
    }
    assert ways_for(rows.session, "comments", [one.id]) == {one.id: "daily"}
    assert ways_of(rows.session, one.id)["status"] == "daily"
    assert ways_of(rows.session, other.id)["status"] == "at_once"


def test_a_daily_mail_holds_ones_own_lines_from_before_its_hour(rows: Rows) -> None:
    one, other = rows.account("one"), rows.account("other")
    line = {"topic": "comments", "text": "", "link": ""}
    keep_line(rows.session, "late", one.id, line | {"text": "late"}, NOW)
    keep_line(rows.session, "before", one.id, line | {"text": "before"}, NOW - MOMENT)
    keep_line(rows.session, "before", one.id, line | {"text": "again"}, NOW - MOMENT)
    keep_line(rows.session, "theirs", other.id, line | {"text": "theirs"}, NOW - MOMENT)
    account, lines = digest_of(rows.session, one.id, NOW)
    assert (account.name, [each.text for each in lines]) == ("one", ["before"])
    assert set(waiting_for_digest(rows.session, NOW)) == {one.id, other.id}
    assert waiting_for_digest(rows.session, NOW - MOMENT) == []


def test_a_link_ends_the_mails_of_whom_it_was_made_for(rows: Rows) -> None:
    user = uuid.UUID(int=5)
    token = unsubscribe_token("secret", user, "tasks")
    assert read_token("secret", token) == (user, "tasks")
    assert read_token("another secret", token) is None
    assert read_token("secret", f"x{token}") is None
    assert read_token("secret", unsubscribe_token("secret", user, "passwords")) is None


def test_nobody_is_told_twice_of_a_state(rows: Rows) -> None:
    rows.case("formal_check", process={"told_state": "formal_check"})
    news = rows.case("formal_check", process={"told_state": "submitted"})
    rows.case("formal_check")
    found: list[Process] = list(untold(rows.session, 9))
    assert [each.id for each in found] == [news.id]


def mail(rows: Rows, task: Task | None, state: str = "queued") -> MailDelivery:
    made = rows.add(
        MailDelivery(
            id=new_id(),
            dedup_key=str(new_id()),
            message_id=str(new_id()),
            recipient="",
            subject="",
            body="",
            state=state,
            created_at=NOW,
        )
    )
    if task is not None:
        rows.add(TaskMail(mail_id=made.id, task_id=task.id, stage=1))
    return made


def task(rows: Rows, due: datetime | None = None, **values: object) -> Task:
    case = rows.case("formal_check")
    columns = {"state": case.state, "role": "case_officer", "opened_at": NOW, "due_at": due}
    return rows.add(Task(process_id=case.id, **columns | values))


def hold(rows: Rows, of: Task) -> None:
    rows.add(TaskHold(task_id=of.id, held_by=rows.person.id, held_at=NOW, reason=""))


def test_a_mail_about_a_task_that_is_over_is_not_sent(rows: Rows) -> None:
    held, done, open_one = task(rows), task(rows, done_at=NOW), task(rows)
    hold(rows, held)
    sent = [
        stopping.begin_sending(rows.session, mail(rows, each).id, NOW)
        for each in (held, done, open_one, None)
    ]
    assert sent == [False, False, True, True]


def test_stopping_keeps_back_what_waits_and_counts_what_leaves(rows: Rows) -> None:
    own, other = task(rows), task(rows)
    waiting = mail(rows, own)
    mail(rows, own, "sending")
    mail(rows, other)
    line = {"topic": "tasks", "text": "", "link": ""}
    for key in (f"task:{own.id}", f"reminder:{own.id}:1", f"task:{other.id}"):
        keep_line(rows.session, key, rows.person.id, line, NOW)
    assert stopping.stop(rows.session, own, rows.person.id, "", NOW) == 1
    stopped = select(TaskMail.mail_id).where(TaskMail.stopped_at.is_not(None))
    assert rows.session.scalars(stopped).all() == [waiting.id]
    kept = rows.session.scalars(select(DigestLine.dedup_key)).all()
    assert kept == [f"task:{other.id}:{rows.person.id}"]
    assert stopping.stop(rows.session, own, rows.person.id, "", NOW) == 0
    assert not stopping.send_now(rows.session, own, rows.person.id, "", NOW)
    assert stopping.send_now(rows.session, other, rows.person.id, "", NOW)


# due on Monday, 15 June: three working days ahead is the end of the 10th, three after of the 18th
DUE = end_of_day(TODAY)
AHEAD, ESCALATED = end_of_day(TODAY - timedelta(days=5)), end_of_day(TODAY + timedelta(days=3))


@pytest.mark.parametrize(
    ("now", "stage"),
    [(AHEAD - MOMENT, 0), (AHEAD, 1), (DUE - MOMENT, 1), (DUE, 2), (ESCALATED - MOMENT, 2),
     (ESCALATED, 3)],
)  # fmt: skip
def test_a_stage_begins_to_the_moment(now: datetime, stage: int) -> None:
    assert stage_at(DUE, "DE-BE", now) == stage


def test_who_is_reminded(rows: Rows) -> None:
    """An open task that is neither held nor reminded of its stage already."""
    task(rows, DUE, done_at=NOW)
    task(rows, DUE, reminded=2)
    task(rows, DUE, reminded=3)
    hold(rows, task(rows, DUE))
    task(rows)
    wanted = task(rows, DUE, reminded=1)
    assert remind(rows.session, DUE) == 1
    assert rows.session.get_one(Task, wanted.id, populate_existing=True).reminded == 2
    assert remind(rows.session, DUE) == 0
    assert remind(rows.session, ESCALATED) == 2


def test_members_and_invitations_are_told_of_the_own_organisation(rows: Rows) -> None:
    other = rows.organisation_of("applicant", "Anderer Verein")
    rows.account("member", "applicant_editor", scope=rows.organisation)
    rows.account("locked", "applicant_editor", scope=rows.organisation, is_active=False)
    rows.account("stranger", "applicant_editor", scope=other)
    found = members_of(rows.session, [rows.organisation.id])
    assert [each.name for each in found] == ["member"]
    for organisation, email in ((rows.organisation, "a@x.example"), (other, "b@x.example")):
        members.invite(
            rows.session,
            organisation_id=organisation.id,
            email=email,
            role="applicant_editor",
            invited_by=rows.person.id,
            now=NOW,
        )
    rows.session.flush()
    end = NOW + members.LASTS
    asked = invited_to(rows.session, rows.organisation.id, end - MOMENT)
    assert [each.email for each in asked] == ["a@x.example"]
    assert invited_to(rows.session, rows.organisation.id, end) == []
    rows.change(asked[0], used_at=NOW)
    assert invited_to(rows.session, rows.organisation.id, NOW) == []
