"""Faults of a form whose parts do not go together, told at their place in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from forms import schema
from forms.schema.faults import WORDS

LABEL = {"de": "Feld", "en": "Field"}
CHOICES = [{"value": name, "label": LABEL} for name in ("a", "b")]
BEFORE: list[dict[str, Any]] = [
    {"id": "yes", "type": "yesno", "label": LABEL},
    {"id": "number", "type": "integer", "label": LABEL},
    {"id": "euro", "type": "money", "label": LABEL},
    {"id": "day", "type": "date", "label": LABEL},
    {"id": "one", "type": "select", "label": LABEL, "choices": CHOICES},
    {"id": "several", "type": "checkboxes", "label": LABEL, "choices": CHOICES},
    {"id": "words", "type": "text", "label": LABEL},
    {"id": "known_later", "type": "select", "label": LABEL, "choices_from": "reviewers"},
]


def codes(last: dict[str, Any], at: str = "last") -> list[str]:
    spec = {"id": "last", "type": "text", "label": LABEL} | last
    section = {"id": "only", "title": LABEL, "fields": [*BEFORE, spec]}
    form = {"key": "small", "version": 1, "title": LABEL, "sections": [section]}
    _schema, problems = schema.examine(form)
    assert {problem.place for problem in problems} <= {at}
    for problem in problems:
        assert problem.words("de") != problem.words("en")
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("field", "op", "value", "fits"),
    [
        ("yes", "eq", True, True),
        ("yes", "eq", "yes", False),
        ("yes", "lt", True, False),
        ("number", "ge", 3, True),
        ("number", "ge", "3", False),
        ("number", "eq", True, False),
        ("euro", "le", "10.00", True),
        ("euro", "le", "10,00", False),
        ("euro", "eq", "10", False),
        ("day", "gt", "2027-01-31", True),
        ("day", "gt", "31.1.2027", False),
        ("day", "gt", "2027-02-31", False),
        ("one", "eq", "a", True),
        ("one", "eq", "c", False),
        ("one", "in", ["a", "b"], True),
        ("one", "in", ["a", "c"], False),
        ("one", "in", "a", False),
        ("one", "lt", "a", False),
        ("several", "contains", "b", True),
        ("several", "contains", "c", False),
        ("several", "eq", "a", False),
        ("several", "filled", None, True),
        ("words", "eq", "x", True),
        ("words", "contains", "x", False),
        ("known_later", "eq", "anybody", True),
    ],
)
def test_a_condition_compares_with_what_can_be(field: str, op: str, value: Any, fits: bool) -> None:
    found = codes({"when": {"all": [{"field": field, "op": op, "value": value}]}})
    assert found == ([] if fits else ["compared"])


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ({"id": "yes"}, ["twice"]),
        ({"type": "radio"}, ["choices"]),
        ({"type": "radio", "choices": [*CHOICES, CHOICES[0]]}, ["choice_twice"]),
        ({"type": "money", "min": "x"}, ["bound"]),
        ({"type": "money", "min": "2.00", "max": 1}, ["bounds"]),
        ({"type": "date", "min": "2027-01-02", "max": "2027-01-01"}, ["bounds"]),
        ({"type": "integer", "min": 1.5}, ["bound"]),
        ({"type": "text", "max": 3}, ["bound"]),
        ({"type": "date", "not_before": "euro"}, ["wrong_kind"]),
        ({"type": "date", "not_before": "nothing"}, ["unknown"]),
        ({"type": "partners"}, ["columns"]),
        ({"type": "partners", "columns": [{"id": "x", "type": "yesno"}]}, ["column", "text"]),
        ({"type": "table", "columns": [], "balanced": True}, ["columns", "sides"]),
        ({"label": {"de": "Nur deutsch"}}, ["text"]),
        ({"label": {"de": "Nur deutsch", "en": " "}}, ["text"]),
        ({"when": {"field": "last", "op": "filled"}}, ["unknown"]),
    ],
)
def test_each_fault_has_its_code(last: dict[str, Any], expected: list[str]) -> None:
    at = last.get("id", "last")
    if last.get("columns"):
        at = "last.x"
    assert sorted(set(codes(last, at))) == expected


def test_every_code_has_words_in_both_languages() -> None:
    assert all(set(words) == {"de", "en"} for words in WORDS.values())


def test_a_form_is_read_as_far_as_it_can_be() -> None:
    for broken in (None, [], {"sections": 3}, {"sections": [None]}, {"sections": [{"fields": 1}]}):
        found, problems = schema.examine(broken)
        assert problems
        assert isinstance(found, schema.FormSchema)


def test_the_example_stands_with_the_help() -> None:
    spec = {"id": "x", "type": "text", "label": LABEL, "help": {"de": "Kurz.", "en": "Short."}}
    (field,) = schema.parse_fields([spec | {"example": {"de": "KLARTEXT", "en": "KLARTEXT"}}])
    assert field.hint("de") == "Kurz. Zum Beispiel: KLARTEXT"
    assert field.hint("en") == "Short. For example: KLARTEXT"
