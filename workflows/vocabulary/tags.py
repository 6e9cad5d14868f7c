"""What a process and its states are to the rest of the portal, whatever they are called.

A service never asks for a state by its name: it asks for what the definition says the state is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows.definition import Text
from workflows.vocabulary.terms import text


class Record(StrEnum):
    """The domain record beside the processes of a definition."""

    APPLICATION = "application"
    APPROVAL = "approval"
    CO_SIGNATURE = "co_signature"
    PANEL_MEETING = "panel_meeting"
    PAYMENT_REQUEST = "payment_request"
    PROCEDURE = "procedure"
    REPORT = "report"
    REVIEW = "review"


class Tag(StrEnum):
    """What a definition or one of its states is."""

    INTERNAL = "internal"
    DURATION_PUBLISHED = "duration_published"
    CONSENT = "consent"
    DRAFT = "draft"
    COMPLETING = "completing"
    LATE = "late"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NOTIFIED = "notified"
    FINAL = "final"
    DRAWS_MONEY = "draws_money"
    INVITED = "invited"
    IN_PROGRESS = "in_progress"
    HANDED_IN = "handed_in"
    COUNTS = "counts"
    BIASED = "biased"
    SIGNED = "signed"
    CONSENTED = "consented"
    REFUSED = "refused"
    UNDER_WAY = "under_way"
    PAID = "paid"
    DUE = "due"
    PREPARED = "prepared"
    IN_SESSION = "in_session"
    MINUTES_DRAFTED = "minutes_drafted"


@dataclass(frozen=True, slots=True)
class TagMeaning:
    """What a tag says, and of which records' definitions; `whole` for a tag of no single state."""

    meaning: Text
    records: frozenset[Record]
    whole: bool = False


def _whole(de: str, en: str, *records: Record) -> TagMeaning:
    return TagMeaning(text(de, en), frozenset(records or Record), whole=True)


def _state(de: str, en: str, *records: Record) -> TagMeaning:
    return TagMeaning(text(de, en), frozenset(records or Record))


_CASE, _REVIEW = Record.APPLICATION, Record.REVIEW

TAGS: Mapping[Tag, TagMeaning] = {
    Tag.INTERNAL: _whole(
        "die Antragstellenden erfahren nichts davon", "the applicants see nothing of it"
    ),
    Tag.DURATION_PUBLISHED: _whole(
        "öffentlich steht, wie lange es bis zur Entscheidung dauert",
        "how long a decision takes is told to the public",
        _CASE,
    ),
    Tag.CONSENT: _whole(
        "ein Ressort wird um seine Zustimmung gebeten",
        "a ministry is asked for its consent",
        Record.PROCEDURE,
    ),
    Tag.DRAFT: _state("noch nicht vorgelegt", "not handed in yet"),
    Tag.COMPLETING: _state(
        "die Antragstellenden ergänzen ihre Angaben",
        "the applicants complete what is there",
        _CASE,
    ),
    Tag.LATE: _state("nach der Frist eingegangen", "received after the cut-off", _CASE),
    Tag.DECLINED: _state("abgelehnt", "declined", _CASE),
    Tag.WITHDRAWN: _state("zurückgezogen", "taken back by the applicants", _CASE),
    Tag.NOTIFIED: _state(
        "der Bescheid ist versandt, sein Abruf zählt",
        "the decision is sent, and its retrieval counts",
        _CASE,
    ),
    Tag.FINAL: _state("der Bescheid ist bestandskräftig", "the decision is final", _CASE),
    Tag.DRAWS_MONEY: _state("Mittel können abgerufen werden", "money may be drawn", _CASE),
    Tag.INVITED: _state(
        "um ein Gutachten gebeten, der Antrag ist noch nicht zu sehen",
        "asked for a review, the application cannot be read yet",
        _REVIEW,
    ),
    Tag.IN_PROGRESS: _state("das Gutachten entsteht", "the review is being written", _REVIEW),
    Tag.HANDED_IN: _state("das Gutachten liegt vor", "the review is handed in", _REVIEW),
    Tag.COUNTS: _state("das Gutachten zählt", "the review counts", _REVIEW),
    Tag.BIASED: _state("wegen Befangenheit beendet", "over because of a bias", _REVIEW),
    Tag.SIGNED: _state(
        "das Ressort hat gezeichnet", "the ministry has signed", Record.CO_SIGNATURE
    ),
    Tag.CONSENTED: _state("das Ressort stimmt zu", "the ministry consents", Record.PROCEDURE),
    Tag.REFUSED: _state(
        "das Ressort stimmt nicht zu", "the ministry does not consent", Record.PROCEDURE
    ),
    Tag.UNDER_WAY: _state(
        "die Zahlung ist beantragt und noch nicht gebucht",
        "the payment is requested and not booked yet",
        Record.PAYMENT_REQUEST,
    ),
    Tag.PAID: _state("ausgezahlt", "paid", Record.PAYMENT_REQUEST),
    Tag.DUE: _state("der Nachweis steht aus", "the report is owed", Record.REPORT),
    Tag.PREPARED: _state(
        "die Sitzung wird vorbereitet", "the meeting is prepared", Record.PANEL_MEETING
    ),
    Tag.IN_SESSION: _state("die Sitzung läuft", "the meeting is on", Record.PANEL_MEETING),
    Tag.MINUTES_DRAFTED: _state(
        "das Protokoll liegt zur Genehmigung vor",
        "the minutes wait for approval",
        Record.PANEL_MEETING,
    ),
}

NEEDED: Mapping[Record, frozenset[Tag]] = {
    Record.APPLICATION: frozenset({Tag.DRAFT}),
    Record.APPROVAL: frozenset(),
    Record.CO_SIGNATURE: frozenset({Tag.SIGNED}),
    Record.PANEL_MEETING: frozenset({Tag.PREPARED, Tag.IN_SESSION, Tag.MINUTES_DRAFTED}),
    Record.PAYMENT_REQUEST: frozenset({Tag.DRAFT, Tag.UNDER_WAY, Tag.PAID}),
    Record.PROCEDURE: frozenset(),
    Record.REPORT: frozenset({Tag.DUE}),
    Record.REVIEW: frozenset({Tag.INVITED, Tag.IN_PROGRESS, Tag.HANDED_IN, Tag.COUNTS}),
}
"""The tags without which nothing around the processes of a record could work."""

HELD = (Tag.INVITED, Tag.IN_PROGRESS, Tag.HANDED_IN, Tag.COUNTS)
"""A review that holds: whoever is asked for it is busy with it, or was."""

OWED = (Tag.INVITED, Tag.IN_PROGRESS)
"""A review that waits for its reviewer."""

NOT_COUNTED_YET = (Tag.INVITED, Tag.IN_PROGRESS, Tag.HANDED_IN)
"""A review that may still come to count."""

READING = (Tag.IN_PROGRESS, Tag.HANDED_IN, Tag.COUNTS)
"""A review whose reviewer reads the application: declared free, and not over."""

IN_HAND = (Tag.HANDED_IN, Tag.COUNTS)
"""A review that is written: its reviewer may know of the others."""
