"""The house by subject: the same rooms on every floor, none too full, and a guide that is true."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from funding_app import SUBJECTS

ROOT = Path(__file__).parents[1]
SOURCES = ("funding_app", "workflows", "forms", "source_text")
CHECKED = (*SOURCES, "bench", "scripts", "tests")
MOST_ROOMS = MOST_MODULES = 14
MOST_LINES, LONGEST_FUNCTION = 400, 60
MOST_FILES_OF_A_JOURNEY = 20
FLOORS = ("funding_app/services", "funding_app/queries", "funding_app/web")
BESIDE_SUBJECTS = {
    "funding_app/services": set(),
    "funding_app/queries": set(),
    "funding_app/web": {"api"},
    "templates": {"components", "letters"},
}
"""Folders of a floor that are no subject's: what all pages share, and what the outside calls."""
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP = {*SOURCES, "templates", "tests", "bench", "docs", "deploy", "migrations", "scripts"}
GUIDE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PATH = re.compile(r"`([a-z_.]+(?:/[A-Za-z0-9_.*-]*)+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")


def folders(place: str) -> set[str]:
    return {
        each.name
        for each in (ROOT / place).iterdir()
        if each.is_dir() and not each.name.startswith(("_", "."))
    }


def sources() -> Iterator[Path]:
    for top in CHECKED:
        yield from sorted((ROOT / top).rglob("*.py"))


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_has_a_room_for_each_subject_and_no_other(floor: str) -> None:
    assert folders(floor) == set(SUBJECTS) | BESIDE_SUBJECTS[floor]


def test_the_api_is_divided_as_the_pages_are() -> None:
    place = "funding_app/web/api"
    modules = {path.stem for path in (ROOT / place).glob("*.py")} | folders(place)
    assert modules - {"__init__", "blueprint", "description", "schemas"} <= set(SUBJECTS)


def test_pages_have_their_templates_under_the_subject() -> None:
    assert folders("templates") - BESIDE_SUBJECTS["templates"] <= set(SUBJECTS)


def test_what_is_stored_and_tested_is_found_under_the_subject() -> None:
    assert {path.stem for path in (ROOT / "funding_app" / "models").glob("*.py")} - {
        "__init__", "base", "database", "engine", "types",
    } <= set(SUBJECTS)  # fmt: skip
    assert folders("tests") >= set(SUBJECTS)


@pytest.mark.parametrize("floor", ["funding_app/services", "funding_app/queries"])
def test_a_floor_is_no_corridor(floor: str) -> None:
    modules = [path for path in (ROOT / floor).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) + len(folders(floor)) <= MOST_ROOMS


def test_no_folder_is_too_full() -> None:
    counted = {
        folder.relative_to(ROOT): len([each for each in folder.glob("*.py")]) - 1
        for top in SOURCES
        for folder in [ROOT / top, *(ROOT / top).rglob("*")]
        if folder.is_dir()
    }
    assert {str(place): count for place, count in counted.items() if count > MOST_MODULES} == {}


def test_no_file_and_no_function_is_too_long() -> None:
    found = []
    for path in sources():
        text = path.read_text("utf-8")
        if text.count("\n") > MOST_LINES:
            found.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines}")
    assert found == []


@pytest.mark.parametrize("text", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_docs_name_only_what_is_there(text: Path) -> None:
    named = {name.rstrip("/") for name in PATH.findall(text.read_text("utf-8"))}
    inside = {name for name in named if name.split("/")[0] in TOP}
    assert sorted(name for name in inside if not list(ROOT.glob(name))) == []


def test_each_number_of_a_decision_stands_once() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    misnamed = [path.name for path in decisions if not re.match(r"\d{4}-", path.name)]
    counted = Counter(path.name[:4] for path in decisions)
    assert misnamed == []
    assert [number for number, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("text", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_docs_link_only_to_what_is_there(text: Path) -> None:
    links = {link for link in LINK.findall(text.read_text("utf-8")) if "://" not in link}
    assert sorted(link for link in links if not (text.parent / link).exists()) == []


def test_the_guide_names_every_floor_and_every_subject() -> None:
    floors = {f"funding_app/{name}/" for name in folders("funding_app")} - {
        "funding_app/static/", "funding_app/translations/",
    }  # fmt: skip
    assert sorted(floor for floor in floors if f"`{floor}`" not in GUIDE) == []
    assert sorted(subject for subject in SUBJECTS if f"| `{subject}` |" not in GUIDE) == []


def test_a_journey_is_followed_through_few_files() -> None:
    journeys = re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", GUIDE, flags=re.M | re.S)
    assert len(journeys) >= 4
    for title, text in journeys:
        files = {name for name in PATH.findall(text) if not name.endswith("/")}
        assert 5 <= len(files) <= MOST_FILES_OF_A_JOURNEY, title
