"""What the office asks for later: item by item, answered in its place, seen with when it came."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import select

import workflows
from forms.schema import Asked
from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story, micro_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Process, Submission, Task
from funding_app.services.mails.reminders import remind
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn

ANSWERS = micro_answers(Decimal("900.00"), "2026-04-01", "2026-12-31", "Nähcafé")
ITEMS = "- Die gültige Satzung\r\n\r\n2. Ein <b>Kostenplan</b>\nWer betreut die Geräte?"


def test_each_line_is_an_item_without_its_mark() -> None:
    assert Asked(1, date(2026, 2, 2), ITEMS).items == [
        "Die gültige Satzung", "Ein <b>Kostenplan</b>", "Wer betreut die Geräte?",
    ]  # fmt: skip
    assert Asked(1, date(2026, 2, 2), "3.000 Euro erklären").items == ["3.000 Euro erklären"]
    many = Asked(1, date(2026, 2, 2), "\n".join(map(str, range(40)))).items
    assert (len(many), many[0], many[-1].split("\n")[-1]) == (30, "0", "39")


@pytest.mark.parametrize("key", ["grant_case", "micro_grant", "idea_contest", "lab_support"])
def test_every_request_can_be_answered_extended_and_has_a_day(key: str) -> None:
    definition = workflows.load().get(key)
    state = definition.states["info_requested"]
    arrows = {arrow.event: arrow for arrow in definition.arrows_from("info_requested")}
    assert state.limit is not None
    assert state.editable
    assert arrows["provide"].roles == ("applicant_signatory",)
    assert arrows["extend_request"].target == "info_requested"
    assert arrows["extend_request"].reason == "required"


def test_an_office_asks_and_an_applicant_answers_item_by_item(
    story: Story, sign_in: SignIn
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": ITEMS})
    applicant, officer, path = sign_in("applicant1"), sign_in("officer"), f"/cases/{story.case_id}"
    page = applicant.get(path).text
    assert "Nachgefordert am 2. Februar 2026" in page
    assert "Antwort erbeten bis 16. Feb. 2026." in page
    assert "Ein &lt;b&gt;Kostenplan&lt;/b&gt;" in page
    assert page.count(">offen<") == 4  # three items, and the section among the others
    letter = applicant.get(f"{path}/messages?more_time=1").text
    assert "Bitte verlängern Sie die Frist, die am 16. Feb. 2026 endet" in letter
    story.act("officer", "extend_request", reason="Die Satzung liegt beim Registergericht.")
    assert "Antwort erbeten bis 16. Feb. 2026." in applicant.get(path).text  # the same day again
    assert applicant.get(f"{path}/check").text.count("Noch nicht beantwortet.") == 3
    data = {
        "version-requested_1": "0",
        "requested_1_2": "Siehe Anlage, Seite 2.",
        "requested_1_1_files": (io.BytesIO(b"%PDF-1.4 no"), "satzung.pdf"),
        "go": "overview",
    }
    wrong = applicant.post(f"{path}/form/requested_1", data=data)
    assert wrong.status_code == 422  # what is no PDF is refused; the text is kept
    data = {"version-requested_1": "1", "requested_1_2": "Siehe Seite 2.",
            "requested_1_3": "Frau Yıldız", "go": "overview"}  # fmt: skip
    assert applicant.post(f"{path}/form/requested_1", data=data).status_code == 302
    assert applicant.get(path).text.count(">beantwortet<") == 2
    assert "Frau Yıldız" not in officer.get(path).text, "not sent off yet"
    story.act("applicant1", "provide")
    page = officer.get(path).text
    assert "Beantwortet am 2. Feb. 2026" in page
    assert "Frau Yıldız" in page
    assert (page.count(">beantwortet<"), page.count(">offen<")) == (2, 1)
    with story.database.read() as session:
        frozen = session.scalars(select(Submission).order_by(Submission.number.desc())).first()
        assert frozen is not None
        assert frozen.answers["requested_1_3"] == "Frau Yıldız"
    story.act("officer", "request_info", {"items": "Noch einmal: die Satzung"})
    page = applicant.get(path).text
    assert page.count("Nachgefordert am 2. Februar 2026") >= 2
    assert "Beantwortet am" in page
    story.act("applicant1", "provide")


def asked(story: Story) -> str:
    """A micro-grant that is being checked, ready to be asked about; its page."""
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    return f"/cases/{story.case_id}"


def day_of(page: str, event: str) -> str:
    """The day in three parts as a form shows it, in ISO form."""
    tree = lxml.html.document_fromstring(page)
    parts = [tree.get_element_by_id(f"{event}-answer_by-{part}").get("value")
             for part in ("year", "month", "day")]  # fmt: skip
    return "{}-{:0>2}-{:0>2}".format(*parts)


def sent(event: str, day: str, **more: str) -> dict[str, str]:
    names = dict(zip(("year", "month", "day"), day.split("-"), strict=True))
    return {f"{event}-answer_by-{part}": value for part, value in names.items()} | more


def test_an_office_chooses_the_day_of_the_answer(
    story: Story, sign_in: SignIn, workplace: Workplace
) -> None:
    """On Monday, 2 February 2026: suggested are 14 days, at least are 7, chosen are 25."""
    path = asked(story)
    officer, applicant = sign_in("officer"), sign_in("applicant1")
    assert day_of(officer.get(path).text, "request_info") == "2026-02-16"
    items = {"request_info-items": "Die Satzung"}
    early = officer.post(
        f"{path}/events/request_info", data=sent("request_info", "2026-02-08", **items)
    )
    assert early.status_code == 422
    assert "mindestens bis zum 09.02.2026" in early.text
    assert 'aria-invalid="true"' in early.text
    assert day_of(early.text, "request_info") == "2026-02-08"
    assert "Die Satzung" in early.text
    chosen = sent("request_info", "2026-02-27", **items)
    assert officer.post(f"{path}/events/request_info", data=chosen).status_code == 302
    assert "Antwort erbeten bis 27. Feb. 2026." in applicant.get(path).text
    with story.database.read() as session:
        task = session.scalars(select(Task).where(Task.done_at.is_(None))).one()
        assert task.due_at == datetime(2026, 2, 27, 23, tzinfo=UTC)
    assert reminded(story, workplace, datetime(2026, 2, 24, 22, tzinfo=UTC)) == []
    assert len(reminded(story, workplace, datetime(2026, 2, 24, 23, tzinfo=UTC))) == 1
    assert reminded(story, workplace, datetime(2026, 2, 25, 23, tzinfo=UTC)) == []
    extended = day_of(officer.get(path).text, "extend_request")
    assert extended == "2026-03-13"
    again = {"reason": "Das Registergericht braucht länger."}
    same = officer.post(
        f"{path}/events/extend_request", data=sent("extend_request", "2026-02-27", **again)
    )
    assert (same.status_code, "28.02.2026" in same.text) == (422, True)
    later = sent("extend_request", extended, **again)
    assert officer.post(f"{path}/events/extend_request", data=later).status_code == 302
    assert "Antwort erbeten bis 13. März 2026." in applicant.get(path).text
    assert len(reminded(story, workplace, datetime(2026, 3, 10, 23, tzinfo=UTC))) == 1


def reminded(story: Story, workplace: Workplace, now: datetime) -> list[str]:
    """The subjects of the reminders that come at an hour."""
    assert isinstance(workplace.mailer, MemoryMailer)
    story.now = now
    with story.database.write() as session:
        remind(session, now)
    before = len(workplace.mailer.sent)
    drain(workplace, now=lambda: now)
    subjects = [str(mail["Subject"]) for mail in workplace.mailer.sent[before:]]
    return [each for each in subjects if each.startswith("Bald fällig")]


def test_without_a_day_the_definition_says_it_and_the_api_refuses_alike(
    story: Story, app: Flask
) -> None:
    asked(story)
    with story.database.write() as session:
        token = create_token(session, story.world.people["officer"], story.now)
    client = app.test_client()

    def post(data: dict[str, str]) -> tuple[int, dict[str, object]]:
        with story.database.read() as session:
            version = session.get_one(Process, story.case_id).row_version
        headers = {"Authorization": f"Bearer {token}", "If-Match": str(version)}
        path = f"/api/v1/processes/{story.case_id}/events/request_info?lang=en"
        answer = client.post(path, json={"data": data}, headers=headers)
        return answer.status_code, answer.get_json()

    status, told = post({"items": "Die Satzung", "answer_by": "2026-02-03"})
    assert (status, told["code"]) == (422, "day_too_early")
    english = {"errors": {"answer_by": ["Please allow at least until 9 February 2026."]}}
    assert told["errors"] == english["errors"]
    assert post({"items": "Die Satzung"})[0] == 200
    with story.database.read() as session:
        due = session.get_one(Process, story.case_id).due_at
    assert due == datetime(2026, 2, 16, 23, tzinfo=UTC)
