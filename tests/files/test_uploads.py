"""Uploads on the pages: kept, replaced, removed, refused with the reason, downloaded safely."""

from __future__ import annotations

import io
import tracemalloc
from decimal import Decimal
from hashlib import sha256 as hashed
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from funding_app.demo.runner import Story, grant_answers
from funding_app.models import AnswerSection, Attachment, new_id
from funding_app.services.files.attachments import clean_name
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.support.hostile_files import archive, docx, sound_pdf

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


def sha256(content: bytes) -> str:
    return hashed(content).hexdigest()


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
    assert client.get(f"/attachments/{first['id']}").data == PDF, "it is an earlier version"


def press(client: FlaskClient, story: Story, button: str, version: int) -> Any:
    name, value = button.split("=")
    data = {"version-attachments": str(version), name: value}
    return client.post(f"/cases/{story.case_id}/form/attachments", data=data)


def test_an_earlier_version_comes_back_and_none_is_lost(story: Story, client: FlaskClient) -> None:
    upload(client, story, "statutes", (PDF, "alt.pdf"))
    upload(client, story, "statutes", (PDF + b"\n", "neu.pdf"))
    [new] = kept(story, "statutes")
    page = client.get(f"/cases/{story.case_id}/form/attachments").text
    assert "Frühere Fassungen (1)" in page and "alt.pdf" in page and sha256(PDF) in page
    with story.database.read() as session:
        old = session.scalars(select(Attachment.id).where(Attachment.file_name == "alt.pdf")).one()
    page = press(client, story, f"restore=statutes:{old}", 2).text
    assert [file["name"] for file in kept(story, "statutes")] == ["alt.pdf"]
    assert f"statutes:{new['id']}" in page and '<details class="versions" open>' in page
    press(client, story, f"remove=statutes:{old}", 3)
    assert kept(story, "statutes") == []
    press(client, story, f"restore=letters:{old}", 4)  # not of this field
    press(client, story, f"restore=statutes:{new['id']}", 5)
    assert kept(story, "statutes") == [new]


def test_others_see_earlier_versions_only_of_what_was_handed_in(
    story: Story, sign_in: SignIn
) -> None:
    story.apply("grant_case", grant_answers(Decimal("90000.00"), "2026-04-01", "2026-12-31", "X"))
    client = sign_in("applicant1")
    upload(client, story, "statutes", (PDF, "versehen.pdf"))
    upload(client, story, "statutes", (PDF + b"\n", "gesendet.pdf"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": "Bitte aktuell."})
    upload(client, story, "statutes", (PDF + b"\n\n", "neu.pdf"))
    with story.database.read() as session:
        ids = dict(session.execute(select(Attachment.file_name, Attachment.id)).all())
    officer = sign_in("officer")
    page = officer.get(f"/cases/{story.case_id}").text
    assert "gesendet.pdf" in page and "versehen.pdf" not in page and 'name="restore"' not in page
    assert officer.get(f"/attachments/{ids['gesendet.pdf']}").data == PDF + b"\n"
    assert officer.get(f"/attachments/{ids['versehen.pdf']}").status_code == 404
    assert client.get(f"/attachments/{ids['versehen.pdf']}").status_code == 200


def test_a_file_that_comes_with_a_conflict_is_put_aside(story: Story, client: FlaskClient) -> None:
    path, files = f"/cases/{story.case_id}/form/attachments", (io.BytesIO(PDF), "meine.pdf")
    upload(client, story, "statutes", (PDF + b"\n", "ihre.pdf"))
    data = {"version-attachments": "0", "statutes": files}
    answer = client.post(path, data=data, content_type="multipart/form-data")
    assert answer.status_code == 409 and "Nicht übernommen wurde: meine.pdf" in answer.text
    assert [file["name"] for file in kept(story, "statutes")] == ["ihre.pdf"]
    assert "Frühere Fassungen (1)" in answer.text and "restore" in answer.text


def test_a_full_field_takes_no_more_and_says_so(story: Story, client: FlaskClient) -> None:
    sketches = [(PDF + b"\n" * number, f"{number}.pdf") for number in range(6)]
    answer = upload(client, story, "annexes", *sketches)
    assert answer.status_code == 422 and "5.pdf“ wurde nicht angenommen" in answer.text
    assert [file["name"] for file in kept(story, "annexes")] == [f"{n}.pdf" for n in range(5)]
    with story.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Attachment)) == 5


def test_files_by_the_api_are_those_that_were_uploaded(story: Story, client: FlaskClient) -> None:
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    here, headers = f"/api/v1/applications/{story.case_id}", {"Authorization": f"Bearer {token}"}
    ids = []
    for number in range(2):
        data = {"file": (io.BytesIO(PDF + b"\n" * number), f"{number}.pdf")}
        put = client.put(f"{here}/attachments/annexes", data=data, headers=headers)
        ids.append({"id": put.json["id"]})

    def patch(value: Any) -> Any:
        version = client.get(f"/api/v1/processes/{story.case_id}", headers=headers)
        match = {"If-Match": str(version.json["answers_version"])}
        return client.patch(f"{here}/answers", json={"annexes": value}, headers=headers | match)

    told = patch(ids[1:])
    assert [file["name"] for file in told.json["answers"]["annexes"]] == ["1.pdf"]
    assert told.json["answers"]["annexes"][0]["scan"] == "skipped"
    assert [file["name"] for file in patch(ids).json["answers"]["annexes"]] == ["0.pdf", "1.pdf"]
    for wrong in ([{"name": "erfunden.pdf"}], [*ids, ids[0]], "text", [{"id": str(new_id())}], [3]):
        refused = patch(wrong)
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["annexes"]), wrong
    assert patch([]).json["answers"]["annexes"] == [] and kept(story, "annexes") == []


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


BOUNDARY = "----without-script"


def form_body(place: Path, version: int, size: int) -> tuple[Path, int]:
    """A form as a browser sends it, on the disk: a small file, and one of so many bytes."""
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        (head.format("version-attachments"), str(version).encode()),
        (head.format("statutes") + '; filename="Satzung.pdf"\r\nContent-Type: a/b', PDF),
        (head.format("annexes") + '; filename="Film.pdf"\r\nContent-Type: a/b', b""),
    ]
    sent = place / "body"
    with sent.open("wb") as file:
        for names, content in parts:
            file.write(f"--{BOUNDARY}\r\n{names}\r\n\r\n".encode() + content)
            if content:
                file.write(b"\r\n")
        for _each in range(size // 2**20):
            file.write(b"x" * 2**20)
        file.write(f"\r\n--{BOUNDARY}--\r\n".encode())
    return sent, sent.stat().st_size


def send(client: FlaskClient, story: Story, sent: Path, size: int) -> Any:
    with sent.open("rb") as file:
        return client.post(
            f"/cases/{story.case_id}/form/attachments", input_stream=file, content_length=size,
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
        )  # fmt: skip


def test_a_file_far_too_large_is_refused_at_its_field_and_the_rest_is_kept(
    story: Story, client: FlaskClient, tmp_path: Path
) -> None:
    """Also where no script looks at its size first; and it is never held in memory."""
    sent, size = form_body(tmp_path, 0, 60 * 2**20)
    client.get(f"/cases/{story.case_id}/form/attachments")
    tracemalloc.start()
    answer = send(client, story, sent, size)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert "„Film.pdf“ ist zu groß. Höchstens 10 MB sind möglich." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert [file["name"] for file in kept(story, "statutes")] == ["Satzung.pdf"]
    assert kept(story, "annexes") == []
    assert most < 8 * 2**20
    sent, size = form_body(tmp_path, 1, 65 * 2**20)
    assert send(client, story, sent, size).status_code == 413


def test_elsewhere_not_so_much_is_taken_in(client: FlaskClient) -> None:
    answer = client.post("/account/sign-in", data=b"x" * 21 * 2**20)
    assert answer.status_code == 413
