"""The JSON Schema of a definition: every shipped one fits, and what is wrong does not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.workflows.walk import shipped
from workflows.schema import json_schema

VALIDATOR = Draft202012Validator(json_schema())


def content(key: str = "hearing") -> dict[str, Any]:
    found = yaml.safe_load(shipped().get(key).text)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("key", shipped().keys())
def test_every_shipped_definition_fits(key: str) -> None:
    assert list(VALIDATOR.iter_errors(content(key))) == []


@pytest.mark.parametrize(
    "guards",
    [
        ["limit_pased"],
        [{"day_ahead": {"fields": ["until"]}, "day_past": {"fields": ["until"]}}],
        [{}],
        [{"day_ahead": {}}],
        [{"day_ahead": {"fields": ["until"], "more": 1}}],
        ["day_ahead"],
        "limit_passed",
    ],
)
def test_a_guard_is_one_known_name_with_its_parameters(guards: Any) -> None:
    wrong = content()
    wrong["transitions"][0]["guards"] = guards
    assert list(VALIDATOR.iter_errors(wrong))


@pytest.mark.parametrize(
    ("part", "value"),
    [("roles", ["officer"]), ("by", "magic"), ("reason", "perhaps"), ("nonsense", 1)],
)
def test_a_step_has_known_parts_only(part: str, value: Any) -> None:
    wrong = content()
    wrong["transitions"][0][part] = value
    assert list(VALIDATOR.iter_errors(wrong))


def test_a_definition_lacks_nothing() -> None:
    for part in ("key", "version", "title", "states", "transitions", "initial"):
        wrong = content()
        del wrong[part]
        assert list(VALIDATOR.iter_errors(wrong)), part
