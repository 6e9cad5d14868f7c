"""The shape of a definition: `schema.json`, completed with every name a definition may use.

Roles, facts, guards and effects come from the vocabulary; states, phases and events from the
definition itself. So one pass finds mistakes of shape and unknown names alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from source_text import Document, Problem, nearest
from workflows.guards import GUARDS
from workflows.vocabulary import CHOICES, EFFECTS, FACTS, OWNERS, ROLES, TAGS, Record

JsonSchema = dict[str, Any]


@lru_cache(maxsize=1)
def _general() -> JsonSchema:
    schema: JsonSchema = json.loads(files("workflows").joinpath("schema.json").read_text("utf-8"))
    names = schema["$defs"]
    names["role"]["enum"] = list(ROLES)
    names["owner"]["enum"] = [*ROLES, *OWNERS]
    names["fact"]["enum"] = list(FACTS)
    names["day_fact"]["enum"] = [name for name, fact in FACTS.items() if fact.kind == "day"]
    names["number_fact"]["enum"] = [name for name, fact in FACTS.items() if fact.kind == "number"]
    names["choices"]["enum"] = list(CHOICES)
    names["record"]["enum"] = list(Record)
    names["tag_of_definition"]["enum"] = [tag for tag, known in TAGS.items() if known.whole]
    names["tag_of_state"]["enum"] = [tag for tag, known in TAGS.items() if not known.whole]
    names["guard"] = _calls("guard", GUARDS)
    names["effect"] = _calls("effect", EFFECTS)
    return schema


def _calls(title: str, known: Mapping[str, Any]) -> JsonSchema:
    """A name alone, or one name with its parameters."""
    bare = [name for name, one in known.items() if set(one.params) == set(one.optional)]
    return {
        "title": title,
        "if": {"type": "object"},
        "then": {
            "title": title,
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {name: _parameters(name, one) for name, one in known.items()},
        },
        "else": {"title": title, "enum": bare},
    }


def _parameters(name: str, one: Any) -> JsonSchema:
    return {
        "title": f"'{name}'",
        "type": "object",
        "properties": dict(one.params),
        "required": [param for param in one.params if param not in one.optional],
        "additionalProperties": False,
    }


def json_schema() -> JsonSchema:
    """The schema of a definition for editors: every name it may use, apart from its own."""
    return deepcopy(_general())


def _names_of(content: Any, part: str) -> list[str]:
    found = content.get(part)
    return [str(name) for name in found] if isinstance(found, Mapping) else []


def _events_of(content: Any) -> list[str]:
    arrows = content.get("transitions")
    found = arrows if isinstance(arrows, list) else []
    events = [arrow.get("event") for arrow in found if isinstance(arrow, Mapping)]
    return list(dict.fromkeys(str(event) for event in events if event))


def _schema_for(content: Any) -> JsonSchema:
    schema = deepcopy(_general())
    if isinstance(content, Mapping):
        states = _names_of(content, "states")
        names = schema["$defs"]
        names["state_name"]["enum"] = states
        names["target"]["enum"] = [*states, "same"]
        names["phase"]["enum"] = _names_of(content, "phases")
        names["event"]["enum"] = [*_events_of(content), "create"]
    return schema


def problems_of(document: Document) -> Iterator[Problem]:
    """Every mistake of shape and every unknown name, each at its line."""
    validator = Draft202012Validator(_schema_for(document.content))
    for error in validator.iter_errors(document.content):
        for place, what, hint in _said(error):
            why = _schema_of(error).get("description", "")
            yield Problem(document.file, document.line(place), what, why, hint)


Said = Iterator[tuple[tuple[Any, ...], str, str]]


def _said(error: ValidationError) -> Said:
    """What one error of the validator says, in words, with its place and the nearest name."""
    return SAYINGS.get(str(error.validator), _in_general)(error, tuple(error.absolute_path))


def _schema_of(error: ValidationError) -> JsonSchema:
    return cast(JsonSchema, error.schema)


def _names_in(error: ValidationError) -> list[str]:
    return cast(list[str], error.validator_value)


def _title(error: ValidationError) -> str:
    return str(_schema_of(error).get("title", "value"))


def _unknown(error: ValidationError, place: tuple[Any, ...]) -> Said:
    name = error.instance
    if isinstance(name, str) and (name in GUARDS or name in EFFECTS):
        yield place, f"'{name}' needs its parameters here, or is no {_title(error)}", ""
        return
    yield place, f"unknown {_title(error)} '{name}'", nearest(name, _names_in(error))


def _too_much(error: ValidationError, place: tuple[Any, ...]) -> Said:
    known = _schema_of(error).get("properties", {})
    for name in cast(Mapping[str, Any], error.instance):
        if name not in known:
            yield (*place, name), f"{_title(error)} knows no '{name}'", nearest(name, known)


def _missing(error: ValidationError, place: tuple[Any, ...]) -> Said:
    # The validator says so once for each missing name; what is said twice is told once.
    for name in _names_in(error):
        if name not in cast(Mapping[str, Any], error.instance):
            yield place, f"{_where(place)} lacks '{name}'", ""


def _in_general(error: ValidationError, place: tuple[Any, ...]) -> Said:
    yield place, f"{_where(place)}: {error.message}", ""


def _where(place: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in place) or "the definition"


SAYINGS: Mapping[str, Callable[[ValidationError, tuple[Any, ...]], Said]] = {
    "enum": _unknown,
    "additionalProperties": _too_much,
    "required": _missing,
}
