"""Backup and restore as one types them, with the demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fixtures.commands import Run

pytestmark = pytest.mark.slow


def test_demo_goes_into_a_copy_and_back(funding: Run, tmp_path: Path) -> None:
    demo = {"FUNDING_ENV": "demo"}
    assert funding("migrate", **demo).returncode == 0
    assert funding("demo", "load", **demo).returncode == 0
    assert funding("demo", "load", **demo).returncode == 1
    anchors = tmp_path / "anchors.json"
    funding("audit", "anchor", "-o", anchors)
    made = json.loads(funding("backup", tmp_path / "copy", "--json").stdout)
    assert made["missing"] == []
    assert made["rows"] > 500
    assert funding("backup", tmp_path / "copy").returncode == 2
    elsewhere = {"FUNDING_DATA_DIR": str(tmp_path / "elsewhere")}
    back = funding("restore", tmp_path / "copy", "--json", **elsewhere)
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["rows"] == made["rows"]
    assert funding("audit", "verify", "--anchors", anchors, **elsewhere).returncode == 0
    again = funding("restore", tmp_path / "copy", **elsewhere)
    assert again.returncode == 2
    assert "not empty" in again.stderr


def test_bulk_data_verifies(funding: Run) -> None:
    funding("migrate")
    done = funding("demo", "load", "--size", "m", "--json")
    assert json.loads(done.stdout) == {"size": "m", "applications": 1000}
    assert funding("audit", "verify").returncode == 0


def test_demo_has_no_place_in_production(funding: Run) -> None:
    production = {"FUNDING_ENV": "production", "FUNDING_SECRET_KEY": "x" * 48}
    funding("migrate", **production)
    done = funding("demo", "load", **production)
    assert done.returncode == 2
    assert "production" in done.stderr


def test_folder_without_a_backup_is_unusable(funding: Run, tmp_path: Path) -> None:
    done = funding("restore", tmp_path)
    assert done.returncode == 2
    assert "no finished backup" in done.stderr
