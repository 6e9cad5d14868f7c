"""A form as plain data: what `examine` reads, as it is stored and edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from forms.schema import conditions, expressions
from forms.schema.model import Choice, Field, FormSchema, Section

DEFAULTS = {
    part.name: part.default if part.default is not MISSING else {}
    for part in fields(Field)
    if part.default is not MISSING or part.default_factory is not MISSING
}


def _choice(choice: Choice) -> dict[str, Any]:
    return {"value": choice.value, "label": dict(choice.label)}


def _check(check: expressions.Check) -> dict[str, Any]:
    return {
        "left": expressions.as_data(check.left),
        "op": check.op,
        "right": expressions.as_data(check.right),
        "message": dict(check.message),
    }


def field_data(field: Field) -> dict[str, Any]:
    """The field without what is at its default; the codes of a list stand there themselves."""
    found = {part.name: getattr(field, part.name) for part in fields(Field)}
    kept = {
        name: value
        for name, value in found.items()
        if name not in DEFAULTS or value != DEFAULTS[name]
    }
    parts: Mapping[str, Callable[[Any], Any]] = {
        "when": conditions.as_data,
        "choices": lambda found: [_choice(each) for each in found],
        "columns": lambda found: [field_data(each) for each in found],
        "checks": lambda found: [_check(each) for each in found],
        "accept": list,
        "label": dict,
        "help": dict,
        "example": dict,
    }
    return {name: parts[name](value) if name in parts else value for name, value in kept.items()}


def _section(section: Section) -> dict[str, Any]:
    intro = {"intro": dict(section.intro)} if section.intro else {}
    own = {"id": section.id, "title": dict(section.title)}
    return own | intro | {"fields": [field_data(field) for field in section.fields]}


def as_data(schema: FormSchema) -> dict[str, Any]:
    """The form as plain data."""
    return {
        "key": schema.key,
        "version": schema.version,
        "title": dict(schema.title),
        "sections": [_section(section) for section in schema.sections],
    }
