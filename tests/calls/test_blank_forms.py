"""The blank form of a call: complete, in both languages, made once."""

from __future__ import annotations

import hashlib
import io
import subprocess
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from flask import Flask
from sqlalchemy import select

from forms import schema
from forms.printable import paper_of
from forms.schema import Field
from funding_app.demo.runner import Story
from funding_app.documents import Renderer
from funding_app.documents.blank_forms import BlankForms, Busy
from funding_app.documents.renderer import Rendered
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Call
from funding_app.services.calls.calls import publish

JOINT = "cc-gemeinsam-2026"
APPLICATIONS = ("grant_application", "micro_grant_application", "idea", "outline",
                "lab_application", "consultation_request", "data_project")  # fmt: skip


def squeezed(text: str) -> str:
    return "".join(text.split())


def texts_of(field: Field, language: str) -> list[str]:
    """Everything a field says to whoever fills it in."""
    choices = [choice.label[language] for choice in field.choices]
    columns = [text for column in field.columns for text in texts_of(column, language)]
    return [field.label[language], field.hint(language), *choices, *columns]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("key", APPLICATIONS)
def test_paper_says_everything_a_form_says(key: str, language: str) -> None:
    form = schema.get(key)
    said = str(paper_of(form, language))
    for field in form.fields:
        for text in texts_of(field, language):
            assert text in said, field.id
    sections = paper_of(form, language)
    assert [len(each["questions"]) for each in sections] == [
        len(section.fields) for section in form.sections
    ]


def test_limits_and_conditions_are_told_in_words() -> None:
    questions = {
        question["label"]: question
        for section in paper_of(schema.get("grant_application"), "de")
        for question in section["questions"]
    }
    assert questions["Zusammenfassung"]["notes"] == "nötig, höchstens 250 Wörter"
    other = questions["Welche andere Rechtsform?"]
    assert other["condition"] == "Nur, wenn „Rechtsform“ ist „Andere Rechtsform“."
    letters = questions["Absichtserklärungen der Partner"]
    assert letters["notes"] == (
        "freiwillig, als PDF, DOCX, je Datei höchstens 10\u00a0MB, höchstens 10 Dateien"
    )
    budget = questions["Ausgaben und Einnahmen nach Jahren"]["grid"]
    assert budget["head"] == ["Position", "Jahr 1", "Jahr 2", "Jahr 3", "Summe"]
    assert [len(group["rows"]) for group in budget["groups"]] == [12, 4]


def test_a_blank_form_can_be_had_as_pdf_and_docx(
    app: Flask, renderer: Renderer, tmp_path: Path
) -> None:
    app.extensions["blank_forms"] = BlankForms(tmp_path / "kept", renderer)
    client = app.test_client()
    first = client.get(f"/calls/{JOINT}/form.pdf")
    assert first.mimetype == "application/pdf"
    english = client.get(f"/calls/{JOINT}/form.pdf?lang=en")
    with pikepdf.open(io.BytesIO(first.data)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("de", True)
    with pikepdf.open(io.BytesIO(english.data)) as pdf:
        assert str(pdf.Root.Lang) == "en"
    file = tmp_path / "form.pdf"
    file.write_bytes(english.data)
    text = squeezed(subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True,
                                   check=True).stdout)  # fmt: skip
    docx = Document(io.BytesIO(client.get(f"/calls/{JOINT}/form.docx").data))
    written = squeezed("".join(each.text for each in docx.element.iter(qn("w:t"))))
    for field in schema.get("grant_application").fields:
        assert squeezed(field.label["en"]) in text, field.id
        assert squeezed(field.label["en"]) in written, field.id
    assert "31March2027,23:59(CentralEuropeanSummerTime)" in text and "Page1of" in text
    headings = [each.style.name for each in docx.paragraphs if each.style.name.startswith("Head")]
    assert headings.count("Heading 1") == 8 and headings.count("Heading 2") == 42
    assert docx.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
               for table in docx.tables)  # fmt: skip
    kept = {path: path.read_bytes() for path in (tmp_path / "kept").iterdir()}
    assert len(kept) == 3
    renderer.close()  # what was made once is not made again
    again = client.get(f"/calls/{JOINT}/form.pdf?lang=de")
    assert hashlib.sha256(again.data).digest() == hashlib.sha256(first.data).digest()
    assert not renderer.is_warm
    assert f'href="/calls/{JOINT}/form.docx"' in client.get(f"/calls/{JOINT}").text
    assert client.get("/calls/no-such-call/form.pdf").status_code == 404


def test_who_comes_when_too_many_wait_is_asked_to_come_again(tmp_path: Path) -> None:
    files = BlankForms(tmp_path, Renderer())
    while files._places.acquire(blocking=False):
        pass
    with pytest.raises(Busy):
        files.file("docx", {"kind": "blank_form"})


class SlowRenderer(Renderer):
    """Counts what it is asked for, and takes its time."""

    asked = 0

    def render(self, kind: str, values: Mapping[str, Any]) -> Rendered:
        self.asked += 1
        time.sleep(0.3)
        return Rendered(b"made once", "")


def test_one_file_is_made_once_however_many_ask_at_a_time(tmp_path: Path) -> None:
    renderer, start = SlowRenderer(), threading.Barrier(6)
    files = BlankForms(tmp_path, renderer)

    def ask(_number: int) -> bytes:
        start.wait()
        return files.file("pdf", {"kind": "blank_form"})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert answers == [b"made once"] * 6
    assert renderer.asked == 1


def test_the_worker_makes_them_when_a_call_is_published(
    app: Flask, workplace: Workplace, story: Story, tmp_path: Path
) -> None:
    place = replace(workplace, cache=tmp_path / "kept")
    with story.database.write() as session:
        call = session.scalars(select(Call).where(Call.ref == JOINT)).one()
        call.is_published = False
        publish(session, call, story.now)
    drain(place, now=lambda: story.now)
    assert len(list((tmp_path / "kept").glob("*.pdf"))) == 2  # German and English
    no_more = Renderer()
    app.extensions["blank_forms"] = BlankForms(tmp_path / "kept", no_more)
    for language in ("de", "en"):
        answer = app.test_client().get(f"/calls/{JOINT}/form.pdf?lang={language}")
        assert answer.data.startswith(b"%PDF")
    assert not no_more.is_warm  # both were there
