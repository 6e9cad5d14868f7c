"""What reviewers are sent is seen, stopped, gone on with, and sent at once; and so are jobs."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime

import pytest
from sqlalchemy import select, update

from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story
from funding_app.engine import outbox
from funding_app.jobs.mails import send_mail
from funding_app.jobs.runner import drain, run
from funding_app.jobs.workplace import Workplace
from funding_app.models import MailDelivery, OutboxAct, OutboxMessage, Task, TaskMail
from funding_app.services.mails import stopping
from funding_app.services.mails.notices import announce_tasks
from funding_app.services.mails.reminders import AHEAD, ESCALATED, OVER, remind, stages
from tests.fixtures.pages import SignIn
from tests.reviews.test_reviewer import invite
from tests.web.test_queries import counted

PLACE = "/calls/cc-gemeinsam-2026/review-mails"
WHY = "Sie hat angerufen und ist bis Montag krank."


@pytest.fixture
def task(story: Story) -> Task:
    """The task of the only reviewer; all others are told and reminded of already."""
    [review] = invite(story, "reviewer1")
    with story.database.write() as session:
        others = update(Task).where(Task.process_id != review)
        session.execute(others.values(reminded=ESCALATED, announced_at=story.now))
        session.execute(update(OutboxMessage).values(state="done"))
    with story.database.read() as session:
        return session.scalars(select(Task).where(Task.process_id == review)).one()


def sent(workplace: Workplace, now: datetime) -> list[str]:
    """Who is written to by what is due, with the beginning of the subject."""
    assert isinstance(workplace.mailer, MemoryMailer)
    drain(workplace, now=lambda: now)
    found = [f"{one['To']} {one['Subject']}".split("@")[0] for one in workplace.mailer.sent]
    found = sorted(found)
    workplace.mailer.sent.clear()
    return found


def test_the_office_stops_resumes_and_reminds(
    story: Story, task: Task, sign_in: SignIn, workplace: Workplace
) -> None:
    assert task.due_at is not None
    at, office = stages(task.due_at, "DE-BE"), sign_in("office")
    assert "Als Nächstes: Einladung" in office.get(PLACE).text
    with story.database.write() as session:
        announce_tasks(session, story.now)
    assert sent(workplace, story.now) == ["reviewer1"]
    page = office.get(PLACE).text
    assert "gesendet" in page and "Als Nächstes: Erinnerung drei Arbeitstage" in page

    with story.database.write() as session:
        assert remind(session, at[AHEAD]) == 1  # waits in the outbox
    act = f"/review-mails/{task.id}"

    def why(action: str, text: str) -> dict[str, str]:
        return {f"{action}-{task.id}-{action}_reason": text}

    for wrong in (" ", "x" * 1001, "Sie ist\u202e krank."):
        answer = office.post(f"{act}/stop", data=why("stop", wrong))
        assert answer.status_code == 422 and f">\n{wrong}</textarea>" in answer.text, wrong
        assert 'aria-invalid="true"' in answer.text and "Als Nächstes" in answer.text
    assert office.post(f"{act}/stop", data=why("stop", WHY)).status_code == 302
    assert sent(workplace, at[AHEAD]) == []
    page = office.get(PLACE).text
    assert WHY in page and "angehalten" in page and "Als Nächstes" not in page
    office.post(f"{act}/send")
    with story.database.write() as session:
        assert remind(session, at[OVER]) == 0
    assert sent(workplace, at[OVER]) == [], "stopped, it is not sent by hand either"

    office.post(f"{act}/resume", data=why("resume", "Sie ist wieder da."))
    with story.database.write() as session:
        assert remind(session, at[OVER]) == 1
    assert sent(workplace, at[OVER]) == ["reviewer1"]
    for _click in range(2):
        office.post(f"{act}/send", data=why("send", "Heute ist Sitzung."))
    assert sent(workplace, at[OVER]) == ["reviewer1"], "a double click is one reminder"
    with counted(story) as statements:
        page = office.get(PLACE).text
    assert "Erinnerung von Hand" in page and len(statements) <= 12
    history = office.get(f"/cases/{task.process_id}/history").text
    acts = ("Mails angehalten", WHY, "Mails fortgesetzt", "Sie ist wieder da.")
    for told in (*acts, "Von Hand erinnert", "Heute ist Sitzung."):
        assert told in history
    for who in ("reviewer1", "applicant1"):
        assert sign_in(who).get(PLACE).status_code == 404
        assert sign_in(who).post(f"{act}/stop", data=why("stop", WHY)).status_code == 404


def queue_mail(story: Story, workplace: Workplace, task: Task) -> uuid.UUID:
    """A reminder that is written and waits to be sent: the message that a worker will get."""
    with story.database.write() as session:
        stopping.send_now(session, task, story.world.people["office"], "", story.now)
    drain(workplace, now=lambda: story.now, windows=1)
    with story.database.write() as session:
        outbox.dispatch(session, "direct", story.now)
    with story.database.read() as session:
        wanted = select(OutboxMessage.id).where(OutboxMessage.job == "send_mail")
        return session.scalars(wanted.where(OutboxMessage.state == "dispatched")).one()


@pytest.mark.both_databases
def test_a_mail_that_a_worker_has_picked_up_is_stopped_or_was_sent_before(
    story: Story, task: Task, workplace: Workplace
) -> None:
    assert isinstance(workplace.mailer, MemoryMailer)
    office = story.world.people["office"]
    message = queue_mail(story, workplace, task)
    with story.database.write() as session:
        claimed = outbox.claim(session, message, story.now)
        stopping.stop(session, task, office, WHY, story.now)
    assert claimed is not None
    send_mail(workplace, claimed.payload)
    assert workplace.mailer.sent == []
    with story.database.write() as session:
        stopping.resume(session, task, office, "", story.now)
        session.execute(update(OutboxMessage).values(state="done"))

    for _round in range(4):
        story.now = story.now.replace(minute=(story.now.minute + 1) % 60)
        message, barrier, left = queue_mail(story, workplace, task), threading.Barrier(2), []

        def stop(gate: threading.Barrier = barrier, found: list[int] = left) -> None:
            gate.wait()
            with story.database.write() as session:
                found.append(stopping.stop(session, task, office, WHY, story.now))

        thread = threading.Thread(target=stop)
        thread.start()
        barrier.wait()
        run(workplace, message)
        thread.join()
        with story.database.write() as session:
            newest = select(TaskMail, MailDelivery.state).join(MailDelivery)
            about, state = session.execute(newest.order_by(MailDelivery.id.desc()).limit(1)).one()
            assert len(workplace.mailer.sent) == (about.stopped_at is None)
            assert (state == "sent") == (about.stopped_at is None)
            stopping.resume(session, task, office, "", story.now)
        workplace.mailer.sent.clear()


def test_an_administrator_stops_a_job_and_goes_on_with_it(
    story: Story, task: Task, sign_in: SignIn, workplace: Workplace
) -> None:
    with story.database.write() as session:
        announce_tasks(session, story.now)
        wanted = select(OutboxMessage.id).where(OutboxMessage.state == "pending")
        job = session.scalars(wanted).one()
    client, wrong = sign_in("admin"), "Warten\u202e."
    assert "Wirklich anhalten" in client.get("/admin/jobs").text
    answer = client.post(f"/admin/jobs/{job}/stop", data={f"{job}-job_reason": wrong})
    assert answer.status_code == 422 and f">\n{wrong}</textarea>" in answer.text
    client.post(f"/admin/jobs/{job}/stop", data={f"{job}-job_reason": WHY})
    assert sent(workplace, story.now) == []
    page = client.get("/admin/jobs").text
    assert "angehalten: 1" in page and "Wirklich anhalten" not in page and page.count(WHY) == 2
    client.post(f"/admin/jobs/{job}/retry")
    assert sent(workplace, story.now) == ["reviewer1"]
    page = client.get("/admin/jobs").text
    assert "Mails schreiben: fortgesetzt" in page and WHY in page

    by = outbox.Act(story.world.people["admin"], story.now, WHY)
    with story.database.write() as session:
        outbox.deliver(session, "redate", "probe", {}, story.now)
        [probe] = outbox.dispatch(session, "direct", story.now)
        claimed = outbox.claim(session, probe, story.now)
        assert claimed and outbox.stop(session, probe, by)
        assert not outbox.finish(session, claimed, story.now), "its transaction does not count"
        session.execute(update(OutboxMessage).values(state="done"))
    assert sign_in("office").post(f"/admin/jobs/{probe}/stop").status_code == 404


def test_a_stopped_job_that_had_failed_counts_as_stopped(
    story: Story, task: Task, sign_in: SignIn
) -> None:
    by = outbox.Act(story.world.people["admin"], story.now, WHY)
    with story.database.write() as session:
        for name in ("first", "second"):
            outbox.deliver(session, "redate", name, {}, story.now)
        dead = update(OutboxMessage).where(OutboxMessage.job == "redate").values(state="dead")
        session.execute(dead)
        wanted = select(OutboxMessage.id).where(OutboxMessage.dedup_key == "first")
        first = session.scalars(wanted).one()
        assert outbox.stop(session, first, by)
        assert outbox.status(session) == {"dead": 1, "stopped": 1}
        assert len(outbox.failures(session)) == 1
    client = sign_in("admin")
    assert "Gescheiterte Aufträge: 1" in client.get("/admin/").text
    client.post("/admin/jobs/retry")
    with story.database.read() as session:
        assert outbox.status(session) == {"pending": 1, "stopped": 1}, "the stopped one stays"
    client.post(f"/admin/jobs/{first}/retry")
    client.post(f"/admin/jobs/{first}/retry")
    with story.database.read() as session:
        assert outbox.status(session) == {"pending": 2}
        acts = session.scalars(select(OutboxAct.act).order_by(OutboxAct.id)).all()
    assert acts == ["stopped", "retried", "resumed"], "a second click does nothing"
