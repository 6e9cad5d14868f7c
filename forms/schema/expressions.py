"""Expressions on numbers in answers: a small closed tree, as data, for checks across fields.

{field: requested_amount}                     the answer to a field of money, percent or integer
{total: budget, side: income, line: grant}    a side of a table, over all years; `line` optional
{sum: partners, column: share}                a column over all repeated rows
{value: "0.10"}                               a number
{add: […]}, {subtract: [a, b]}, {multiply: […]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LEAVES: Mapping[str, tuple[str, ...]] = {
    "value": (),
    "field": (),
    "total": ("side", "line"),
    "sum": ("column",),
}
GROUPS: Mapping[str, tuple[int, int]] = {"add": (1, 20), "subtract": (2, 2), "multiply": (2, 4)}
"""The operations, with how few and how many parts each takes."""
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
MOST_NODES = 60


@dataclass(frozen=True, slots=True)
class Expression:
    """A number (`value`), a leaf that reads the answer to `name`, or an operation on `parts`.

    `part` is the side of a table or the column of repeated rows, `line` one line of that side.
    """

    op: str
    name: str = ""
    part: str = ""
    line: str = ""
    value: Decimal = Decimal(0)
    parts: tuple[Expression, ...] = ()

    def leaves(self) -> Iterator[Expression]:
        """Every leaf that reads an answer."""
        if self.parts:
            for part in self.parts:
                yield from part.leaves()
        elif self.name:
            yield self

    def size(self) -> int:
        """How many nodes the tree has."""
        return 1 + sum(part.size() for part in self.parts)


@dataclass(frozen=True, slots=True)
class Check:
    """`left` has to stand to `right` as `op` says; else `message` is told at the field."""

    left: Expression
    op: str
    right: Expression
    message: Mapping[str, str]

    @property
    def leaves(self) -> tuple[Expression, ...]:
        """Every leaf of both sides that reads an answer."""
        return (*self.left.leaves(), *self.right.leaves())


def as_data(expression: Expression) -> dict[str, Any]:
    """The expression as it is written in a definition."""
    if expression.op in GROUPS:
        return {expression.op: [as_data(part) for part in expression.parts]}
    if expression.op == "value":
        return {"value": str(expression.value)}
    found = {expression.op: expression.name}
    if expression.part:
        found["column" if expression.op == "sum" else "side"] = expression.part
    return found | ({"line": expression.line} if expression.line else {})
