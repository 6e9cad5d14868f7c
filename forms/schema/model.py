"""What a form says, as frozen data. Answers are JSON, keyed by field id.

Canonical answers by type: `money` and `percent` a string with two places (`"1234.50"`), `date` an
ISO date, `integer` a number, `yesno` true or false, `checkboxes` a list of values, `partners` a
list of rows (column id to answer), `table` a mapping from side to rows of `line` and `years`
(`{"lines": [{"line": "0812", "years": {"2027": "1000.00"}}], "income": […]}`), `file` a list of
`{"name": …, "size": …}`, all others text. What could not be read stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from forms.schema.conditions import Condition, holds
from forms.schema.expressions import Check

Text: TypeAlias = Mapping[str, str]

TYPES = frozenset(
    "text textarea email url phone iban date integer money percent "
    "radio select checkboxes yesno file table partners static".split()
)

EXAMPLE: Text = {"de": "Zum Beispiel: {example}", "en": "For example: {example}"}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `when` says on which other answers it is asked. A required `yesno` is a declaration and must
    be yes; with `either` it is a question that yes and no answer alike. `choices_from` names
    choices that are known only when the form is shown, such as the reviewers of a call.
    `min` and `max` bound the value, or the number of rows of `partners`. `not_before` names a
    date field that must not be later. `columns` are the columns of `partners` or the sides of a
    `table`, whose choices are its lines; a `balanced` table has equal sums on both sides in every
    year, and its income line `grant` equals the field named by `grant_field`. `accept` are the
    endings of permitted files, `max_bytes` their size each. `autocomplete` is the token of HTML,
    `fim_id` the number of the field in the federal catalogue of fields (FIM). `example` is an
    answer as somebody might give it; `checks` compare sums and amounts across fields. What tells
    who applies is marked as `identity`; so can be a column.
    """

    id: str
    type: str
    label: Text
    help: Text = field(default_factory=dict)
    required: bool = False
    when: Condition | None = None
    choices: tuple[Choice, ...] = ()
    choices_from: str | None = None
    max_words: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min: Any = None
    max: Any = None
    columns: tuple[Field, ...] = ()
    either: bool = False
    not_before: str | None = None
    balanced: bool = False
    grant_field: str | None = None
    accept: tuple[str, ...] = ()
    max_bytes: int | None = None
    autocomplete: str | None = None
    fim_id: str | None = None
    example: Text = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    identity: bool = False

    def hint(self, language: str) -> str:
        """The help with the example, as it stands at the field; empty where there is neither."""
        example = self.example.get(language, "")
        told = EXAMPLE[language].format(example=example) if example else ""
        return " ".join(part for part in (self.help.get(language, ""), told) if part)

    def column(self, column_id: str) -> Field:
        """The column; raises `KeyError` where there is none."""
        for column in self.columns:
            if column.id == column_id:
                return column
        raise KeyError(column_id)


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Text
    intro: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FormSchema:
    """A form in sections; a published version never changes, its `sha256` proves it."""

    key: str
    version: int
    title: Text
    sections: tuple[Section, ...]
    sha256: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of all sections, in order."""
        return tuple(field for section in self.sections for field in section.fields)

    def section(self, section_id: str) -> Section:
        """The section; raises `KeyError` where there is none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def field(self, field_id: str) -> Field:
        """The field; raises `KeyError` where there is none."""
        for found in self.fields:
            if found.id == field_id:
                return found
        raise KeyError(field_id)


def applies(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether the field is asked, given the other answers."""
    return field.when is None or holds(field.when, answers)


def asked(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> Iterator[Field]:
    """The fields that are asked; the answer to a field that is not asked counts as none."""
    visible = dict(answers)
    for each in fields:
        if applies(each, visible):
            yield each
        else:
            visible.pop(each.id, None)


def visible_answers(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the fields that are asked: what is handed in."""
    ids = [each.id for each in asked(schema.fields, answers)]
    return {name: answers[name] for name in ids if name in answers}
