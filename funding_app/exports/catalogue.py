"""The columns of the exports about cases, money and indicators."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from funding_app.exports.columns import Column, Getter, Kind, Value, Words, column
from funding_app.queries.operations.exports import Shared

DECISIONS = {
    "grant": {"de": "Bewilligung", "en": "Grant"},
    "reject": {"de": "Ablehnung", "en": "Rejection"},
}
RECOMMENDATIONS = {
    "recommend": {"de": "zur Förderung empfohlen", "en": "recommended"},
    "reserve": {"de": "Nachrückliste", "en": "reserve list"},
    "decline": {"de": "nicht empfohlen", "en": "not recommended"},
}
CHANNELS = {
    "own_portal": {"de": "Portal", "en": "portal"},
    "post": {"de": "Post", "en": "post"},
}
BUDGET_KINDS = {
    "appropriation": {"de": "Ansatz", "en": "Appropriation"},
    "commitment_authority": {
        "de": "Verpflichtungsermächtigung",
        "en": "Commitment authority",
    },
}


def of_case(name: str) -> Getter:
    """An attribute of the case's row."""

    def get(shared: Shared, _words: Words) -> Value:
        found: Value = getattr(shared.row, name)
        return found

    return get


def _coded(name: str, table: dict[str, dict[str, str]]) -> Getter:
    return lambda shared, words: words.of(table, getattr(shared.row, name))


def _state(shared: Shared, words: Words) -> Value:
    row = shared.row
    return words.state(row.definition_key, row.definition_version, row.state)


def _shares(shared: Shared, _words: Words) -> Value:
    """Who bears how much; exact, so that it adds up to the amount."""
    return "; ".join(f"{share.short_name} {share.amount} EUR" for share in shared.shares)


def _case(name: str, german: str, english: str, kind: Kind = Kind.TEXT, width: int = 0) -> Column:
    return column(name, german, english, kind, of_case(name), width)


WHOSE: Sequence[Column] = (
    _case("reference", "Nummer", "Reference", width=18),
    _case("call", "Aufruf", "Call", width=20),
    _case("title", "Vorhaben", "Project", width=48),
    _case("organisation", "Organisation", "Organisation", width=36),
    _case("city", "Ort", "City", width=18),
    column("state", "Stand", "State", value=_state, width=28),
)
APPLICATIONS: Sequence[Column] = (
    *WHOSE,
    _case("submitted_at", "Eingereicht am (Ortszeit)", "Handed in on (local time)", Kind.INSTANT),
    _case("completed_at", "Vollständig seit", "Complete since", Kind.INSTANT),
    _case("is_late", "Verspätet", "Late", Kind.YES_NO),
    _case("period_start", "Laufzeit von", "Period from", Kind.DATE),
    _case("period_end", "Laufzeit bis", "Period to", Kind.DATE),
    _case("requested", "Beantragt (EUR)", "Requested (EUR)", Kind.MONEY),
    _case("expenditure", "Gesamtausgaben (EUR)", "Total expenditure (EUR)", Kind.MONEY),
    _case("score", "Punkte", "Score", Kind.NUMBER),
    column(
        "recommendation", "Empfehlung", "Recommendation",
        value=_coded("recommendation", RECOMMENDATIONS),
    ),
    _case("recommended_amount", "Empfohlen (EUR)", "Recommended (EUR)", Kind.MONEY),
    column("shares", "Anteile der Ressorts", "Shares of the ministries", value=_shares, width=48),
    _case("summary", "Zusammenfassung", "Summary", width=60),
)  # fmt: skip
DECISION_COLUMNS: Sequence[Column] = (
    *WHOSE,
    column(
        "decision", "Entscheidung", "Decision", value=_coded("decision_kind", DECISIONS), width=14
    ),
    _case("decided_on", "Entschieden am", "Decided on", Kind.DATE),
    _case("requested", "Beantragt (EUR)", "Requested (EUR)", Kind.MONEY),
    _case("granted", "Bewilligt (EUR)", "Granted (EUR)", Kind.MONEY),
    column("shares", "Anteile der Ressorts", "Shares of the ministries", value=_shares, width=48),
    column("channel", "Bekanntgabe durch", "Notified by", value=_coded("channel", CHANNELS)),
    _case("sent_on", "Versandt am", "Sent on", Kind.DATE),
    _case("notified_on", "Bekannt gegeben am", "Notified on", Kind.DATE),
    _case("final_on", "Bestandskräftig am", "Final on", Kind.DATE),
    _case("accepted_at", "Angenommen am", "Accepted on", Kind.INSTANT),
    _case("paid", "Ausgezahlt (EUR)", "Paid (EUR)", Kind.MONEY),
    _case("final_grant", "Festgesetzt (EUR)", "Final grant (EUR)", Kind.MONEY),
    _case("closed_on", "Abgeschlossen am", "Closed on", Kind.DATE),
    _case("decision_reason", "Begründung", "Reasons", width=60),
)


def _budget_kind(row: Any, words: Words) -> Value:
    return words.of(BUDGET_KINDS, row.kind)


BUDGET: Sequence[Column] = (
    column("ministry", "Ministerium", "Ministry", width=14),
    column("title", "Titel", "Budget title", width=16),
    column("purpose", "Zweckbestimmung", "Purpose", width=40),
    column("year", "Jahr", "Year", Kind.YEAR),
    column("kind", "Art", "Kind", value=_budget_kind, width=28),
    column("available", "Verfügbar (EUR)", "Available (EUR)", Kind.MONEY),
    column("reserved", "Vorgemerkt (EUR)", "Reserved (EUR)", Kind.MONEY),
    column("committed", "Festgelegt (EUR)", "Committed (EUR)", Kind.MONEY),
    column("disbursed", "Ausgezahlt (EUR)", "Paid out (EUR)", Kind.MONEY),
    column("free", "Frei (EUR)", "Free (EUR)", Kind.MONEY),
)


def _sum(name: str) -> Getter:
    return lambda row, _words: getattr(row, name) or Decimal("0.00")


def _call_title(row: Any, words: Words) -> Value:
    return str((words.language == "en" and row.title_en) or row.title_de)


INDICATORS: Sequence[Column] = (
    column("call", "Aufruf", "Call"),
    column("call_title", "Titel des Aufrufs", "Title of the call", value=_call_title, width=48),
    column("year", "Jahr des Eingangs", "Year of receipt", Kind.YEAR),
    column("applications", "Anträge", "Applications", Kind.COUNT),
    column("funded", "Veröffentlichte Bewilligungen", "Published grants", Kind.COUNT),
    column("rejected", "Bekannt gegebene Ablehnungen", "Rejections notified", Kind.COUNT),
    column("recipients", "Geförderte Organisationen", "Organisations funded", Kind.COUNT),
    column("granted", "Bewilligt (EUR)", "Granted (EUR)", Kind.MONEY, _sum("granted")),
    column("paid", "Ausgezahlt (EUR)", "Paid (EUR)", Kind.MONEY, _sum("paid")),
)
