"""The scoring form of a call, made from its criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from forms.schema.model import Choice, Field, FormSchema, Section, Text

SCORES = range(6)
SHORTEST_COMMENT = 20
LONGEST_COMMENT_WORDS = 300

ANCHORS: Mapping[int, Text] = {
    0: {"de": "nicht erkennbar", "en": "not recognisable"},
    1: {"de": "mangelhaft", "en": "poor"},
    2: {"de": "ausreichend", "en": "fair"},
    3: {"de": "gut", "en": "good"},
    4: {"de": "sehr gut", "en": "very good"},
    5: {"de": "herausragend", "en": "outstanding"},
}


def _anchor(criterion: Mapping[str, Any], score: int) -> Text:
    own = criterion.get("anchors") or {}
    words = own.get(str(score)) or ANCHORS[score]
    return {language: f"{score} – {words[language]}" for language in ("de", "en")}


def _score(criterion: Mapping[str, Any]) -> Field:
    weight = criterion.get("weight")
    return Field(
        f"score_{criterion['key']}",
        "radio",
        {
            "de": f"Punkte für „{criterion['title']['de']}“",
            "en": f"Score for “{criterion['title']['en']}”",
        },
        help={
            "de": f"Gewicht in der Gesamtbewertung: {weight} von 100",
            "en": f"Weight in the overall score: {weight} of 100",
        },
        required=True,
        choices=tuple(Choice(str(score), _anchor(criterion, score)) for score in SCORES),
    )


def _comment(criterion: Mapping[str, Any]) -> Field:
    return Field(
        f"comment_{criterion['key']}",
        "textarea",
        {
            "de": f"Begründung zu „{criterion['title']['de']}“",
            "en": f"Reasons for “{criterion['title']['en']}”",
        },
        help={
            "de": "Nennen Sie Stärken und Schwächen mit Bezug auf den Antrag.",
            "en": "Name strengths and weaknesses with reference to the application.",
        },
        required=True,
        min_length=SHORTEST_COMMENT,
        max_words=LONGEST_COMMENT_WORDS,
    )


OVERALL = Section(
    "overall",
    {"de": "Gesamteinschätzung", "en": "Overall assessment"},
    {},
    (
        Field(
            "overall_comment",
            "textarea",
            {
                "de": "Anmerkungen zum Antrag insgesamt",
                "en": "Remarks on the application as a whole",
            },
            help={
                "de": "Zum Beispiel Empfehlungen für Auflagen.",
                "en": "For example recommended conditions.",
            },
            max_words=500,
        ),
    ),
)


def _amount(most: Decimal) -> Field:
    return Field(
        "recommended_amount",
        "money",
        {"de": "Empfohlener Betrag in Euro", "en": "Recommended amount in euro"},
        help={
            "de": "Wie viel sollte gefördert werden? Leer lassen, wenn Sie dazu nichts sagen.",
            "en": "How much should be funded? Leave empty if you do not want to say.",
        },
        min="0.00",
        max=f"{most:.2f}",
    )


def review_schema(criteria: Iterable[Mapping[str, Any]], most: Decimal = Decimal(0)) -> FormSchema:
    """For each criterion a score from 0 to 5 and reasons, then an overall comment.

    Where money can be had, up to `most`, an amount can be recommended.

    A criterion is `{key, title, weight, anchors}`; `anchors`, from score to text, may be left out.
    """
    sections = tuple(
        Section(str(each["key"]), each["title"], {}, (_score(each), _comment(each)))
        for each in criteria
    )
    overall = replace(OVERALL, fields=(*((_amount(most),) if most else ()), *OVERALL.fields))
    return FormSchema("review", 1, {"de": "Gutachten", "en": "Review"}, (*sections, overall))
