"""Uploads on the pages: kept, replaced, removed, refused with the reason, downloaded safely."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from funding_app.demo.story import Story
from funding_app.models import AnswerSection, Attachment
from funding_app.services.attachments import clean_name
from tests.support.hostile_files import archive, docx, sound_pdf
from tests.web.conftest import SignIn

PDF = sound_pdf()
DOCX = docx()


def upload(client: FlaskClient, story: Story, field: str, *files: tuple[bytes, str]) -> Any:
    with story.database.read() as session:
        saved = session.get(AnswerSection, (story.case_id, "attachments"))
    data = {
        "version-attachments": str(saved.version if saved else 0),
        field: [(io.BytesIO(content), name) for content, name in files],
    }
    return client.post(
        f"/cases/{story.case_id}/form/attachments", data=data, content_type="multipart/form-data"
    )


def kept(story: Story, field: str) -> list[dict[str, Any]]:
    with story.database.read() as session:
        saved = session.get(AnswerSection, (story.case_id, "attachments"))
        return list((saved.answers.get(field) or []) if saved else [])


@pytest.fixture
def client(story: Story, sign_in: SignIn) -> FlaskClient:
    story.apply("grant_case", {})
    return sign_in("applicant1")


def test_a_file_is_kept_and_downloaded_byte_for_byte(story: Story, client: FlaskClient) -> None:
    assert upload(client, story, "statutes", (PDF, "Satzung ä.pdf")).status_code == 302
    [file] = kept(story, "statutes")
    assert (file["name"], file["size"]) == ("Satzung ä.pdf", len(PDF))
    answer = client.get(f"/attachments/{file['id']}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    page = client.get(f"/cases/{story.case_id}/form/attachments").text
    assert "Satzung ä.pdf" in page


def test_a_new_version_replaces_and_the_old_one_stays_stored(
    story: Story, client: FlaskClient
) -> None:
    upload(client, story, "statutes", (PDF, "alt.pdf"))
    upload(client, story, "statutes", (PDF + b"\n", "neu.pdf"))
    assert [file["name"] for file in kept(story, "statutes")] == ["neu.pdf"]
    with story.database.read() as session:
        rows = session.scalars(select(Attachment).order_by(Attachment.id)).all()
        assert [row.removed_at is None for row in rows] == [False, True]


def test_saving_the_section_again_keeps_its_files(story: Story, client: FlaskClient) -> None:
    upload(client, story, "letters", (PDF, "eins.pdf"), (DOCX, "zwei.docx"))
    upload(client, story, "statutes", (PDF, "satzung.pdf"))
    assert [file["name"] for file in kept(story, "letters")] == ["eins.pdf", "zwei.docx"]


def test_a_file_is_removed(story: Story, client: FlaskClient) -> None:
    upload(client, story, "letters", (PDF, "eins.pdf"), (DOCX, "zwei.docx"))
    first = kept(story, "letters")[0]
    data = {"version-attachments": "1", "remove": f"letters:{first['id']}"}
    assert client.post(f"/cases/{story.case_id}/form/attachments", data=data).status_code == 200
    assert [file["name"] for file in kept(story, "letters")] == ["zwei.docx"]
    assert client.get(f"/attachments/{first['id']}").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "rechnung.pdf", "ist kein PDF"),
        (b"<html><script>alert(1)</script></html>", "seite.pdf", "ist kein PDF"),
        (docx({"word/vbaProject.bin": "x"}), "makro.docx", "ist kein DOCX"),
        (archive({"irgendwas.txt": "x"}), "leer.docx", "ist kein DOCX"),
        (b"PK\x03\x04kaputt", "kaputt.docx", "ist kein DOCX"),
        (b"", "nichts.pdf", "ist leer"),
        (PDF, "programm.exe", "nicht die richtige Dateiart"),
        (PDF, "ohne-endung", "nicht die richtige Dateiart"),
        (PDF + b" " * 10_000_001, "riesig.pdf", "zu groß"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(
    story: Story, client: FlaskClient, content: bytes, name: str, words: str
) -> None:
    answer = upload(client, story, "letters", (content, name), (PDF, "gut.pdf"))
    assert answer.status_code == 422
    assert words in answer.text
    assert [file["name"] for file in kept(story, "letters")] == ["gut.pdf"]


def test_a_foreign_file_looks_like_an_unknown_one(
    story: Story, client: FlaskClient, sign_in: SignIn
) -> None:
    upload(client, story, "statutes", (PDF, "satzung.pdf"))
    [file] = kept(story, "statutes")
    assert sign_in("reviewer1").get(f"/attachments/{file['id']}").status_code == 404
    assert sign_in("officer").get(f"/attachments/{file['id']}").status_code == 404  # a draft


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Dokumente\\Satzung.pdf", "Satzung.pdf"),
        ("a\x00b\r\nc.pdf", "a b c.pdf"),
        ("gnp.\u202efdp.pdf", "gnp. fdp.pdf"),
        (".pdf", "datei.pdf"),
        ("", "datei"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.x.pdf", "_lpt1.x.pdf"),
        ("Zeile\u2028zwei\u0085drei\ufeff.pdf", "Zeile zwei drei.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean
