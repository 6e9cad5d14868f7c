"""Conditions on answers: when a field is asked. A small tree of tests, as data."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

GROUPS = frozenset({"all", "any", "not"})
AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Condition:
    """One test (`op` of `TESTS` on the answer to `field`), or a group (`all`, `any`, `not`)."""

    op: str
    field: str = ""
    value: Any = None
    parts: tuple[Condition, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """The ids of all fields the condition asks about."""
        own = frozenset({self.field} if self.field else ())
        return own.union(*(part.fields for part in self.parts))


def is_empty(value: Any) -> bool:
    """Whether nothing was answered; a table without a line says nothing either."""
    if isinstance(value, dict):
        return all(each in (None, "", [], {}) for each in value.values())
    return value is None or (isinstance(value, str | list) and not value)


def _contains(answer: Any, value: Any) -> bool:
    return isinstance(answer, list) and value in answer


def _one_of(answer: Any, values: Any) -> bool:
    return isinstance(values, list) and answer in values


def _comparable(value: Any) -> Any:
    """Amounts are compared as numbers: as texts "90.00" would come after "100.00"."""
    return Decimal(value) if isinstance(value, str) and AMOUNT.fullmatch(value) else value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def test(answer: Any, value: Any) -> bool:
        one, other = _comparable(answer), _comparable(value)
        same = type(one) is type(other) and not isinstance(one, dict | list | type(None))
        return same and compare(one, other)

    return test


TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda answer, value: bool(answer == value),
    "ne": lambda answer, value: bool(answer != value),
    "in": _one_of,
    "contains": _contains,
    "filled": lambda answer, _value: not is_empty(answer),
    "empty": lambda answer, _value: is_empty(answer),
    "lt": _ordered(operator.lt),
    "le": _ordered(operator.le),
    "gt": _ordered(operator.gt),
    "ge": _ordered(operator.ge),
}


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether the answers fulfil the condition; an unanswered field is `None`."""
    if condition.op not in GROUPS:
        return TESTS[condition.op](answers.get(condition.field), condition.value)
    found = (holds(part, answers) for part in condition.parts)
    if condition.op == "all":
        return all(found)
    return any(found) if condition.op == "any" else not any(found)


def as_data(condition: Condition) -> dict[str, Any]:
    """The condition as it is written in a definition."""
    if condition.op == "not":
        return {"not": as_data(condition.parts[0])}
    if condition.op in GROUPS:
        return {condition.op: [as_data(part) for part in condition.parts]}
    return {"field": condition.field, "op": condition.op, "value": condition.value}
