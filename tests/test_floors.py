"""Imports go down only: the contract in `pyproject.toml` holds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from funding_app import SUBJECTS

ROOT = Path(__file__).parents[1]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_contracts_find_imports_that_go_up_or_across(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("funding_app", "workflows", "forms", "source_text"):
        ignored = shutil.ignore_patterns("static", "translations")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    with (tmp_path / "funding_app" / "rules" / "money.py").open("a") as module:
        module.write("\nimport funding_app.services\n")
    pages = tmp_path / "funding_app" / "web"
    with (pages / "api" / "money.py").open("a") as module:
        module.write("\nimport funding_app.web.money.budget\n")
    with (pages / "calls" / "finding.py").open("a") as module:
        module.write("\nimport funding_app.web.files.downloads\n")
    (tmp_path / "funding_app" / "homeless.py").touch()
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "funding_app.rules.money -> funding_app.services" in done.stdout
    assert "- funding_app.homeless" in done.stdout
    assert "funding_app.web.api.money -> funding_app.web.money.budget" in done.stdout
    assert "funding_app.web.calls.finding -> funding_app.web.files.downloads" in done.stdout


def test_the_contracts_about_pages_name_every_subject() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    pages = {f"funding_app.web.{subject}" for subject in SUBJECTS}
    assert set(contracts["pages-by-subject"]["modules"]) == pages
    assert set(contracts["api-without-pages"]["forbidden_modules"]) == pages
