"""From YAML to a `FormSchema`. All mistakes of a file are reported at once, with their lines."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from forms.schema.conditions import GROUPS, TESTS, Condition
from forms.schema.model import TYPES, Choice, Field, FormSchema, Section, Text

LANGUAGES = ("de", "en")
DEFINITIONS = Path(__file__).parent.parent / "definitions"
CODE_LISTS = ("cost_lines",)
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Names the form object itself uses; a field of that name would shadow them.
RESERVED = frozenset(
    "adds_row answers check csrf_token data errors form_errors hidden_tag hide_errors "
    "is_submitted language meta others populate_obj post_process problems process specs tell "
    "validate validate_on_submit years".split()
)

FORM_KEYS = frozenset({"key", "version", "title", "sections"})
SECTION_KEYS = frozenset({"id", "title", "intro", "fields"})
FIELD_KEYS = frozenset({*(part.name for part in fields(Field)), "code_list"})
TEST_KEYS = frozenset({"field", "op", "value"})
# What fits into the cell of a row: one control that is sent even when it is empty.
COLUMN_TYPES = frozenset(
    "text textarea email url phone iban date integer money percent select".split()
)
SIZES = ("max_words", "min_length", "max_length", "max_bytes")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where, what, and what would be right."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class SchemaError(ValueError):
    """A form definition that can not be used; `problems` has all its mistakes."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class _Located(dict[str, Any]):
    """A mapping that knows the line it began on."""

    line = 1


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # untyped
    pass


def _located(loader: _Loader, node: yaml.MappingNode) -> _Located:
    loader.flatten_mapping(node)
    built = _Located(loader.construct_pairs(node, deep=True))
    built.line = node.start_mark.line + 1
    return built


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _located)


def nearest(name: str, known: Collection[str]) -> str:
    """A hint at the nearest right name, or nothing."""
    close = difflib.get_close_matches(str(name), sorted(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


@dataclass(slots=True)
class Reading:
    """One file being read, and the mistakes found so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, at: Any, message: str) -> None:
        self.problems.append(Problem(self.file, getattr(at, "line", 1), message))

    def wrong_field(self, field_id: str, message: str) -> None:
        line = self.lines.get(field_id, 1)
        self.problems.append(Problem(self.file, line, f"field '{field_id}' {message}"))

    def mapping(self, at: Any, known: frozenset[str], what: str) -> Mapping[str, Any]:
        if not isinstance(at, Mapping):
            self.wrong(at, f"{what} is a mapping, not {at!r}")
            return {}
        for key in at:
            if key not in known:
                self.wrong(at, f"{what} has no '{key}'{nearest(str(key), known)}")
        return at

    def items(self, at: Mapping[str, Any], name: str) -> list[Any]:
        found = at.get(name) or []
        if not isinstance(found, list):
            self.wrong(at, f"'{name}' is a list")
            return []
        return found

    def name(self, at: Mapping[str, Any], what: str) -> str:
        name = str(at.get("id"))
        if not IDENTIFIER.fullmatch(name) or name in RESERVED:
            self.wrong(at, f"{what} can not have the id '{name}'")
        self.lines[name] = getattr(at, "line", 1)
        return name

    def numbers(self, at: Mapping[str, Any], names: Iterable[str], what: str) -> None:
        for name in names:
            if name in at and (isinstance(at[name], bool) or not isinstance(at[name], int)):
                self.wrong(at, f"{what}: '{name}' is a whole number")

    def text(self, at: Mapping[str, Any], name: str, what: str) -> Text:
        value = at.get(name)
        words = value if isinstance(value, Mapping) else {}
        for language in LANGUAGES:
            if not isinstance(words.get(language), str):
                self.wrong(at, f"{what} has no {name} in '{language}'")
        return {language: str(words.get(language, "")) for language in LANGUAGES}

    def optional_text(self, at: Mapping[str, Any], name: str, what: str) -> Text:
        return self.text(at, name, what) if at.get(name) else {}


def _condition(reading: Reading, at: Any) -> Condition:
    if isinstance(at, Mapping) and len(at) == 1 and set(at) <= GROUPS:
        op, inner = next(iter(at.items()))
        parts = [inner] if op == "not" else inner
        if not isinstance(parts, list):
            reading.wrong(at, f"'{op}' takes a list of conditions")
            parts = []
        return Condition(op, parts=tuple(_condition(reading, part) for part in parts))
    spec = reading.mapping(at, TEST_KEYS, "a condition")
    op = str(spec.get("op", "eq"))
    if op not in TESTS:
        reading.wrong(at, f"unknown test '{op}'{nearest(op, TESTS)}")
    return Condition(op, field=str(spec.get("field", "")), value=spec.get("value"))


def _choices(reading: Reading, at: Mapping[str, Any], what: str) -> tuple[Choice, ...]:
    if at.get("code_list"):
        return code_list(str(at["code_list"]))
    known = frozenset({"value", "label"})
    specs = [
        reading.mapping(item, known, f"a choice of {what}") for item in reading.items(at, "choices")
    ]
    return tuple(
        Choice(str(spec.get("value")), reading.text(spec, "label", f"a choice of {what}"))
        for spec in specs
    )


def _field(reading: Reading, at: Any) -> Field:
    spec = reading.mapping(at, FIELD_KEYS, "a field")
    what = f"field '{spec.get('id')}'"
    kind = str(spec.get("type"))
    if kind not in TYPES:
        reading.wrong(at, f"{what}: unknown type '{kind}'{nearest(kind, TYPES)}")
    reading.numbers(spec, SIZES, what)
    for column in reading.items(spec, "columns"):
        if isinstance(column, Mapping) and column.get("type") not in COLUMN_TYPES:
            reading.wrong(column, f"{what}: no column can be of type '{column.get('type')}'")
    built: dict[str, Any] = {name: spec[name] for name in spec if name in FIELD_KEYS}
    built.pop("code_list", None)
    built |= {
        "id": reading.name(spec, what),
        "type": kind,
        "label": reading.text(spec, "label", what),
        "help": reading.optional_text(spec, "help", what),
        "when": _condition(reading, spec["when"]) if spec.get("when") else None,
        "choices": _choices(reading, spec, what),
        "columns": tuple(_field(reading, column) for column in reading.items(spec, "columns")),
        "accept": tuple(reading.items(spec, "accept")),
    }
    return Field(**built)


def _section(reading: Reading, at: Any) -> Section:
    spec = reading.mapping(at, SECTION_KEYS, "a section")
    what = f"section '{spec.get('id')}'"
    return Section(
        reading.name(spec, what),
        reading.text(spec, "title", what),
        reading.optional_text(spec, "intro", what),
        tuple(_field(reading, item) for item in reading.items(spec, "fields")),
    )


def _names_fit(reading: Reading, found: tuple[Field, ...]) -> None:
    """Ids are unique, and a field refers to others that exist; conditions look back only."""
    known = {each.id for each in found}
    seen: set[str] = set()
    for each in found:
        if each.id in seen:
            reading.wrong_field(each.id, "stands twice in this form")
        later = each.when.fields - seen if each.when else frozenset()
        others = {name for name in (each.not_before, each.grant_field) if name} - known
        for name in sorted(later | others):
            reading.wrong_field(each.id, f"refers to an unknown '{name}'{nearest(name, seen)}")
        seen.add(each.id)


def parse_fields(specs: Iterable[Mapping[str, Any]], file: str = "fields") -> tuple[Field, ...]:
    """Fields from their specifications, also those of workflow transitions.

    Raises `SchemaError` with every mistake.
    """
    reading = Reading(file)
    found = tuple(_field(reading, spec) for spec in specs)
    _names_fit(reading, found)
    if reading.problems:
        raise SchemaError(reading.problems)
    return found


def _yaml(text: str, file: str) -> Any:
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SchemaError([Problem(file, line, f"not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise SchemaError([Problem(file, 1, f"not YAML: {error}")]) from error


def parse(text: str, file: str) -> FormSchema:
    """A schema from YAML; raises `SchemaError` with every mistake of the text."""
    reading = Reading(file)
    at = _yaml(text, file)
    spec = reading.mapping(at, FORM_KEYS, "a form")
    version = spec.get("version")
    if not isinstance(version, int) or version < 1:
        reading.wrong(at, "'version' is a whole number from 1")
    sections = tuple(_section(reading, item) for item in reading.items(spec, "sections"))
    schema = FormSchema(
        str(spec.get("key")),
        version if isinstance(version, int) else 0,
        reading.text(spec, "title", "the form"),
        sections,
        hashlib.sha256(text.encode()).hexdigest(),
    )
    _names_fit(reading, schema.fields)
    if not schema.fields:
        reading.wrong(at, "a form has at least one section with a field")
    if reading.problems:
        raise SchemaError(reading.problems)
    return schema


@cache
def code_list(name: str) -> tuple[Choice, ...]:
    """The codes of a shipped list, as choices; raises `SchemaError` where there is none."""
    if name not in CODE_LISTS:
        hint = nearest(name, CODE_LISTS)
        raise SchemaError([Problem(str(DEFINITIONS), 1, f"no code list '{name}'{hint}")])
    path = DEFINITIONS / f"{name}.yaml"
    rows = _yaml(path.read_text("utf-8"), str(path))["codes"]
    return tuple(Choice(str(row["code"]), {"de": row["de"], "en": row["en"]}) for row in rows)
