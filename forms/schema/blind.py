"""A form without what tells who applies, for those who judge blind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from forms.schema.model import Field, FormSchema, Section

SHORTEST_NAME = 5
NAMING = frozenset({"text", "email", "url"})
PERSONAL = frozenset({"email", "phone", "iban"})
"""Types that always tell who applies, whether a form says so or not."""


def tells_identity(field: Field) -> bool:
    """Whether an answer to the field tells who applies."""
    return field.identity or field.type in PERSONAL


def without_identity(form: FormSchema) -> FormSchema:
    """The form without fields and columns that tell who applies, and without empty sections."""
    sections = (replace(each, fields=_kept(each.fields)) for each in form.sections)
    return replace(form, sections=tuple(each for each in sections if _says_something(each)))


def _kept(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    cut = (_without_columns(each) for each in fields if not tells_identity(each))
    return tuple(each for each in cut if each is not None)


def _without_columns(field: Field) -> Field | None:
    """The field with the columns that may be seen; nothing where none of them may."""
    columns = tuple(each for each in field.columns if not tells_identity(each))
    return replace(field, columns=columns) if columns or not field.columns else None


def _says_something(section: Section) -> bool:
    return any(each.type != "static" for each in section.fields)


def visible_answers_of(form: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the fields that a form has, rows with the columns that it has."""
    return {each.id: _cut(each, answers[each.id]) for each in form.fields if each.id in answers}


def _cut(field: Field, value: Any) -> Any:
    """Of a row nothing but the columns; what is no list of rows tells nothing."""
    if field.type != "partners":
        return value
    columns = {column.id for column in field.columns}
    rows = value if isinstance(value, list) else []
    return [
        {name: row[name] for name in row if name in columns}
        for row in rows
        if isinstance(row, Mapping)
    ]


def self_namings(form: FormSchema, answers: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """Where texts that are judged blind name who applies: the field, and what it names."""
    names = names_told(form, answers)
    texts = [
        (each, value.casefold())
        for each in form.fields
        if not tells_identity(each) and isinstance(value := answers.get(each.id), str)
    ]
    return [(each, name) for each, text in texts for name in names if name.casefold() in text]


def names_told(form: FormSchema, answers: Mapping[str, Any]) -> list[str]:
    """The names of those who apply, as they stand in the answers and long enough to be found."""
    return sorted({name for name in _names(form.fields, answers) if len(name) >= SHORTEST_NAME})


def _names(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[str]:
    """The names of those who apply and take part, as they stand in the answers."""
    for each in fields:
        value = answers.get(each.id)
        if isinstance(value, str) and each.type in NAMING and tells_identity(each):
            yield value.strip()
        elif each.type == "partners" and isinstance(value, list):
            for row in value:
                yield from _names(each.columns[:1], row if isinstance(row, Mapping) else {})
