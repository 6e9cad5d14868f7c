"""From YAML or plain data to a `FormSchema`. All mistakes of a form are reported at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from forms.schema.faults import Fault, SchemaError
from forms.schema.model import Field, FormSchema
from forms.schema.reading import Reading, read_field, read_section
from forms.schema.soundness import faults
from source_text import read

FORM_KEYS = frozenset({"key", "version", "title", "sections"})


def parse_fields(specs: Iterable[Mapping[str, Any]], file: str = "fields") -> tuple[Field, ...]:
    """Fields from their specifications, also those of workflow transitions.

    Raises `SchemaError` with every mistake.
    """
    reading = Reading()
    found = tuple(read_field(reading, spec) for spec in specs)
    _fits_together(reading, found)
    if reading.faults:
        raise SchemaError(fault.in_file(file) for fault in reading.faults)
    return found


def _fits_together(reading: Reading, found: tuple[Field, ...], sections: Any = ()) -> None:
    for fault in faults(found, sections):
        line, subject = reading.lines.get(fault.place, 1), f"field '{fault.place}'"
        reading.faults.append(fault._replace(subject=subject, line=line))


def parse(text: str, file: str) -> FormSchema:
    """A schema from YAML; raises `SchemaError` with every mistake of the text."""
    document = read(text, file)
    if document.is_unreadable:
        raise SchemaError(document.problems)
    schema, found = _examined(document.content, hashlib.sha256(text.encode()).hexdigest())
    if problems := (*document.problems, *(fault.in_file(file) for fault in found)):
        raise SchemaError(problems)
    return schema


def examine(spec: Any) -> tuple[FormSchema, tuple[Fault, ...]]:
    """The schema that plain data describes as far as it can be read, and every mistake."""
    return _examined(spec, checksum(spec))


def checksum(spec: Any) -> str:
    """The SHA-256 of plain data, whatever the order of its keys."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _examined(at: Any, sha256: str) -> tuple[FormSchema, tuple[Fault, ...]]:
    reading = Reading()
    spec = reading.mapping(at, FORM_KEYS, "a form")
    version = spec.get("version")
    if not isinstance(version, int) or version < 1:
        reading.wrong(at, "version")
    schema = FormSchema(
        str(spec.get("key")),
        version if isinstance(version, int) else 0,
        reading.text(spec, "title", "the form"),
        tuple(read_section(reading, item) for item in reading.items(spec, "sections")),
        sha256,
    )
    _fits_together(reading, schema.fields, schema.sections)
    if not schema.fields:
        reading.wrong(at, "empty")
    return schema, tuple(reading.faults)
