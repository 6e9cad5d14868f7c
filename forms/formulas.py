"""Expressions computed on answers, exactly: no rounding, no binary fractions, no code to run."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, localcontext
from functools import reduce
from typing import Any

from forms.budget import cells
from forms.parsing import is_amount
from forms.schema import Check, Expression, is_empty

# Beyond what the largest permitted tree of the longest permitted numbers can need.
EXACT = Context(prec=2000)
LARGEST_INTEGER = 10**12

COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


class Unknown(Exception):
    """An answer that is no number: its own field tells of it, nothing can be computed."""


def stands(check: Check, answers: Mapping[str, Any]) -> bool:
    """Whether the two sides stand to each other as the check says.

    It does as long as a side has no number yet, because nothing it names is answered.
    """
    try:
        left, right = value_of(check.left, answers), value_of(check.right, answers)
    except Unknown:
        return True
    return left is None or right is None or COMPARE[check.op](left, right)


def value_of(expression: Expression, answers: Mapping[str, Any]) -> Decimal | None:
    """The exact number, `None` where nothing that is named is answered. Raises `Unknown`.

    In a sum or difference what is not answered counts as nothing.
    """
    with localcontext(EXACT):
        return _value(expression, answers)


def _value(expression: Expression, answers: Mapping[str, Any]) -> Decimal | None:
    if expression.op == "value":
        return expression.value
    if expression.parts:
        return _combined(expression, answers)
    return LEAVES[expression.op](expression, answers.get(expression.name))


def _combined(expression: Expression, answers: Mapping[str, Any]) -> Decimal | None:
    parts = [_value(part, answers) for part in expression.parts]
    known = [part for part in parts if part is not None]
    if expression.op == "multiply":
        return reduce(operator.mul, known) if len(known) == len(parts) else None
    if not known:
        return None
    first, *rest = (part or Decimal(0) for part in parts)
    return first - sum(rest) if expression.op == "subtract" else sum(rest, first)


def _number(value: Any) -> Decimal | None:
    if is_empty(value):
        return None
    if is_amount(value):
        return Decimal(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or abs(value) > LARGEST_INTEGER:
        raise Unknown
    return Decimal(value)


def _added(values: list[Any]) -> Decimal | None:
    numbers = [number for number in map(_number, values) if number is not None]
    return sum(numbers[1:], numbers[0]) if numbers else None


def _field(_expression: Expression, answer: Any) -> Decimal | None:
    return _number(answer)


def _total(expression: Expression, table: Any) -> Decimal | None:
    found = [
        cell.value for cell in cells(table, expression.part) if expression.line in ("", cell.line)
    ]
    return _added(found)


def _sum(expression: Expression, rows: Any) -> Decimal | None:
    if not isinstance(rows, list):
        return _number(rows)
    if not all(isinstance(row, Mapping) for row in rows):
        raise Unknown
    return _added([row.get(expression.part) for row in rows])


LEAVES: Mapping[str, Callable[[Expression, Any], Decimal | None]] = {
    "field": _field,
    "total": _total,
    "sum": _sum,
}
