"""Small pictures in the lists of files: after the scan, for those who may read the file."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import lxml.html
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from funding_app.demo.runner import Story, grant_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Attachment, Call, OutboxMessage, Thumbnail
from tests.files.test_uploads import kept, upload
from tests.fixtures.pages import SignIn
from tests.support.hostile_files import docx, sound_pdf

PERIOD = ("2026-04-01", "2026-12-31")


@pytest.fixture
def client(story: Story, sign_in: SignIn) -> FlaskClient:
    story.apply("grant_case", {})
    return sign_in("applicant1")


def pictures(page: str) -> list[Any]:
    return lxml.html.document_fromstring(page).xpath('//*[@class="thumbnail"]')


def test_a_list_shows_what_a_file_looks_like(
    story: Story, client: FlaskClient, workplace: Workplace, sign_in: SignIn
) -> None:
    upload(client, story, "statutes", (sound_pdf(), "Satzung.pdf"))
    [file] = kept(story, "statutes")
    place = f"/cases/{story.case_id}/form/attachments"
    path = f"/attachments/{file['id']}/thumbnail"
    [before] = pictures(client.get(place).text)
    assert (before.tag, before.text, before.get("aria-hidden")) == ("span", "PDF", "true")
    assert client.get(path).status_code == 404
    drain(workplace, now=lambda: story.now)
    [image] = pictures(client.get(place).text)
    assert image.tag == "img"
    assert (image.get("src"), image.get("alt")) == (path, "Erste Seite von Satzung.pdf")
    shape = {name: image.get(name) for name in ("width", "height", "loading")}
    assert shape == {"width": "60", "height": "80", "loading": "lazy"}
    answer = client.get(path)
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.data)).format == "PNG"
    for who in ("officer", "reviewer1", "expert1"):
        assert sign_in(who).get(path).status_code == 404, "a draft is nobody else's"


def test_a_damaged_file_gets_a_calm_placeholder(
    story: Story, client: FlaskClient, workplace: Workplace
) -> None:
    upload(client, story, "statutes", (sound_pdf(), "Satzung.pdf"))
    [file] = kept(story, "statutes")
    with story.database.write() as session:
        damaged = workplace.storage.put(b"%PDF-1.4 damaged")
        session.execute(update(Attachment).values(sha256=damaged))
    drain(workplace, now=lambda: story.now)
    with story.database.read() as session:
        assert session.scalars(select(Thumbnail)).one().sha256 is None
        assert session.scalars(select(OutboxMessage.state)).all() == ["done"]
    [shown] = pictures(client.get(f"/cases/{story.case_id}/form/attachments").text)
    assert (shown.tag, shown.text) == ("span", "PDF")
    assert client.get(f"/attachments/{file['id']}/thumbnail").status_code == 404


def test_a_document_of_an_office_program_shows_its_kind(
    story: Story, client: FlaskClient, workplace: Workplace
) -> None:
    upload(client, story, "annexes", (docx(), "Satzung.docx"))
    drain(workplace, now=lambda: story.now)
    [shown] = pictures(client.get(f"/cases/{story.case_id}/form/attachments").text)
    assert (shown.tag, shown.text) == ("span", "DOCX")


@pytest.mark.parametrize("is_blind", [False, True])
def test_a_reviewer_sees_it_unless_blind(
    story: Story, workplace: Workplace, sign_in: SignIn, is_blind: bool
) -> None:
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=is_blind))
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, "Klartext"))
    upload(sign_in("applicant1"), story, "annexes", (sound_pdf(), "Plan.pdf"))
    [file] = kept(story, "annexes")
    path = f"/attachments/{file['id']}/thumbnail"
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    checks = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
    story.act("officer", "pass", checks | {"aid_basis": "none_non_economic"})
    reviewer = {"reviewer": str(story.world.people["reviewer1"])}
    story.act("office", "assign_reviewer", reviewer)
    child = story.children("review_assignment")[-1]
    drain(workplace, now=lambda: story.now)
    client = sign_in("reviewer1")
    assert client.get(path).status_code == 404, "not before declaring to be free of bias"
    story.act("reviewer1", "accept", {"no_conflict": True}, on=child)
    drain(workplace, now=lambda: story.now)
    shown = pictures(client.get(f"/cases/{child}").text)
    assert [each.tag for each in shown] == ["span" if is_blind else "img"]
    assert client.get(path).status_code == (404 if is_blind else 200)
    assert sign_in("officer").get(path).status_code == 200
