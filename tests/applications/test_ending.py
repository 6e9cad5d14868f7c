"""Withdrawing asks first; a draft that nobody else saw can be deleted, with everything in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from funding_app.demo.runner import Story, grant_answers, micro_answers
from funding_app.engine.log.verify import check_chains
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    AnswerSection,
    Application,
    Attachment,
    Call,
    DigestLine,
    LogPayload,
    LogRecord,
    Message,
    OutboxMessage,
    Process,
    Task,
)
from funding_app.queries.operations.case_counts import running_by_state
from funding_app.services.applications.drafts import forget
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn

PERIOD = ("2026-04-01", "2026-12-31")
PDF = b"%PDF-1.4 of a draft"
SECRET = "Geheimes Vorhaben"


def drafted(story: Story) -> str:
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, SECRET))
    return f"/cases/{story.case_id}"


def count(story: Story, model: type[AnswerSection | Attachment | Message]) -> int:
    with story.database.read() as session:
        wanted = select(func.count()).where(model.process_id == story.case_id)
        return session.scalar(wanted) or 0


def test_withdrawing_says_first_what_it_means(story: Story, sign_in: SignIn) -> None:
    place = drafted(story)
    story.act("applicant1", "submit")
    applicant = sign_in("applicant1")
    assert f'href="{place}/events/withdraw"' in applicant.get(place).text
    page = applicant.get(f"{place}/events/withdraw").text
    assert "Sie haben den Antrag zurückgezogen." in page
    assert "bleibt in der Akte" in page
    assert "einreichen bis: 31. März 2027" in page
    assert "Entwurf löschen" not in page
    data = {"reason": "Ein Partner ist\x00 ausgestiegen."}
    refused = applicant.post(f"{place}/events/withdraw", data=data)
    assert refused.status_code == 422
    assert 'aria-describedby="reason-hint reason-error"' in refused.text
    stale = applicant.post(f"{place}/events/withdraw", data={"version": "1", "reason": "Ein Satz"})
    assert stale.status_code == 409
    assert "Ein Satz" in stale.text
    assert story.state() == "submitted"
    done = applicant.post(f"{place}/events/withdraw", data={"reason": "Ein Partner geht."})
    assert done.status_code == 302
    assert story.state() == "withdrawn"
    assert "Ein Partner geht." in sign_in("officer").get(f"{place}/history").text
    assert applicant.get(f"{place}/events/withdraw").headers["Location"] == place


def test_it_says_when_one_can_not_apply_again(story: Story, sign_in: SignIn) -> None:
    place = drafted(story)
    story.act("applicant1", "submit")
    with story.database.write() as session:
        closes = session.get_one(Call, story.world.calls["grant_case"]).closes_at
    assert closes is not None
    story.now = closes + timedelta(days=1)
    page = sign_in("applicant1").get(f"{place}/events/withdraw").text
    assert "nimmt keine neuen Anträge mehr an" in page


def test_only_what_ends_the_own_case_is_confirmed_apart(story: Story, sign_in: SignIn) -> None:
    place = drafted(story)
    assert sign_in("reviewer1").get(f"{place}/events/withdraw").status_code == 404
    applicant = sign_in("applicant1")
    assert applicant.get(f"{place}/events/submit").headers["Location"] == place
    page = applicant.get(f"{place}/events/withdraw").text
    assert "Niemand außerhalb Ihrer Organisation" in page
    assert 'name="reason"' not in page, "nobody would read it"
    assert f"{place}/delete" in page


@pytest.mark.parametrize("ended", ["", "withdraw", "close_draft"])
def test_a_draft_is_deleted_with_all_that_is_in_it(
    story: Story, sign_in: SignIn, workplace: Workplace, ended: str
) -> None:
    place = drafted(story)
    applicant = sign_in("applicant1")
    name = "Satzung.pdf"
    with story.database.write() as session:
        process = session.get_one(Process, story.case_id)
        sha256 = workplace.storage.put(PDF)
        for process_id, used in ((process.id, sha256), (process.id, workplace.storage.put(b"x"))):
            session.add(
                Attachment(
                    process_id=process_id, field="satzung", file_name=name, size=len(PDF),
                    media_type="application/pdf", sha256=used, uploaded_at=story.now,
                    uploaded_by=story.world.people["applicant1"],
                )
            )  # fmt: skip
    applicant.post(f"{place}/messages", data={"audience": "own", "own-message_text": "Intern"})
    with story.database.write() as session:
        session.add(
            DigestLine(
                dedup_key="x", user_id=story.world.people["applicant1"], topic="comments",
                text="Intern", link=f"https://a.example{place}/messages", created_at=story.now,
            )
        )  # fmt: skip
    if ended == "close_draft":
        story.now += timedelta(days=500)
        story.act("office", "close_draft")
    elif ended:
        story.act("applicant1", ended)
    page = applicant.get(f"{place}/delete").text
    assert "Dateien, auch frühere Fassungen</dt><dd>2</dd>" in page
    version = page.split('name="version" value="')[1].split('"')[0]
    assert applicant.post(f"{place}/delete", data={"version": "1"}).status_code == 409
    assert applicant.post(f"{place}/delete", data={"version": version}).status_code == 302
    assert applicant.get(place).status_code == 404
    assert applicant.post(f"{place}/delete", data={"version": version}).status_code == 404
    assert [count(story, model) for model in (AnswerSection, Attachment, Message)] == [0, 0, 0]
    with story.database.read() as session:
        assert session.get(Application, story.case_id) is None
        process = session.get_one(Process, story.case_id)
        assert (process.organisation_id, process.call_id, process.title) == (None, None, "")
        assert process.performers == {}
        last = session.scalars(select(LogRecord).order_by(LogRecord.id.desc())).first()
        assert last is not None
        assert (last.event, last.actor_id) == ("erase", story.world.people["applicant1"])
        kept = select(LogPayload).where(LogPayload.process_id == process.id)
        assert {(each.salt, each.payload) for each in session.scalars(kept)} == {(None, None)}
        assert list(check_chains(session)) == []
        open_tasks = select(Task).where(Task.process_id == process.id, Task.done_at.is_(None))
        assert session.scalars(open_tasks).first() is None
        queued = session.scalars(select(OutboxMessage.payload))
        assert SECRET not in json.dumps([*queued])
        assert running_by_state(session) == {}
        assert session.scalars(select(DigestLine)).all() == []
    forgotten(story, workplace, sha256)


def forgotten(story: Story, workplace: Workplace, sha256: str) -> None:
    """The bytes go, once they are old enough not to be of an upload under way."""
    drain(workplace, now=lambda: story.now)
    assert workplace.storage.get(sha256) == PDF
    folder = workplace.storage._folder  # type: ignore[attr-defined]
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
    story.now += timedelta(minutes=2)
    drain(workplace, now=lambda: story.now)
    with pytest.raises(FileNotFoundError):
        workplace.storage.get(sha256)


def test_bytes_that_another_case_names_stay(story: Story, workplace: Workplace) -> None:
    drafted(story)
    first = story.case_id
    drafted(story)
    sha256 = workplace.storage.put(PDF)
    with story.database.write() as session:
        for _each in range(2):
            session.add(
                Attachment(
                    process_id=first, field="satzung", file_name="a.pdf", size=len(PDF),
                    media_type="application/pdf", sha256=sha256, uploaded_at=story.now,
                    uploaded_by=story.world.people["applicant1"],
                )
            )  # fmt: skip
    with story.database.write() as session:
        assert forget(session, workplace.storage, [sha256]) == 0
    assert workplace.storage.get(sha256) == PDF


def test_what_was_handed_in_is_not_deleted(story: Story, sign_in: SignIn) -> None:
    place = drafted(story)
    story.act("applicant1", "submit")
    applicant = sign_in("applicant1")
    assert "Entwurf löschen" not in applicant.get(place).text
    assert applicant.get(f"{place}/delete").status_code == 404
    assert applicant.post(f"{place}/delete", data={"version": "5"}).status_code == 404
    story.act("applicant1", "withdraw")
    assert applicant.post(f"{place}/delete", data={"version": "5"}).status_code == 404
    assert sign_in("officer").get(f"{place}/delete").status_code == 404
    assert story.state() == "withdrawn"


Api = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def api(app: Flask, story: Story) -> Api:
    client = app.test_client()

    def delete(who: str, **headers: str) -> tuple[int, dict[str, object]]:
        with story.database.write() as session:
            token = create_token(session, story.world.people[who], story.now)
        sent = {"Authorization": f"Bearer {token}"} | headers
        path = f"/api/v1/applications/{story.case_id}"
        answer = client.delete(path, headers=sent)
        return answer.status_code, answer.get_json()

    return delete


def test_the_api_deletes_alike(story: Story, api: Api) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, SECRET))
    assert api("reviewer1", **{"If-Match": "2"})[0] == 404
    assert api("officer", **{"If-Match": "2"})[0] == 404
    assert api("applicant1")[0] == 428
    status, told = api("applicant1", **{"If-Match": "1"})
    assert (status, told["code"], told["current"]) == (409, "stale", 2)
    assert api("applicant1", **{"If-Match": "2"}) == (200, {"id": str(story.case_id)})
    assert api("applicant1", **{"If-Match": "2"})[0] == 404
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, SECRET))
    story.act("applicant1", "submit")
    status, told = api("applicant1", **{"If-Match": "2"})
    assert (status, told["code"]) == (409, "handed_in")
