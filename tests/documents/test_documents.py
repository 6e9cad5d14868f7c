"""Letters: complete or refused, the same bytes each time, fetching nothing."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from forms import schema
from forms.printable import paper_of
from funding_app.documents.letters import MANDATORY, LetterIncomplete, html
from funding_app.documents.line_memory import forget_lines, remember_lines
from funding_app.documents.pdf import render
from funding_app.documents.renderer import Renderer, RendererFailed

VALUES: dict[str, Any] = {
    "kind": "award",
    "reference": "CC-2026-00001",
    "title": "Klartext: Behördenbriefe in einfacher Sprache",
    "call": "Gemeinsam KI für das Gemeinwohl erproben",
    "requested_at": "2026-03-01T10:00:00+00:00",
    "recipient": {"name": "Nachbarschaft Digital e. V.", "street": "", "place": "04109 Leipzig"},
    "authority": {
        "name": "Bundesministerium für Arbeit und Soziales",
        "court": "Verwaltungsgericht Berlin",
    },
    "remedy": "court_action",
    "decided_on": "1. März 2026",
    "amount": "250.000,00 €",
    "amount_in_words": "zweihundertfünfzigtausend Euro",
    "financing": "Anteilfinanzierung",
    "expenditure": "277.777,78 €",
    "purpose": "Ein Werkzeug für verständliche Briefe.",
    "reasons": "Die Mittel sind erschöpft.",
    "period": "1. April 2026 bis 31. Dezember 2026",
    "proof_due": "30. Juni 2027",
    "aid_basis": "none_non_economic",
    "shares": [
        {"ministry": "BMAS", "percent": "60 %", "amount": "150.000,00 €", "title": "1101 684 21"}
    ],
    "years": [{"year": "2026", "amount": "250.000,00 €"}],
    "signatures": [],
    "signer": "Lena Schlusszeichnung",
    "received_local": "1. März 2026, 11:00:00 Uhr",
    "received_utc": "2026-03-01T10:00:00+00:00",
    "answers_sha256": "c" * 64,
    "files": [],
    "tranches": [{"number": 1, "condition": "Annahme des Preises", "amount": "100.000,00 €"}],
    "changes": ["Der Bewilligungszeitraum endet am 31. März 2027."],
    "ground": "Wir widerrufen den Zuwendungsbescheid (§ 49 VwVfG).",
    "interest_from": "1. Februar 2027",
    "outcome": "Der Widerspruch wird zurückgewiesen.",
    "log_head": "d" * 64,
    "held_on": "12. Mai 2027, 10:00 Uhr",
    "place": "Wilhelmstraße 49, Berlin",
    "chair": "Prof. Dr. Vera Ostermoor",
    "approved_by": "Prof. Dr. Vera Ostermoor",
    "course": "Die Jury hat alle Anträge beraten.",
    "present": [
        {"name": "Kasimir Wacholder", "vote": "stimmberechtigt"},
        {"name": "Prof. Dr. Vera Ostermoor", "vote": "stimmberechtigt"},
    ],
    "absent": [{"name": "Thea Sonnengrund", "vote": "beratend"}],
    "items": [
        {
            "number": "1",
            "reference": "CC-2026-00045",
            "title": "Hitze im Hof",
            "applicant": "Nachbarschaft Digital e. V.",
            "asked": "Beantragt",
            "requested": "90.000,00 €",
            "motion": "zur Förderung empfehlen",
            "recusals": [{"name": "Kasimir Wacholder", "ground": "Sitzt im Beirat."}],
            "lifted": [
                {
                    "name": "Thea Sonnengrund",
                    "ground": "Arbeitet dort.",
                    "reason": "Verwechselt: ein anderer Verein.",
                    "asked_by": "Jule Pappelheim",
                    "asked_at": "12.05.2027, 10:20 Uhr",
                    "confirmed_by": "Prof. Dr. Vera Ostermoor",
                    "confirmed_at": "12.05.2027, 10:22 Uhr",
                }
            ],
            "notes": "Die Jury lobt die Beteiligung.",
            "votes": {
                "in_favour": "1",
                "against": "1",
                "abstained": "0",
                "recused": "1",
                "by_chair": True,
            },
            "result": "Die Jury empfiehlt die Förderung.",
        }
    ],
    "is_late": False,
    "language": "de",
    "portal": "Förderportal",
    "form": "Antrag auf Zuwendung",
    "facts": [["Frist", "31. März 2027, 23:59 Uhr"]],
    "notice": "Es zählt nur, was Sie im Portal absenden.",
    "agree": "Ja, das erklären wir.",
    "upload": "Diese Datei laden Sie im Portal hoch.",
    "sections": paper_of(schema.get("grant_application"), "de"),
}
KINDS = tuple(MANDATORY)


def test_remembered_lines_give_the_same_bytes() -> None:
    """For every kind: without the memory, filling it, and out of it."""
    for kind in KINDS:
        remembered = [render(kind, VALUES), render(kind, VALUES)]
        assert remember_lines(), "the memory knows another version of the renderer"
        try:
            forget_lines()
            assert [render(kind, VALUES)] * 2 == remembered
        finally:
            remember_lines()


def _text(content: bytes, folder: Path) -> str:
    file = folder / "letter.pdf"
    file.write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    )
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind in KINDS for path in MANDATORY[kind]]
)
def test_a_letter_lacking_a_mandatory_content_is_refused(kind: str, path: str) -> None:
    values: dict[str, Any] = {**VALUES}
    place, _, inner = path.partition(".")
    values[place] = {**values[place], inner: ""} if inner else ""
    with pytest.raises(LetterIncomplete) as incomplete:
        html(kind, values)
    assert incomplete.value.missing == [path]


def test_the_text_is_what_the_values_say(tmp_path: Path) -> None:
    text = _text(render("award", VALUES), tmp_path)
    for name in ("reference", "amount", "amount_in_words", "purpose", "period", "proof_due"):
        assert " ".join(str(VALUES[name]).replace("\xa0", " ").split()) in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_values_give_the_same_bytes_in_another_process(kind: str) -> None:
    renderer = Renderer()
    try:
        os.environ["TZ"] = "Pacific/Auckland"
        assert renderer.render(kind, VALUES).content == render(kind, VALUES)
    finally:
        del os.environ["TZ"]
        renderer.close()


def test_hostile_text_is_text(tmp_path: Path) -> None:
    hostile = '<img src="file:///etc/hostname"><script>x</script> \u202eabc Žluťoučký кот'
    text = _text(render("award", {**VALUES, "purpose": hostile}), tmp_path)
    assert '<img src="file:///etc/hostname"><script>x</script>' in text


@pytest.mark.parametrize("kind", KINDS)
def test_letters_are_tagged_german_and_carry_their_data(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(render(kind, VALUES))
    with pikepdf.open(file) as pdf:
        assert str(pdf.Root.Lang) == "de"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert list(pdf.attachments) == ["daten.json"]


def test_the_validator_accepts_every_kind(tmp_path: Path) -> None:
    command = os.environ.get("FUNDING_VERAPDF")
    if not command:
        pytest.skip("FUNDING_VERAPDF names no validator: PDF/A-3a and PDF/UA-1 are not checked")
    files = []
    for kind in KINDS:
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(render(kind, VALUES))
        files.append(str(file))
    done = subprocess.run(
        [*shlex.split(command), *files], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_renderer_survives_its_child_and_ends_when_idle() -> None:
    renderer = Renderer(idle_seconds=0.3)
    first = renderer.render("receipt", VALUES)
    child = renderer._child._child
    assert child is not None
    child.kill()
    child.wait()
    assert renderer.render("receipt", VALUES) == first
    child = renderer._child._child
    assert child is not None
    child.wait(5)
    assert not renderer.is_warm


def test_a_document_that_can_not_be_rendered_says_why() -> None:
    renderer = Renderer()
    with pytest.raises(RendererFailed, match="LetterIncomplete"):
        renderer.render("award", {**VALUES, "amount": ""})
    renderer.close()
