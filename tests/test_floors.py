"""Imports go down only: the contract in `pyproject.toml` holds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_contract_finds_an_import_that_goes_up(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("funding_app", "workflows", "forms", "source_text"):
        ignored = shutil.ignore_patterns("static", "translations")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    with (tmp_path / "funding_app" / "rules" / "money.py").open("a") as module:
        module.write("\nimport funding_app.services\n")
    (tmp_path / "funding_app" / "homeless.py").touch()
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "funding_app.rules.money -> funding_app.services" in done.stdout
    assert "- funding_app.homeless" in done.stdout
