"""`funding export` writes what the pages send."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.fixtures.commands import Run
from tests.fixtures.demo import CopyDemo


@pytest.fixture
def installed(funding: Run) -> Run:
    assert funding("migrate").returncode == 0
    return funding


def test_export_goes_to_standard_output(installed: Run) -> None:
    done = installed("export", "budget")
    assert done.returncode == 0
    assert done.stdout.startswith("ministry,title,purpose,year")


def test_export_goes_to_a_file(funding: Run, copy_demo: CopyDemo, tmp_path: Path) -> None:
    copy_demo(tmp_path / "data")
    file = tmp_path / "grants.json"
    assert funding("export", "grants", "--format", "360giving", "-o", file).returncode == 0
    assert json.loads(file.read_text())["grants"]
    table = tmp_path / "applications.csv"
    done = funding("export", "applications", "--call", "cc-gemeinsam-2026", "-o", table)
    assert done.returncode == 0
    with table.open(newline="") as opened:
        assert {row["call"] for row in csv.DictReader(opened)} == {"cc-gemeinsam-2026"}


@pytest.mark.parametrize(
    "arguments",
    [("nothing",), ("budget", "--format", "360giving"), ("budget", "--call", "no-such-call"),
     ("budget", "-o", "/no/such/folder/file.csv")],
    ids=" ".join,
)  # fmt: skip
def test_what_can_not_be_is_an_unusable_argument(
    installed: Run, arguments: tuple[str, ...]
) -> None:
    done = installed("export", *arguments)
    assert done.returncode == 2
    assert done.stderr
