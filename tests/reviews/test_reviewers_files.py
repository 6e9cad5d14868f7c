"""Names in files of a blind call: found, told to the office, withheld or replaced for reviewers."""

from __future__ import annotations

import io
import uuid
from decimal import Decimal
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from weasyprint import HTML

from forms import schema
from funding_app.adapters.redaction import NotCleanable, read_apart
from funding_app.demo.runner import Story, grant_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Attachment, Call, ReviewersFile
from funding_app.services.files.attachments import attach
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.reviews.planting import PERIOD, stored
from tests.web.test_queries import counted

CLUB, WOMAN = "Nachbarschaft Digital e. V.", "Antonia Antrag"
BLACK = b"Hier stand der Name des Vereins."


def letter() -> bytes:
    made: bytes = HTML(string=f"<h1>Absicht</h1><p>Wir, die {CLUB}, stehen bereit.</p>").write_pdf()
    return made


def document_by(author: str, text: str) -> bytes:
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.core_properties.author = author
    document.save(made)
    return made.getvalue()


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(made, "JPEG")
    return made.getvalue()


FILES = [
    ("brief.pdf", letter()),
    ("erklaerung.docx", document_by(WOMAN, "Eine Erklärung ohne Namen.")),
    ("plan.docx", document_by("", "Ein Plan für die Nachbarschaft.")),
    ("logo.jpg", picture()),
]


@pytest.fixture
def review(story: Story, workplace: Workplace) -> uuid.UUID:
    """A review of a blind application with a letter, a statement, a plan, and a picture."""
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=True))
    case = story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, "Klartext"))
    spec = schema.get("grant_application").field("annexes")
    uploads = [stored(workplace.storage, spec, name, content) for name, content in FILES]
    with story.database.write() as session:
        answer = attach(
            session, case, spec, [], uploads,
            actor_id=story.world.people["applicant1"], when=story.now, is_scanned=False,
        )  # fmt: skip
    story.write(case, {"attachments": {"annexes": answer}})
    story.act("applicant1", "submit")
    drain(workplace, now=lambda: story.now)
    story.act("officer", "start_check", {"no_conflict": True})
    checks = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
    story.act("officer", "pass", checks | {"aid_basis": "none_non_economic"})
    story.act("office", "assign_reviewer", {"reviewer": str(story.world.people["reviewer1"])})
    review = story.children("review_assignment")[0]
    story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    drain(workplace, now=lambda: story.now)
    return review


def ids(story: Story) -> dict[str, uuid.UUID]:
    with story.database.read() as session:
        rows = session.execute(
            select(Attachment.file_name, Attachment.id).where(Attachment.removed_at.is_(None))
        )
        return {name: file_id for name, file_id in rows}


def test_names_are_found_in_text_and_properties_and_told_to_the_office(
    story: Story, review: uuid.UUID, sign_in: SignIn
) -> None:
    with story.database.read() as session:
        rows = session.execute(
            select(Attachment.file_name, ReviewersFile.names, ReviewersFile.is_read).join(
                ReviewersFile, ReviewersFile.attachment_id == Attachment.id
            )
        )
        found = {name: (names, is_read) for name, names, is_read in rows}
    assert found == {
        "brief.pdf": ([CLUB], True),
        "erklaerung.docx": ([WOMAN], True),
        "plan.docx": ([], True),
        "logo.jpg": ([], False),
    }
    office, path = sign_in("office"), f"/cases/{story.case_id}/reviewers-files"
    page = office.get(f"/cases/{story.case_id}").text
    assert path in page and "3 Dateien könnten verraten" in page
    with counted(story) as statements:
        page = office.get(path).text
    assert len(statements) <= 12 and page.count("nennt Namen") == 2
    assert "kein Text zu lesen" in page and "kein Name gefunden" in page
    for who in ("reviewer1", "applicant1", "panel"):
        assert sign_in(who).get(path).status_code == 404, who
    assert "könnten verraten" not in sign_in("applicant1").get(f"/cases/{story.case_id}").text


def seen(client: FlaskClient, file_id: uuid.UUID) -> tuple[int, bytes]:
    answer = client.get(f"/attachments/{file_id}")
    return answer.status_code, answer.data


def test_a_file_is_withheld_and_shown_again(
    story: Story, review: uuid.UUID, app: Flask, sign_in: SignIn
) -> None:
    office, reviewer, file_id = sign_in("office"), sign_in("reviewer1"), ids(story)["brief.pdf"]
    place = f"/cases/{story.case_id}/reviewers-files/{file_id}"
    name = f"withhold-{file_id}-withhold_reason"
    for wrong in (" ", "x" * 1001):
        answer = office.post(f"{place}/withhold", data={name: wrong})
        assert answer.status_code == 422 and f">\n{wrong}</textarea>" in answer.text
    assert seen(reviewer, file_id)[0] == 200
    office.post(f"{place}/withhold", data={name: "Der Briefkopf nennt den Verein."})
    page = reviewer.get(f"/cases/{review}").text
    assert "von der Geschäftsstelle zurückgehalten" in page and "Briefkopf" not in page
    assert seen(reviewer, file_id)[0] == 404
    with story.database.write() as session:
        token = create_token(session, story.world.people["reviewer1"], story.now)
    path, headers = f"/api/v1/processes/{review}/application", {"Authorization": f"Bearer {token}"}
    files: Any = app.test_client().get(path, headers=headers).json["answers"]["annexes"]
    assert [each["state"] for each in files] == ["kept_back", "ready", "ready", "ready"]
    assert "2 Dateien könnten" in office.get(f"/cases/{story.case_id}").text
    history = office.get(f"/cases/{story.case_id}/history").text
    assert "Datei zurückgehalten" in history and "Der Briefkopf nennt den Verein." in history
    office.post(f"{place}/show")
    assert seen(reviewer, file_id)[0] == 200
    assert sign_in("reviewer2").post(f"{place}/show").status_code == 404


def test_a_redacted_version_stands_in_the_place_of_a_file(
    story: Story, review: uuid.UUID, workplace: Workplace, sign_in: SignIn
) -> None:
    office, reviewer, file_id = sign_in("office"), sign_in("reviewer1"), ids(story)["brief.pdf"]
    place = f"/cases/{story.case_id}/reviewers-files/{file_id}/replace"
    file, reason = f"replace-{file_id}-replacement", f"replace-{file_id}-replace_reason"

    def send(content: bytes, name: str, why: str = "Ohne Briefkopf.") -> Any:
        return office.post(place, data={file: (io.BytesIO(content), name), reason: why})

    assert office.post(place, data={reason: "Ohne Briefkopf."}).status_code == 422
    for content, title, why in (
        (b"MZ", "a.exe", "So."),
        (BLACK, "neu.pdf", "So."),
        (BLACK, "n.txt", ""),
    ):
        answer = send(content, title, why)
        assert answer.status_code == 422 and "kern-error" in answer.text, title
    assert send(BLACK, "geschwaerzt.txt").status_code == 302
    assert "wird gerade angefertigt" in reviewer.get(f"/cases/{review}").text
    drain(workplace, now=lambda: story.now)
    assert seen(reviewer, file_id) == (200, BLACK)
    page = reviewer.get(f"/cases/{review}").text
    assert "anlage-1.txt" in page and "geschwaerzt" not in page
    assert "geschwaerzt.txt" in office.get(f"/cases/{story.case_id}/reviewers-files").text
    for who in ("applicant1", "office"):
        page = sign_in(who).get(f"/cases/{story.case_id}").text
        assert "brief.pdf" in page and "geschwaerzt.txt" not in page, who
    send(f"Von {CLUB}".encode(), "schlecht.txt")
    drain(workplace, now=lambda: story.now)
    assert "nennt noch Namen" in office.get(f"/cases/{story.case_id}/reviewers-files").text


def test_no_other_call_has_such_a_page(story: Story, review: uuid.UUID, sign_in: SignIn) -> None:
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=False))
    office = sign_in("office")
    assert office.get(f"/cases/{story.case_id}/reviewers-files").status_code == 404
    assert "anonyme Begutachtung" not in office.get(f"/cases/{story.case_id}").text


@pytest.mark.parametrize("ending", ["pdf", "docx", "ods", "png", "zip"])
def test_a_broken_file_ends_the_child_and_nothing_else(ending: str) -> None:
    with pytest.raises(NotCleanable):
        read_apart(b"%PDF-1.7 broken", ending)
