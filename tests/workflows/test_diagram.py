"""Pictures of definitions: complete, named, and fit for a strict content security policy."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.workflows.walk import shipped
from workflows.words import diagram

PATH = ("draft", "submitted", "quick_check")


@pytest.mark.parametrize("key", shipped().keys())
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_state_is_in_both_pictures(key: str, language: str) -> None:
    definition = shipped().get(key)
    pictures = (diagram.dot(definition, language), diagram.mermaid(definition, language))
    for state in definition.states:
        assert all(state in picture for picture in pictures)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("key", shipped().keys())
def test_the_svg_has_a_name_and_neither_style_nor_script(key: str) -> None:
    definition = shipped().get(key)
    drawing = diagram.draw(definition, "de")
    root = ElementTree.fromstring(drawing.text)
    assert drawing.kind == "svg"
    assert (root.get("role"), root.get("aria-label")) == ("img", definition.title["de"])
    for element in root.iter():
        assert not element.tag.endswith(("}script", "}style"))
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_without_graphviz_the_picture_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    definition = shipped().get("approval")
    drawing = diagram.draw(definition, "en")
    assert drawing == diagram.Drawing("mermaid", diagram.mermaid(definition, "en"))


def test_a_failing_graphviz_leaves_the_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    definition = shipped().get("interim_report")
    assert diagram.draw(definition, "en", ("due", "submitted")).kind == "mermaid"


def test_the_way_of_a_case_is_marked() -> None:
    definition = shipped().get("micro_grant")
    marks = {name: diagram.mark(state, PATH) for name, state in definition.states.items()}
    assert marks["quick_check"] == "current"
    assert {name for name, mark in marks.items() if mark == "passed"} == {"draft", "submitted"}
    assert diagram.dot(definition, "en", PATH).count("state-passed") == 2
    assert ":::current" in diagram.mermaid(definition, "en", PATH)


def test_the_table_has_every_transition_in_words() -> None:
    definition = shipped().get("grant_case")
    rows = diagram.table(definition, "en")
    assert len(rows) == len(definition.transitions)
    admitted = next(row for row in rows if row.event == "Admit the late application")
    assert (admitted.state, admitted.target) == ("Submitted late", "Submitted")
    assert (admitted.who, admitted.law) == ("Case officer + Approver", "§ 32 VwVfG")


@pytest.mark.parametrize("key", shipped().keys())
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_picture_can_be_read_on_a_page_of_a4(key: str, language: str) -> None:
    svg = diagram.draw(shipped().get(key), language).text
    size = sorted(int(one) for one in re.findall(r'(?:width|height)="(\d+)pt"', svg)[:2])
    # 190 and 277 mm within the margins; the smallest letters have 10 points
    assert 10 * min(1, 786 / size[1], 539 / size[0]) >= 6


def test_a_large_picture_stands_in_lanes_and_shows_the_way() -> None:
    grant = shipped().get("grant_case")
    path = ["draft", "submitted", "formal_check", "review"]
    drawn = html.unescape(diagram.draw(grant, "de", path).text)
    assert 'id="grant_case-draft-submitted" class="edge arrow-taken"' in drawn
    text = diagram.dot(grant, "de", path, in_lanes=True)
    lanes = [text.index(f"cluster_{phase.id}") for phase in grant.phases]
    assert lanes == sorted(lanes, reverse=True)
    inside = re.compile(r'^"(\w+)" -> "(\w+)"', re.MULTILINE)
    for source, target in inside.findall(text):
        assert grant.states[source].phase == grant.states[target].phase
    assert '"check>under_review" [label="→ In Begutachtung"' in text
