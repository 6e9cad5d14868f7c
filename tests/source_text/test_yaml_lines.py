"""YAML with its lines: where everything stands, what stands twice, what is no YAML."""

from __future__ import annotations

import pytest

from source_text import Problem, read

TEXT = """\
title: {de: Titel, en: Title}
fields:
  - id: first
    type: text
  - {id: second,
     type: date}
title: Again
"""


def test_every_place_has_its_line_and_an_unknown_one_that_around_it() -> None:
    document = read(TEXT, "form.yaml")
    assert document.line(()) == 1
    assert document.line(("fields",)) == 2
    assert document.line(("fields", 0)) == 3
    assert document.line(("fields", 0, "type")) == 4
    assert document.line(("fields", 1, "type")) == 6
    assert document.line(("fields", 1, "label", "de")) == 5
    assert document.content["fields"][1] == {"id": "second", "type": "date"}
    assert document.content["fields"][1].line == 5


def test_a_key_that_stands_twice_is_told() -> None:
    document = read(TEXT, "form.yaml")
    assert document.problems == (
        Problem("form.yaml", 7, "'title' is repeated", "it stands on line 1 already"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2\nb: 3\n", 2),
        ("a: \x07\n", 1),
        ("? [a, b]\n: 1\n", 1),
        ("a: &one\n  b: *one\n", 1),
        ("a: !!python/object:os.system {}\n", 1),
    ],
)
def test_what_is_no_yaml_or_no_plain_data_is_told_and_nothing_else(text: str, line: int) -> None:
    document = read(text, "file.yaml")
    assert document.is_unreadable
    assert [(each.what, each.line) for each in document.problems] == [("not YAML", line)]
