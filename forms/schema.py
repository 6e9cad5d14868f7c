"""Form schemas as frozen data, read from YAML; answers are JSON keyed by field id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

Text: TypeAlias = Mapping[str, str]

TYPES = frozenset(
    {
        "text",
        "textarea",
        "email",
        "url",
        "phone",
        "iban",
        "date",
        "integer",
        "money",
        "percent",
        "radio",
        "select",
        "checkboxes",
        "yesno",
        "file",
        "table",
        "partners",
        "static",
    }
)
SHIPPED = Path(__file__).parent / "definitions"


class SchemaError(ValueError):
    """A form definition that can not be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `when` is a condition on other answers, such as `{field: a, equals: true}`."""

    id: str
    type: str
    label: Text
    help: Text = field(default_factory=dict)
    required: bool = False
    when: Mapping[str, Any] | None = None
    choices: tuple[Choice, ...] = ()
    choices_from: str | None = None
    max_words: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min: Any = None
    max: Any = None
    columns: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    intro: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FormSchema:
    """A form in sections; a published version never changes."""

    key: str
    version: int
    title: Text
    sections: tuple[Section, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for section in self.sections for field in section.fields)

    def section(self, section_id: str) -> Section:
        """The section; raises `KeyError` where there is none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)


def parse_field(spec: Mapping[str, Any]) -> Field:
    """One field from its specification; raises `SchemaError` naming the field."""
    values = dict(spec)
    name = str(values.get("id", "?"))
    if values.get("type") not in TYPES:
        raise SchemaError(f"field '{name}': unknown type '{values.get('type')}'")
    values["choices"] = tuple(
        Choice(str(choice["value"]), choice["label"]) for choice in values.get("choices", ())
    )
    values["columns"] = tuple(parse_field(column) for column in values.get("columns", ()))
    try:
        return Field(**values)
    except TypeError as error:
        raise SchemaError(f"field '{name}': {error}") from error


def parse_fields(specs: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Fields from their specifications, also those of workflow transitions."""
    return tuple(parse_field(spec) for spec in specs)


def parse(text: str, file: str) -> FormSchema:
    """A schema from YAML; raises `SchemaError`."""
    try:
        spec = yaml.safe_load(text)
        sections = tuple(
            Section(part["id"], part["title"], part.get("intro", {}), parse_fields(part["fields"]))
            for part in spec["sections"]
        )
        return FormSchema(spec["key"], int(spec["version"]), spec["title"], sections)
    except (yaml.YAMLError, KeyError, TypeError, SchemaError) as error:
        raise SchemaError(f"{file}: {error}") from error


@lru_cache(maxsize=1)
def _shipped() -> dict[str, FormSchema]:
    schemas = [parse(path.read_text("utf-8"), path.name) for path in sorted(SHIPPED.glob("*.yaml"))]
    return {schema.key: schema for schema in schemas}


def get(key: str) -> FormSchema:
    """The form with this key; raises `KeyError`."""
    return _shipped()[key]


def keys() -> list[str]:
    """The keys of all forms."""
    return sorted(_shipped())


def applies(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether the field is asked, given the other answers."""
    if field.when is None:
        return True
    return bool(answers.get(field.when["field"]) == field.when["equals"])


def review_schema(criteria: Iterable[Mapping[str, Any]]) -> FormSchema:
    """The scoring form of a call: a score from 0 to 5 and a comment for each criterion."""
    sections = tuple(
        Section(
            str(criterion["key"]),
            criterion["title"],
            {},
            (
                Field(
                    f"score_{criterion['key']}",
                    "radio",
                    {"de": "Punkte (0 bis 5)", "en": "Score (0 to 5)"},
                    required=True,
                    choices=tuple(Choice(str(n), {"de": str(n), "en": str(n)}) for n in range(6)),
                ),
                Field(
                    f"comment_{criterion['key']}",
                    "textarea",
                    {"de": "Begründung", "en": "Reasons"},
                    required=True,
                    min_length=20,
                    max_words=300,
                ),
            ),
        )
        for criterion in criteria
    )
    return FormSchema("review", 1, {"de": "Gutachten", "en": "Review"}, sections)
