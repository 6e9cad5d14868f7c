"""The mistakes that are made are those that slip most easily."""

from __future__ import annotations

import ast

import pytest
import yaml

from tests.mutants import __main__ as run
from tests.mutants.mistakes import mistakes

SUBJECTS = ("access", "engine", "queries", "services")


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("a < b", {"a <= b"}),
        ("a == b", {"a != b"}),
        ("not a", {"a"}),
        ("a and b", {"a or b", "a", "b"}),
        ("a & b", {"a | b", "a", "b"}),
        ("q.where(a)", {"q"}),
        ("q.where(a, b)", {"q.where(a)", "q.where(b)"}),
        ("local_day(when)", {"when.date()"}),
        ("x = ('a', 'b')", {"x = ('a',)", "x = ('b',)"}),
        ("x.values(a=b, c=d)", {"x.values(a=b)", "x.values(c=d)"}),
        ("x = True", {"x = False"}),
        ("x = 3", {"x = 4"}),
        ("raise x", {"pass"}),
        ("x = a if b else c", {"x = a", "x = c"}),
        ("def f(a: 1) -> 2:\n    return a", set()),
    ],
)
def test_mistakes_of_a_kind(source: str, made: set[str]) -> None:
    made_here = {each.made_in(source) for each in mistakes(source)}
    assert made <= made_here
    assert made_here <= made | {"pass"}
    for text in made_here:
        ast.parse(text)


def test_every_module_of_the_write_side_has_tests_for_it() -> None:
    known = yaml.safe_load((run.HERE / "tests.yaml").read_text(encoding="utf-8"))
    without = [
        str(file.relative_to(run.ROOT))
        for subject in SUBJECTS
        for file in (run.ROOT / "funding_app" / subject).rglob("*.py")
        if any(mistakes(file.read_text(encoding="utf-8")))
        and not run.tests_for(str(file.relative_to(run.ROOT)), known)
    ]
    assert without == []


def test_the_tests_that_are_named_are_there() -> None:
    known = yaml.safe_load((run.HERE / "tests.yaml").read_text(encoding="utf-8"))
    missing = [each for tests in known.values() for each in tests if not (run.ROOT / each).exists()]
    assert missing == []


def test_a_survivor_is_kept_with_a_word() -> None:
    kept = yaml.safe_load((run.HERE / "survivors.yaml").read_text(encoding="utf-8"))
    assert [each for each in kept if not (each["said"] and each["word"].strip())] == []
