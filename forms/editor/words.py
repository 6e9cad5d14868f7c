"""Conditions and checks of a form in words, with the labels of the fields they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.messages import word
from forms.parsing import display
from forms.schema import Check, Condition, Expression, Field
from forms.schema.expressions import GROUPS

QUOTED: Mapping[str, str] = {"de": "„{}“", "en": "“{}”"}
OPERATORS: Mapping[str, Mapping[str, str]] = {
    "eq": {"de": "ist", "en": "is"},
    "ne": {"de": "ist nicht", "en": "is not"},
    "in": {"de": "ist eines von", "en": "is one of"},
    "contains": {"de": "enthält", "en": "includes"},
    "filled": {"de": "ist ausgefüllt", "en": "is answered"},
    "empty": {"de": "ist leer", "en": "is empty"},
    "lt": {"de": "ist kleiner als", "en": "is less than"},
    "le": {"de": "ist höchstens", "en": "is at most"},
    "gt": {"de": "ist größer als", "en": "is more than"},
    "ge": {"de": "ist mindestens", "en": "is at least"},
}
JOINED: Mapping[str, Mapping[str, str]] = {
    "all": {"de": " und ", "en": " and "},
    "any": {"de": " oder ", "en": " or "},
    "not": {"de": "nicht ", "en": "not "},
}
SIGNS: Mapping[str, str] = {"add": " + ", "subtract": " − ", "multiply": " × "}
SUM: Mapping[str, str] = {"de": "Summe {}", "en": "sum of {}"}
WITHOUT_VALUE = frozenset({"filled", "empty"})

Fields = Mapping[str, Field]


def quoted(text: str, language: str) -> str:
    """The text in quotation marks of the language."""
    return QUOTED[language].format(text)


def label_of(name: str, fields: Fields, language: str) -> str:
    """The label of a field in quotation marks; its identifier where there is none."""
    field = fields.get(name)
    return quoted((field.label.get(language) or name) if field else name, language)


def value_in_words(field: Field | None, value: Any, language: str) -> str:
    """A value as an answer to the field is read: the label of a choice, yes, an amount."""
    if isinstance(value, list):
        return ", ".join(value_in_words(field, each, language) for each in value)
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    for choice in field.choices if field else ():
        if choice.value == value:
            return quoted(choice.label[language], language)
    return display(value, field.type if field else "text", language)


def condition_in_words(condition: Condition, fields: Fields, language: str) -> str:
    """The whole tree in one line."""
    if condition.op in JOINED:
        parts = [_part(part, fields, language) for part in condition.parts]
        if condition.op == "not":
            return JOINED["not"][language] + "".join(parts)
        return JOINED[condition.op][language].join(parts)
    said = f"{label_of(condition.field, fields, language)} {OPERATORS[condition.op][language]}"
    if condition.op in WITHOUT_VALUE:
        return said
    value = value_in_words(fields.get(condition.field), condition.value, language)
    return f"{said} {value}"


def _part(condition: Condition, fields: Fields, language: str) -> str:
    said = condition_in_words(condition, fields, language)
    return f"({said})" if len(condition.parts) > 1 else said


def leaf_in_words(leaf: Expression, fields: Fields, language: str) -> str:
    """What a leaf reads: a field, a side of a table or one of its lines, a column."""
    own = label_of(leaf.name, fields, language)
    if leaf.op == "field":
        return own
    field = fields.get(leaf.name)
    part = next((each for each in field.columns if each.id == leaf.part), None) if field else None
    named = part.label.get(language, leaf.part) if part else leaf.part
    lines = {choice.value: choice.label[language] for choice in part.choices} if part else {}
    if leaf.line:
        named = f"{named}, {lines.get(leaf.line, leaf.line)}"
    return f"{SUM[language].format(own)} ({named})"


def expression_in_words(expression: Expression, fields: Fields, language: str) -> str:
    """The expression as a formula over labels."""
    if expression.op == "value":
        text = f"{expression.value.normalize():f}"
        return text.replace(".", ",") if language == "de" else text
    if expression.op not in GROUPS:
        return leaf_in_words(expression, fields, language)
    parts = [_bracketed(part, expression.op, fields, language) for part in expression.parts]
    return SIGNS[expression.op].join(parts)


def _bracketed(part: Expression, outer: str, fields: Fields, language: str) -> str:
    said = expression_in_words(part, fields, language)
    needs = len(part.parts) > 1 and part.op != "multiply" and outer != "add"
    return f"({said})" if needs else said


def check_in_words(check: Check, fields: Fields, language: str) -> str:
    """What has to hold."""
    left, right = (
        expression_in_words(side, fields, language) for side in (check.left, check.right)
    )
    return f"{left} {OPERATORS[check.op][language]} {right}"
