"""From plain data to the fields of a form. Every mistake is noted; what can be read is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from forms.schema.code_lists import CODE_LISTS, code_list
from forms.schema.conditions import GROUPS, TESTS, Condition
from forms.schema.expressions import COMPARISONS, LEAVES, MOST_NODES, Check, Expression
from forms.schema.expressions import GROUPS as OPERATIONS
from forms.schema.faults import Fault
from forms.schema.model import TYPES, Choice, Field, Section, Text
from source_text import nearest

LANGUAGES = ("de", "en")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,59}")
NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
# Names the form object itself uses; a field of that name would shadow them.
RESERVED = frozenset(
    "answers changes_rows check csrf_token data errors form_errors hidden_tag hide_errors "
    "is_submitted language meta others populate_obj post_process problems process specs tell "
    "validate validate_on_submit years".split()
)
SECTION_KEYS = frozenset({"id", "title", "intro", "fields", "identity"})
FIELD_KEYS = frozenset({*(part.name for part in fields(Field)), "code_list"})
TEST_KEYS = frozenset({"field", "op", "value"})
CHECK_KEYS = frozenset({"left", "op", "right", "message"})
# What fits into the cell of a row: one control that is sent even when it is empty.
COLUMN_TYPES = frozenset(
    "text textarea email url phone iban date integer money percent select".split()
)
# What other form builders call a type that has a name here too unlike it to be guessed.
CALLED_ELSEWHERE = {
    "amount": "money", "bool": "yesno", "boolean": "yesno", "checkbox": "yesno", "decimal": "money",
    "dropdown": "select", "number": "integer", "string": "text", "upload": "file",
}  # fmt: skip
FLAGS = ("required", "either", "balanced", "identity")
NAMES = ("choices_from", "not_before", "grant_field", "autocomplete", "fim_id")
SIZES = ("max_words", "min_length", "max_length", "max_bytes")
# Mistakes told on the line of a key: the one that is named, or the one whose value is wrong.
ABOUT_KEYS = frozenset({"key", "list", "whole", "flag", "word"})
ABOUT_VALUES = {"type": "type", "column": "type", "version": "version", "code_list": "code_list"}
DEEPEST = 8


@dataclass(slots=True)
class Reading:
    """One form being read, and the mistakes found so far."""

    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    place: str = ""

    def wrong(self, at: Any, code: str, subject: str = "", near: str = "", **params: Any) -> None:
        """Notes a mistake, on the line of the key it is about, or of what it stands in."""
        key = params.get("name") if code in ABOUT_KEYS else ABOUT_VALUES.get(code)
        line = getattr(at, "lines", {}).get(str(key), getattr(at, "line", 1))
        self.faults.append(Fault(self.place, code, params, near, subject, line))

    def mapping(self, at: Any, known: frozenset[str], what: str) -> Mapping[str, Any]:
        if not isinstance(at, Mapping):
            self.wrong(at, "mapping", what, found=repr(at))
            return {}
        for key in at:
            if key not in known:
                self.wrong(at, "key", what, nearest(str(key), known), name=key)
        return at

    def items(self, at: Mapping[str, Any], name: str, what: str = "") -> list[Any]:
        found = at.get(name) or []
        if not isinstance(found, list):
            self.wrong(at, "list", what, name=name)
            return []
        return found

    def name(self, at: Mapping[str, Any], what: str) -> str:
        name = str(at.get("id"))
        if not IDENTIFIER.fullmatch(name) or name in RESERVED:
            self.wrong(at, "id", what, name=name)
        self.lines[self.place] = getattr(at, "line", 1)
        return name

    def numbers(self, at: Mapping[str, Any], names: Iterable[str], what: str) -> None:
        for name in names:
            if name in at and (isinstance(at[name], bool) or not isinstance(at[name], int)):
                self.wrong(at, "whole", what, name=name)

    def plain(self, at: Mapping[str, Any], what: str) -> dict[str, Any]:
        """Flags that are true or false, names that are texts; what is neither is left out."""
        found: dict[str, Any] = {}
        for names, kind, code in ((FLAGS, bool, "flag"), (NAMES, str, "word")):
            for name in names:
                if at.get(name) is not None and not isinstance(at[name], kind):
                    self.wrong(at, code, what, name=name)
                    found[name] = kind()
        return found

    def text(self, at: Mapping[str, Any], name: str, what: str) -> Text:
        value = at.get(name)
        words = value if isinstance(value, Mapping) else {}
        for other in sorted(str(key) for key in words if key not in LANGUAGES):
            # A comma in a text without quotation marks would end it unseen.
            self.wrong(at, "key", f"{name} of {what}", name=other)
        for language in LANGUAGES:
            said = words.get(language)
            if not isinstance(said, str) or not said.strip():
                self.wrong(at, "text", what, name=name, language=language)
        return {language: str(words.get(language, "")) for language in LANGUAGES}

    def optional_text(self, at: Mapping[str, Any], name: str, what: str) -> Text:
        return self.text(at, name, what) if at.get(name) else {}


def _condition(reading: Reading, at: Any, depth: int = 0) -> Condition:
    if isinstance(at, Mapping) and len(at) == 1 and set(at) <= GROUPS:
        op, inner = next(iter(at.items()))
        parts = [inner] if op == "not" else inner
        if not isinstance(parts, list) or depth > DEEPEST:
            reading.wrong(at, "conditions", name=op)
            parts = []
        return Condition(op, parts=tuple(_condition(reading, part, depth + 1) for part in parts))
    spec = reading.mapping(at, TEST_KEYS, "a condition")
    op = str(spec.get("op", "eq"))
    if op not in TESTS:
        reading.wrong(at, "test", near=nearest(op, TESTS), name=op)
    return Condition(op, field=str(spec.get("field", "")), value=spec.get("value"))


def _number(reading: Reading, at: Any, value: Any) -> Decimal:
    if isinstance(value, bool) or not NUMBER.fullmatch(str(value)):
        reading.wrong(at, "number", value=value)
        return Decimal(0)
    return Decimal(str(value))


def _expression(reading: Reading, at: Any, depth: int = 0) -> Expression:
    known = {*LEAVES, *OPERATIONS}
    named = known & set(at) if isinstance(at, Mapping) else set()
    if len(named) != 1 or depth > DEEPEST:
        reading.wrong(at, "expression", known=", ".join(sorted(known)))
        return Expression("value")
    op = named.pop()
    if op in OPERATIONS:
        return _operation(reading, at, op, depth)
    spec = reading.mapping(at, frozenset({op, *LEAVES[op]}), f"'{op}'")
    if op == "value":
        return Expression(op, value=_number(reading, at, spec["value"]))
    part = str(spec.get("side") or spec.get("column") or "")
    return Expression(op, str(spec[op]), part, str(spec.get("line") or ""))


def _operation(reading: Reading, at: Mapping[str, Any], op: str, depth: int) -> Expression:
    reading.mapping(at, frozenset({op}), f"'{op}'")
    parts, (least, most) = at[op], OPERATIONS[op]
    if not isinstance(parts, list) or not least <= len(parts) <= most:
        reading.wrong(at, "operands", name=op)
        return Expression("value")
    return Expression(op, parts=tuple(_expression(reading, part, depth + 1) for part in parts))


def _check(reading: Reading, at: Any, what: str) -> Check:
    spec = reading.mapping(at, CHECK_KEYS, f"a check of {what}")
    op = str(spec.get("op"))
    if op not in COMPARISONS:
        reading.wrong(at, "comparison", what, nearest(op, COMPARISONS), name=op)
    left, right = (_expression(reading, spec.get(side)) for side in ("left", "right"))
    if left.size() + right.size() > MOST_NODES:
        reading.wrong(at, "too_large", what)
    return Check(left, op, right, reading.text(spec, "message", f"a check of {what}"))


def _choices(reading: Reading, at: Mapping[str, Any], what: str) -> tuple[Choice, ...]:
    if at.get("code_list"):
        name = str(at["code_list"])
        if name in CODE_LISTS:
            return code_list(name)
        reading.wrong(at, "code_list", what, nearest(name, CODE_LISTS), name=name)
    known = frozenset({"value", "label"})
    specs = [
        reading.mapping(item, known, f"a choice of {what}") for item in reading.items(at, "choices")
    ]
    return tuple(
        Choice(str(spec.get("value")), reading.text(spec, "label", f"a choice of {what}"))
        for spec in specs
    )


def read_field(reading: Reading, at: Any, parent: str = "") -> Field:
    """A field; one in `parent` is a column."""
    before, reading.place = reading.place, parent
    spec = reading.mapping(at, FIELD_KEYS, "a field")
    reading.place = f"{parent}.{spec.get('id')}" if parent else str(spec.get("id"))
    what = f"field '{spec.get('id')}'"
    built: dict[str, Any] = {name: spec[name] for name in spec if name in FIELD_KEYS}
    built.pop("code_list", None)
    kind = _kind(reading, spec, what, is_column=bool(parent))
    built |= {"id": reading.name(spec, what), "type": kind} | reading.plain(spec, what)
    built |= _texts(reading, spec, what) | _parts(reading, spec, what)
    reading.place = before
    return Field(**built)


def _kind(reading: Reading, spec: Mapping[str, Any], what: str, *, is_column: bool) -> str:
    kind = str(spec.get("type"))
    if kind not in TYPES:
        near = CALLED_ELSEWHERE.get(kind) or nearest(kind, TYPES)
        reading.wrong(spec, "type", what, near, name=kind)
    elif is_column and kind not in COLUMN_TYPES:
        reading.wrong(spec, "column", what, name=kind)
    reading.numbers(spec, SIZES, what)
    return kind


def _texts(reading: Reading, spec: Mapping[str, Any], what: str) -> dict[str, Any]:
    return {
        "label": reading.text(spec, "label", what),
        "help": reading.optional_text(spec, "help", what),
        "example": reading.optional_text(spec, "example", what),
    }


def _parts(reading: Reading, spec: Mapping[str, Any], what: str) -> dict[str, Any]:
    place = reading.place
    return {
        "when": _condition(reading, spec["when"]) if spec.get("when") else None,
        "choices": _choices(reading, spec, what),
        "columns": tuple(
            read_field(reading, column, place) for column in reading.items(spec, "columns", what)
        ),
        "accept": tuple(map(str, reading.items(spec, "accept", what))),
        "checks": tuple(_check(reading, each, what) for each in reading.items(spec, "checks")),
    }


def read_section(reading: Reading, at: Any) -> Section:
    """A section with its fields; one marked as identity marks them all."""
    spec = reading.mapping(at, SECTION_KEYS, "a section")
    what = f"section '{spec.get('id')}'"
    reading.place = f"#{spec.get('id')}"
    section = Section(
        reading.name(spec, what),
        reading.text(spec, "title", what),
        reading.optional_text(spec, "intro", what),
        tuple(
            replace(read, identity=True) if spec.get("identity") else read
            for item in reading.items(spec, "fields", what)
            for read in [read_field(reading, item)]
        ),
    )
    reading.place = ""
    return section
