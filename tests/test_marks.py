"""The marks of tests are those that `pyproject.toml` declares, and say where a test runs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from funding_app.models.database import Database

ROOT = Path(__file__).parents[1]
MARK = re.compile(r"\bpytest\.mark\.(\w+)")
OF_PYTEST = {"filterwarnings", "parametrize", "skipif", "timeout", "usefixtures"}


def test_every_mark_is_declared() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    lines = options["ini_options"]["markers"]
    known = OF_PYTEST | {line.partition(":")[0] for line in lines}
    unknown = [
        f"{path.relative_to(ROOT)}:{number} {name}"
        for path in sorted(ROOT.glob("tests/**/*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for name in MARK.findall(line)
        if name not in known
    ]
    assert unknown == []


def test_unmarked_keeps_to_sqlite(database: Database) -> None:
    assert database.is_sqlite


@pytest.mark.both_databases
def test_marked_runs_on_the_database_of_its_name(
    request: pytest.FixtureRequest, database: Database
) -> None:
    is_marked = request.node.get_closest_marker("postgresql") is not None
    assert database.is_sqlite != is_marked
    assert ("postgresql" in request.node.name) == is_marked
