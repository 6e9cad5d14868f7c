"""Letters a second, in the child that renders them, against WeasyPrint alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count, islice
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from bench.measure import Figure, at_least, at_most, in_turn
from funding_app.documents import Renderer
from funding_app.documents.letters import TEMPLATES, html
from funding_app.documents.pdf import font_faces

ROUNDS, LETTERS_PER_BLOCK = 5, 4
MARKS = {"rejection": 1.40, "award": 1.15}
COLD_OVER_WARM = 7
LETTER_STYLE = (TEMPLATES / "letter.css").read_text()
SENTENCE = (
    "Das Vorhaben überzeugt in seinem Ansatz, bleibt aber hinter den Anforderungen der "
    "Förderrichtlinie an Verbund, Nachhaltigkeit und Übertragbarkeit der Ergebnisse zurück. "
)
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
    "purpose": "Ein Werkzeug, das Behördenbriefe in einfache Sprache überträgt.",
    "reasons": SENTENCE * 12,
    "period": "1. April 2026 bis 31. Dezember 2026",
    "proof_due": "30. Juni 2027",
    "aid_basis": "none_non_economic",
    "shares": [
        {"ministry": name, "percent": "30 %", "amount": "75.000,00 €", "title": "1101 684 21"}
        for name in ("BMAS", "BMBFSFJ", "BMUKN")
    ],
    "years": [{"year": str(year), "amount": "125.000,00 €"} for year in (2026, 2027)],
    "signatures": [],
    "signer": "Lena Schlusszeichnung",
}


def measure(_size: int) -> Iterator[Figure]:
    """Warm letters a second of each kind, and how long the first one takes."""
    renderer = Renderer()
    begun = time.perf_counter()
    renderer.render("rejection", VALUES)
    first = (time.perf_counter() - begun) * 1000
    try:
        for kind, share in MARKS.items():
            found = _compare(renderer, kind, share)
            yield found
            if kind == "rejection":
                yield _first(found, first)
    finally:
        renderer.close()


def _compare(renderer: Renderer, kind: str, share: float) -> Figure:
    size = len(renderer.render(kind, VALUES).content)
    number = count()

    def ours() -> int:
        for letter in islice(number, LETTERS_PER_BLOCK):
            renderer.render(kind, _values(letter))
        return LETTERS_PER_BLOCK

    def alone() -> int:
        for letter in islice(number, LETTERS_PER_BLOCK):
            naive(html(kind, _values(letter)))
        return LETTERS_PER_BLOCK

    alone()
    rates = in_turn(ROUNDS, ours, alone)
    return at_least(f"letter, {kind}", "per second", rates[0], rates[1], share, bytes=size)


def _values(number: int) -> dict[str, Any]:
    """A letter like the others of its call: its own title, its own end of the reasons."""
    return VALUES | {
        "reference": f"CC-2026-{number:05d}",
        "title": f"Vorhaben {number}: Behördenbriefe in einfacher Sprache",
        "reasons": f"{VALUES['reasons']} Es erreichte damit den Platz {number} des Aufrufs.",
    }


def naive(page: str) -> bytes:
    """The yardstick: WeasyPrint as its manual shows it, with the letters' fonts and style sheet."""
    fonts = FontConfiguration()
    sheet = CSS(string=font_faces() + LETTER_STYLE, font_config=fonts)
    return bytes(HTML(string=page).write_pdf(stylesheets=[sheet], font_config=fonts))


def _first(warm: Figure, cold: float) -> Figure:
    """A warm child's letter against the first one, for which the child has to start."""
    taken = 1000 / warm.ours
    what = "letter by a warm child, against the first of all"
    return at_most(what, "ms", taken, cold, cold / COLD_OVER_WARM)
