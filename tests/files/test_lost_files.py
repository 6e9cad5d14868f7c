"""A file that the storage has lost: clear words, an alarm for the operator, and no retrieval."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update
from structlog.testing import capture_logs

from funding_app.demo.runner import Story, micro_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Application, Attachment, Document
from funding_app.services.people.accounts import create_token
from tests.files.test_uploads import kept, upload
from tests.fixtures.pages import SignIn
from tests.support.hostile_files import sound_pdf

PDF = sound_pdf()
PERIOD = ("2026-04-01", "2026-12-31")


def lose(workplace: Workplace, sha256: str | None) -> None:
    assert sha256 is not None
    workplace.storage.get(sha256)
    workplace.storage.remove(sha256)


def test_a_lost_file_is_told_and_the_operator_alarmed(
    story: Story, sign_in: SignIn, workplace: Workplace, app: Flask
) -> None:
    story.apply("grant_case", {})
    client = sign_in("applicant1")
    upload(client, story, "statutes", (PDF, "Satzung.pdf"))
    drain(workplace, now=lambda: story.now)
    [file] = kept(story, "statutes")
    lose(workplace, file["sha256"])
    with capture_logs() as logs:
        answer = client.get(f"/attachments/{file['id']}")
    assert answer.status_code == 410
    assert "laden Sie sie bitte noch einmal hoch" in answer.text
    [alarm] = [each for each in logs if each["event"] == "file_lost"]
    assert (alarm["log_level"], alarm["sha256"]) == ("error", file["sha256"])
    assert alarm["reference"] in answer.text
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    told = app.test_client().get(
        f"/api/v1/attachments/{file['id']}", headers={"Authorization": f"Bearer {token}"}
    )
    assert (told.status_code, told.mimetype) == (410, "application/problem+json")
    assert told.json is not None
    assert told.json["code"] == "file_lost"
    assert client.get(f"/cases/{story.case_id}/form/attachments").status_code == 200
    assert client.get(f"/attachments/{file['id']}/thumbnail").status_code == 200
    assert upload(client, story, "statutes", (PDF, "Satzung.pdf")).status_code == 302
    assert client.get(f"/attachments/{file['id']}").status_code == 200, "the same bytes are back"


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_decision_that_is_lost_does_not_count_as_retrieved(
    story: Story, sign_in: SignIn, workplace: Workplace, app: Flask, door: str
) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nähcafé"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.twice("officer", "approver", "decide_grant", {"amount": "900.00"})
    story.issue_letters(story.now)
    story.act("officer", "notify", {"channel": "own_portal"})
    with story.database.read() as session:
        letter = session.scalars(select(Document).where(Document.kind == "award")).one()
    lose(workplace, letter.sha256)
    client, headers, path = sign_in("applicant1"), {}, f"/documents/{letter.id}"
    if door == "api":
        with story.database.write() as session:
            token = create_token(session, story.world.people["applicant1"], story.now)
        client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
        path = f"/api/v1{path}"
    assert client.get(path, headers=headers).status_code == 410
    with story.database.read() as session:
        assert session.get_one(Application, story.case_id).retrieved_on is None
    with story.database.write() as session:
        found = workplace.storage.put(b"%PDF-1.7 from the backup")
        session.execute(update(Document).where(Document.id == letter.id).values(sha256=found))
    assert client.get(path, headers=headers).status_code == 200
    with story.database.read() as session:
        assert session.get_one(Application, story.case_id).retrieved_on is not None
        assert session.scalars(select(Attachment)).all() == []
