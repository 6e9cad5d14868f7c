"""Messages on a case: who reads them, who writes, and who is told by mail."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from funding_app.demo.runner import Story, micro_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import MailDelivery
from tests.applications.test_writing import colleague
from tests.fixtures.pages import SignIn

ANSWERS = micro_answers(Decimal("900.00"), "2027-02-01", "2027-03-31", "Reparaturwerkstatt")


def told(story: Story, about: str) -> set[str]:
    with story.database.read() as session:
        found = select(MailDelivery.recipient).where(MailDelivery.subject.contains(about))
        return {address.partition("@")[0] for address in session.scalars(found)}


def test_both_sides_write_to_each_other_and_are_told(
    story: Story, sign_in: SignIn, workplace: Workplace
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    path = f"/cases/{story.case_id}/messages"
    officer, applicant = sign_in("officer"), sign_in("applicant1")
    sent = officer.post(f"{path}/both", data={"message_text": "Bis wann <b>beginnen</b> Sie?"})
    assert sent.status_code == 302
    drain(workplace)
    assert told(story, "Neue Nachricht") == {"applicant1"}
    assert "Bis wann &lt;b&gt;beginnen&lt;/b&gt; Sie?" in applicant.get(path).text
    applicant.post(f"{path}/both", data={"message_text": "Am 1. Februar."})
    drain(workplace)
    assert told(story, "Neue Nachricht") == {"applicant1", "officer"}
    assert "Am 1. Februar." in officer.get(path).text
    assert path in officer.get(f"/cases/{story.case_id}").text


def test_comments_stay_with_the_applicant_s_people(story: Story, sign_in: SignIn) -> None:
    story.apply("micro_grant", ANSWERS)
    path = f"/cases/{story.case_id}/messages"
    colleague(story, "Kollegin", "applicant_editor")
    applicant = sign_in("applicant1")
    wrong = applicant.post(f"{path}/own", data={"comment_text": "", "about": "project"})
    assert wrong.status_code == 422
    data = {"comment_text": "Hier fehlt die Zahl.", "about": "project"}
    assert applicant.post(f"{path}/own", data=data).status_code == 302
    section = sign_in("kollegin").get(f"/cases/{story.case_id}/form/project").text
    assert "Anmerkungen zu diesem Abschnitt (1)" in section
    assert applicant.post(f"{path}/both", data={"message_text": "Hallo"}).status_code == 404
    story.act("applicant1", "submit")
    officer = sign_in("officer")
    assert "Hier fehlt die Zahl." not in officer.get(path).text
    assert officer.post(f"{path}/own", data=data).status_code == 404
    assert "Hier fehlt die Zahl." in sign_in("kollegin").get(path).text


def test_who_only_reads_does_not_write_and_others_see_nothing(
    story: Story, sign_in: SignIn
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    colleague(story, "Leserin", "applicant_reader")
    path = f"/cases/{story.case_id}/messages"
    for who in ("leserin", "auditor"):
        client = sign_in(who)
        assert client.get(path).status_code == 200
        assert client.post(f"{path}/both", data={"message_text": "Hallo"}).status_code == 404
    for who in ("reviewer1", "expert1", "admin"):
        assert sign_in(who).get(path).status_code == 404
