"""What the demo's calls select by, with what the scores mean."""

from __future__ import annotations

from typing import Any


def _anchors(*words: tuple[int, str, str]) -> dict[str, dict[str, str]]:
    return {str(score): {"de": german, "en": english} for score, german, english in words}


CRITERIA: tuple[dict[str, Any], ...] = (
    {
        "key": "common_good",
        "weight": 30,
        "knock_out": True,
        "title": {"de": "Gemeinwohl", "en": "Common good"},
        "anchors": _anchors(
            (1, "Nutzen nur für die Beteiligten", "of use to those involved only"),
            (3, "Nutzen für eine benannte Gruppe begründet", "use for a named group is reasoned"),
            (
                5,
                "Nutzen für viele belegt, Nachteile bedacht",
                "use for many shown, harm considered",
            ),
        ),
    },
    {
        "key": "innovation",
        "weight": 20,
        "title": {"de": "Innovation", "en": "Innovation"},
        "anchors": _anchors(
            (1, "gibt es so schon", "exists already"),
            (3, "Bekanntes in einem neuen Feld", "something known in a new field"),
            (5, "neuer Weg, Stand der Technik genannt", "a new way, the state of the art named"),
        ),
    },
    {
        "key": "feasibility",
        "weight": 20,
        "title": {"de": "KI und Umsetzbarkeit", "en": "AI and feasibility"},
        "anchors": _anchors(
            (1, "Daten oder Können fehlen", "data or skills are missing"),
            (3, "machbar, Risiken nur genannt", "feasible, risks only named"),
            (5, "Daten, Team und Zeitplan gesichert", "data, team and schedule secured"),
        ),
    },
    {
        "key": "participation",
        "weight": 15,
        "title": {"de": "Beteiligung und Verbund", "en": "Participation and partnership"},
        "anchors": _anchors(
            (1, "Betroffene kommen nicht vor", "those affected do not appear"),
            (3, "Betroffene werden angehört", "those affected are heard"),
            (5, "Betroffene entscheiden mit", "those affected share in deciding"),
        ),
    },
    {
        "key": "sustainability",
        "weight": 15,
        "title": {"de": "Nachhaltigkeit und Transfer", "en": "Sustainability and transfer"},
        "anchors": _anchors(
            (1, "endet mit der Förderung", "ends with the funding"),
            (3, "Weiterführung beschrieben", "continuation described"),
            (5, "Träger und Nachnutzung zugesagt", "operator and reuse committed"),
        ),
    },
)
