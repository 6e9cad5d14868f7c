"""Definitions from the command line: all mistakes at once, pictures, words, and no bad start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

import workflows
from funding_app.engine.storage.in_use import keep
from funding_app.models.database import Database
from tests.fixtures.commands import Run
from workflows import vocabulary
from workflows.definition import Definition

ROOT = Path(__file__).parents[2]
MICRO = workflows.load().get("micro_grant")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "office"
    made.mkdir()
    return made


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def begin_on(tmp_path: Path, definition: Definition) -> None:
    """Keeps the words of a definition, as its first process does."""
    database = Database(f"sqlite:///{tmp_path / 'data' / 'funding.sqlite3'}")
    with database.write() as session:
        keep(session, definition, datetime(2026, 3, 1, tzinfo=UTC))
    database.dispose()


def broken(folder: Path) -> Path:
    """A definition with two mistakes that the loader sees."""
    text = MICRO.text.replace("key: micro_grant", "key: office_grant", 1)
    text = text.replace("initial: draft", "initial: drafd", 1)
    text += "\ncolour: green\n"
    file = folder / "office_grant.yaml"
    file.write_text(text, "utf-8")
    return file


def idle(folder: Path) -> Path:
    """A definition that can be read, with a state that nobody ever reaches."""
    text = MICRO.text.replace("key: micro_grant", "key: office_grant", 1)
    text = text.replace("states:\n", "states:\n  forgotten: {phase: %s, terminal: true, "
        "title: {de: Vergessen, en: Forgotten}, plain: {de: Ende., en: End.}}\n", 1)  # fmt: skip
    file = folder / "idle.yaml"
    file.write_text(text % MICRO.phases[-1].id, "utf-8")
    return file


def test_shipped_definitions_have_no_mistakes(funding: Run) -> None:
    done = funding("workflows", "check")
    assert (done.returncode, done.stdout) == (0, "no mistakes\n")


def test_all_mistakes_are_reported_at_once_with_file_and_line(funding: Run, folder: Path) -> None:
    file = broken(folder)
    done = funding("workflows", "check", folder)
    assert done.returncode == 1
    assert f"{file}:{line_of(file.read_text(), 'initial:')}: " in done.stdout
    assert "drafd" in done.stdout
    assert "colour" in done.stdout
    facts = json.loads(funding("workflows", "check", file, "--json").stdout)
    assert len(facts) >= 2
    assert {fact["file"] for fact in facts} == {str(file)}


def ended(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own; packages of the folder it runs in go before others."""
    begin = [sys.executable, "-c", "from funding_app.cli import main; main()"]
    return subprocess.run(
        [*begin, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_mistakes_in_a_form_are_told_like_all_others(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "forms", tmp_path / "forms")
    file = tmp_path / "forms" / "definitions" / "idea.yaml"
    text = file.read_text("utf-8").replace("type: textarea", "type: number", 1) + "checks: []\n"
    file.write_text(text, "utf-8")
    done = ended(tmp_path, "workflows", "check")
    assert (done.returncode, done.stderr) == (1, "")
    unknown, misplaced = done.stdout.splitlines()
    assert unknown == (
        f"{file}:{line_of(text, 'type: number')}: field 'summary': unknown type 'number'; "
        "did you mean 'integer'?"
    )
    assert misplaced == f"{file}:{line_of(text, 'checks: []')}: a form: has no 'checks'"
    place = {"FUNDING_ENV": "test", "FUNDING_DATA_DIR": str(tmp_path / "data")}
    start = ended(tmp_path, "serve", "--port", "0", **place)
    assert (start.returncode, start.stderr) == (2, done.stdout)
    doctor = ended(tmp_path, "doctor", **place)
    assert doctor.returncode == 1
    assert all(mistake in doctor.stdout for mistake in (unknown, misplaced))


def test_lint_findings_are_mistakes_too(funding: Run, folder: Path) -> None:
    file = idle(folder)
    done = funding("workflows", "check", FUNDING_WORKFLOWS_DIR=str(folder))
    assert done.returncode == 1
    assert f"{file}:{line_of(file.read_text(), 'forgotten')}: " in done.stdout


def test_mistakes_of_all_files_are_reported_at_once(funding: Run, folder: Path) -> None:
    files = {broken(folder), idle(folder)}
    (folder / "latin.yaml").write_bytes("title: Förderung".encode("latin-1"))
    (folder / "torn.yaml").write_text("key: [torn\n", "utf-8")
    files |= {folder / "latin.yaml", folder / "torn.yaml"}
    done = funding("workflows", "check", folder, "--json")
    assert done.returncode == 1
    assert {fact["file"] for fact in json.loads(done.stdout)} == {str(file) for file in files}


def test_what_no_service_does_is_said_by_the_check_as_by_the_start(
    funding: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = idle(folder)
    monkeypatch.setitem(vocabulary.FACTS, "seat_here", vocabulary.FACTS["proposer"])
    said = "fact 'seat_here' stands in workflows/vocabulary/facts.py, and no service has it: "
    checked = funding("workflows", "check")
    assert checked.returncode == 1
    assert checked.stdout.startswith(said)
    assert funding("serve").stderr == checked.stdout
    both = funding("workflows", "check", file, "--json")
    assert both.returncode == 1
    assert [fact["file"] for fact in json.loads(both.stdout)] == [str(file), ""]


def test_folder_that_does_not_exist_is_named(funding: Run, folder: Path) -> None:
    missing = {"FUNDING_WORKFLOWS_DIR": str(folder / "missing")}
    done = funding("workflows", "check", **missing)
    assert done.returncode == 1
    assert str(folder / "missing") in done.stdout
    assert funding("serve", **missing).returncode == 2


def test_definitions_need_no_other_setting(funding: Run) -> None:
    production = {"FUNDING_ENV": "production"}
    assert funding("workflows", "check", **production).returncode == 0
    assert funding("policy", "--kind", "approval", **production).returncode == 0


@pytest.mark.parametrize("mistake", [broken, idle])
def test_server_does_not_start_with_a_mistake(funding: Run, folder: Path, mistake: object) -> None:
    assert callable(mistake)
    file = mistake(folder)
    done = funding("serve", "--port", 0, FUNDING_WORKFLOWS_DIR=str(folder))
    assert done.returncode == 2
    assert f"{file}:" in done.stderr
    assert "ready" not in done.stdout


def test_server_does_not_start_with_other_words_in_a_version_in_use(
    funding: Run, folder: Path
) -> None:
    file = folder / "office_grant.yaml"
    text = MICRO.text.replace("key: micro_grant", "key: office_grant", 1)
    file.write_text(text, "utf-8")
    funding("migrate")
    place = {"FUNDING_WORKFLOWS_DIR": str(folder), "FUNDING_REDIS_URL": "redis://127.0.0.1:1"}
    occupied = funding("serve", "--host", "256.0.0.1", **place)
    assert "cannot listen" in occupied.stderr, "it came as far as listening"
    file.write_text(text.replace(MICRO.title["en"], "Another title", 1), "utf-8")
    corrected = funding("serve", "--host", "256.0.0.1", **place)
    assert "cannot listen" in corrected.stderr, "no process runs on it yet"
    begin_on(folder.parent, workflows.parse(text, "office_grant.yaml"))
    for command in ("serve", "worker"):
        done = funding(command, **place)
        assert done.returncode == 2
        assert f"{file}: office_grant version {MICRO.version} has changed" in done.stderr
        assert "delete the folder" not in done.stderr
    demo = funding("serve", **place, FUNDING_ENV="demo")
    assert "delete the folder" in demo.stderr


def test_picture_is_svg_and_mermaid(funding: Run, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    assert funding("workflows", "draw", "micro_grant", "-o", file).returncode == 0
    assert ElementTree.parse(file).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    done = funding("workflows", "draw", "micro_grant", "--mermaid", "--language", "en")
    assert done.stdout.startswith("flowchart")


def test_definition_is_said_in_words(funding: Run) -> None:
    german = funding("workflows", "explain", "micro_grant").stdout
    english = funding("workflows", "explain", "micro_grant", "--language", "en").stdout
    assert german.startswith(f"# {MICRO.title['de']}")
    assert english.startswith(f"# {MICRO.title['en']}")


def test_walk_says_who_brings_about_what(funding: Run) -> None:
    facts = json.loads(funding("workflows", "simulate", "micro_grant", "--json").stdout)
    assert "submitted" in facts["brought_about_by"]["applicant_signatory"]
    assert "draft" in facts["stays_without_anyone"]


@pytest.mark.parametrize("command", ["draw", "explain", "simulate"])
def test_unknown_key_names_the_nearest(funding: Run, command: str) -> None:
    done = funding("workflows", command, "micro_grand")
    assert done.returncode == 2
    assert "did you mean 'micro_grant'" in done.stderr
    assert funding("workflows", command, "micro_grant", "--version", 99).returncode == 2
