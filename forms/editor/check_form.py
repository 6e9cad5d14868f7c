"""A check across fields as answers to the form in which it is edited, and back.

The form shows sums: terms with a sign and a factor on either side. A check that multiplies
answers with each other is not shown as rows; it can be read and taken away, and written in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from forms.editor.words import leaf_in_words
from forms.schema import Check, Choice, Expression, Field
from forms.schema.expressions import as_data
from forms.schema.reading import NUMBER
from forms.schema.soundness import NUMBERS

ITSELF = "number"
ONE = Decimal(1)
Faults = dict[str, str]
Terms = list[tuple[Decimal, Expression | None]]


def terms(fields: Iterable[Field]) -> list[Choice]:
    """Everything that can be added up: amounts, sides of tables, their lines, columns."""
    found = tuple(fields)
    known = {field.id: field for field in found}
    words = {"de": "die Zahl selbst", "en": "the number itself"}
    return [
        *(
            Choice(
                _name(leaf),
                {lang: leaf_in_words(leaf, known, lang) for lang in ("de", "en")},
            )
            for field in found
            for leaf in _leaves(field)
        ),
        Choice(ITSELF, words),
    ]


def _leaves(field: Field) -> list[Expression]:
    if field.type in NUMBERS:
        return [Expression("field", field.id)]
    if field.type == "partners":
        numbers = [column for column in field.columns if column.type in NUMBERS]
        return [Expression("sum", field.id, column.id) for column in numbers]
    if field.type != "table":
        return []
    lines = [
        Expression("total", field.id, side.id, line)
        for side in field.columns
        for line in ("", *(choice.value for choice in side.choices))
    ]
    return lines


def _name(leaf: Expression) -> str:
    return ":".join(part for part in (leaf.op, leaf.name, leaf.part, leaf.line) if part)


def _leaf(name: str) -> Expression | None:
    if name == ITSELF:
        return None
    op, _, rest = name.partition(":")
    parts = [*rest.split(":", 2), "", ""]
    return Expression(op, parts[0], parts[1], parts[2])


def linear(expression: Expression) -> Terms | None:
    """The expression as a sum of terms with factors; `None` where answers are multiplied."""
    if expression.op == "value":
        return [(expression.value, None)]
    if not expression.parts:
        return [(ONE, expression)]
    parts = [linear(part) for part in expression.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if expression.op == "multiply":
        return _scaled(known)
    signs = [ONE, *([-ONE if expression.op == "subtract" else ONE] * len(known))]
    return [
        (sign * factor, leaf)
        for sign, part in zip(signs, known, strict=False)
        for factor, leaf in part
    ]


def _scaled(parts: list[Terms]) -> Terms | None:
    """A product: at most one part may name answers, and that part must be a single term."""
    if any(len(part) != 1 for part in parts):
        return None
    factor, named = ONE, []
    for ((number, leaf),) in parts:
        factor *= number
        named += [leaf] if leaf else []
    return [(factor, next(iter(named), None))] if len(named) <= 1 else None


def answers_of(check: Check, language: str) -> dict[str, Any] | None:
    """The check as answers of the form `form_part_check`; `None` where it is no sum."""
    sides = {name: linear(getattr(check, name)) for name in ("left", "right")}
    found: dict[str, Any] = {
        "op": check.op,
        "message_de": check.message.get("de", ""),
        "message_en": check.message.get("en", ""),
    }
    for name, side in sides.items():
        if side is None:
            return None
        found[name] = [_row(factor, leaf, language) for factor, leaf in side]
    return found


def _row(factor: Decimal, leaf: Expression | None, language: str) -> dict[str, str]:
    text = f"{abs(factor).normalize():f}"
    shown = text.replace(".", ",") if language == "de" else text
    return {
        "sign": "minus" if factor < 0 else "plus",
        "factor": "" if leaf and abs(factor) == ONE else shown,
        "term": _name(leaf) if leaf else ITSELF,
    }


def spec_of(answers: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    """The edited check as plain data, with what can not be read."""
    faults: Faults = {}
    words = {lang: str(answers.get(f"message_{lang}") or "").strip() for lang in ("de", "en")}
    sides = {name: _side(answers.get(name) or [], name, faults) for name in ("left", "right")}
    return {**sides, "op": str(answers.get("op")), "message": words}, faults


def _side(rows: Iterable[Mapping[str, Any]], name: str, faults: Faults) -> dict[str, Any]:
    parts = [_term(row, f"{name}-{at}-factor", faults) for at, row in enumerate(rows)]
    return parts[0] if len(parts) == 1 else {"add": parts}


def _term(row: Mapping[str, Any], place: str, faults: Faults) -> dict[str, Any]:
    text = str(row.get("factor") or "1").strip().replace(",", ".")
    if not NUMBER.fullmatch(text):
        faults[place] = "number"
        text = "1"
    factor = Decimal(text) * (-1 if row.get("sign") == "minus" else 1)
    leaf = _leaf(str(row.get("term")))
    if leaf is None:
        return {"value": str(factor)}
    own = as_data(leaf)
    return own if factor == ONE else {"multiply": [{"value": str(factor)}, own]}
