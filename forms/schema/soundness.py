"""Whether the parts of a form go together: names that exist, values that can be, sums that add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from forms.schema.conditions import AMOUNT, Condition
from forms.schema.expressions import Expression
from forms.schema.faults import Fault
from forms.schema.model import Field, Section
from source_text import nearest

CHOOSING = frozenset({"radio", "select", "checkboxes"})
NUMBERS = frozenset({"money", "percent", "integer"})
ORDERED = NUMBERS | {"date"}
WITHOUT_EQUALS = frozenset({"checkboxes", "table", "partners", "file", "static"})
WHOLE = re.compile(r"-?[0-9]{1,12}")
CANONICAL = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
ROWS = frozenset({"partners", "file"})
"""The types whose bounds are numbers of rows or files."""


def faults(fields: Iterable[Field], sections: Iterable[Section] = ()) -> Iterator[Fault]:
    """Every fault; conditions look back only, other references may look anywhere."""
    found = tuple(fields)
    everything = {each.id: each for each in found}
    yield from _twice(f"#{section.id}" for section in sections)
    seen: dict[str, Field] = {}
    for each in found:
        if each.id in seen:
            yield Fault(each.id, "twice", {})
        yield from _references(each, seen, everything)
        yield from _own(each, each.id)
        seen[each.id] = each


def _twice(places: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place in places:
        if place in seen:
            yield Fault(place, "twice", {})
        seen.add(place)


def _references(
    each: Field, seen: Mapping[str, Field], known: Mapping[str, Field]
) -> Iterator[Fault]:
    later = each.when.fields - set(seen) if each.when else frozenset()
    named = {name: kind for name, kind in _named(each) if name}
    for name in sorted(later | (set(named) - set(known))):
        yield Fault(each.id, "unknown", {"name": name}, nearest(name, seen))
    for name, kind in named.items():
        if name in known and known[name].type != kind:
            yield Fault(each.id, "wrong_kind", {"name": name})
    if each.when:
        yield from _compared(each.id, each.when, seen)
    for check in each.checks:
        for leaf in check.leaves:
            yield from _operand(each.id, leaf, known)


def _named(each: Field) -> tuple[tuple[str | None, str], ...]:
    """The fields it names, each with the type that is needed there."""
    return (each.not_before, "date"), (each.grant_field, "money")


def _compared(place: str, condition: Condition, seen: Mapping[str, Field]) -> Iterator[Fault]:
    for part in condition.parts:
        yield from _compared(place, part, seen)
    field = seen.get(condition.field)
    if field is not None and not _can_be(field, condition.op, condition.value):
        params = {"name": field.id, "value": condition.value}
        yield Fault(place, "compared", params)


def _can_be(field: Field, op: str, value: Any) -> bool:
    """Whether a comparison with the value can ever mean something for answers to the field."""
    if op in ("filled", "empty"):
        return field.type != "static"
    if op == "contains":
        return field.type == "checkboxes" and _is_answer(field, value)
    if field.type in WITHOUT_EQUALS:
        return False
    if op == "in":
        return isinstance(value, list) and all(_is_answer(field, one) for one in value)
    return (op in ("eq", "ne") or field.type in ORDERED) and _is_answer(field, value)


def _is_answer(field: Field, value: Any) -> bool:
    """Whether the field can be answered with the value."""
    if field.type == "yesno" or isinstance(value, bool):
        return field.type == "yesno" and isinstance(value, bool)
    if field.type == "integer" or not isinstance(value, str):
        return field.type == "integer" and isinstance(value, int)
    if field.type in CHOOSING and not field.choices_from:
        return value in {choice.value for choice in field.choices}
    if field.type in NUMBERS:
        return CANONICAL.fullmatch(value) is not None
    return field.type != "date" or _is_day(value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _operand(place: str, leaf: Expression, known: Mapping[str, Field]) -> Iterator[Fault]:
    field = known.get(leaf.name)
    if field is None:
        yield Fault(place, "unknown", {"name": leaf.name}, nearest(leaf.name, known))
    elif not _is_operand(leaf, field):
        yield Fault(place, "wrong_kind", {"name": leaf.name})


def _is_operand(leaf: Expression, field: Field) -> bool:
    if leaf.op == "field":
        return field.type in NUMBERS
    part = next((column for column in field.columns if column.id == leaf.part), None)
    if part is None:
        return False
    if leaf.op == "sum":
        return field.type == "partners" and part.type in NUMBERS
    lines = {choice.value for choice in part.choices}
    return field.type == "table" and (not leaf.line or leaf.line in lines)


def _own(field: Field, place: str) -> Iterator[Fault]:
    """What a field lacks by itself, and what its columns lack."""
    if field.type in CHOOSING and not (field.choices or field.choices_from):
        yield Fault(place, "choices", {})
    values = [choice.value for choice in field.choices]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Fault(place, "choice_twice", {"name": value})
    yield from _bounds(field, place)
    if field.type in ("table", "partners"):
        yield from _columns(field, place)


def _columns(field: Field, place: str) -> Iterator[Fault]:
    if not field.columns:
        yield Fault(place, "columns", {})
    yield from _twice(f"{place}.{column.id}" for column in field.columns)
    sides = {side.id: side for side in field.columns}
    if field.balanced and set(sides) != {"lines", "income"}:
        yield Fault(place, "sides", {})
    lines = {choice.value for choice in sides["income"].choices} if "income" in sides else set()
    if field.grant_field and "grant" not in lines:
        yield Fault(place, "grant_line", {})
    for column in field.columns:
        yield from _own(column, f"{place}.{column.id}")


def _bounds(field: Field, place: str) -> Iterator[Fault]:
    bounds = [bound for bound in (field.min, field.max) if bound is not None]
    wrong = [bound for bound in bounds if not _is_bound(field, bound)]
    for bound in wrong:
        yield Fault(place, "bound", {"value": bound})
    if len(bounds) == len((field.min, field.max)) and not wrong and _reversed(field):
        yield Fault(place, "bounds", {})


def _is_bound(field: Field, bound: Any) -> bool:
    if field.type == "date":
        return isinstance(bound, str) and _is_day(bound)
    if field.type in ("money", "percent"):
        return not isinstance(bound, bool) and AMOUNT.fullmatch(str(bound)) is not None
    if isinstance(bound, bool):
        return False
    if field.type == "integer":
        return WHOLE.fullmatch(str(bound)) is not None
    return field.type in ROWS and isinstance(bound, int) and bound >= 0


def _reversed(field: Field) -> bool:
    if field.type == "date":
        return bool(field.min > field.max)
    return Decimal(str(field.min)) > Decimal(str(field.max))
