"""A definition's phase before a panel: what it lacks is found, and older versions borrow it."""

from __future__ import annotations

import pytest

from tests.workflows.walk import shipped
from workflows import Registry, parse
from workflows.lint import lint

GRANT = shipped().get("grant_case")
DECLINE = "    event: decline\n"


def findings(text: str) -> list[str]:
    return [problem.what for problem in lint(parse(text, "grant_case.yaml"))]


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("suits: [funded]", "suits: [reserve]", "each place of the ranking has one motion"),
        ("  put: to_panel\n", "  put: prepare_reject\n", "'review_complete' is not voted in"),
        (DECLINE, "    event: withdraw\n", "'withdraw' from 'panel' is not the chair's"),
        (DECLINE, "    event: close\n", "no state has every event of the panel"),
        (
            "- set_recommendation: {kind: decline}",
            "- record_decision: {kind: reject}",
            "'decline' from 'panel' keeps no recommendation",
        ),
    ],
)
def test_what_would_go_wrong_at_a_meeting_is_found(right: str, wrong: str, finding: str) -> None:
    assert right in GRANT.text
    assert finding in findings(GRANT.text.replace(right, wrong))


def test_a_resolution_needs_no_second_person_and_asks_for_nothing_else() -> None:
    head, event, tail = GRANT.text.partition("  - event: decline\n    from: panel\n")
    seconded = head + event + tail.replace("    tone: danger", "    second: [approver]", 1)
    assert "'decline' from 'panel' needs a second person" in findings(seconded)
    asking = head + event + tail.replace("id: reasoning", "id: opinion", 1)
    assert "'decline' from 'panel' asks for 'opinion'" in findings(asking)


def silent(version: int, *changes: tuple[str, str]) -> str:
    """The text of a version that says nothing of a panel."""
    head, rest = GRANT.text.split("panel:\n  ranked", 1)
    text = head + "states:\n" + rest.split("\nstates:\n", 1)[1]
    for old, new in ((f"version: {GRANT.version}", f"version: {version}"), *changes):
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_version_from_before_has_the_newest_ones_panel_where_it_fits() -> None:
    renamed = silent(2, ("event: reserve\n", "event: set_aside\n"))
    registry = Registry([GRANT, parse(silent(3), "three"), parse(renamed, "two")])
    newest = registry.panel_of("grant_case", GRANT.version)
    assert registry.panel_of("grant_case", 3) == newest == GRANT.panel
    assert registry.panel_of("grant_case", 2) is None
    assert shipped().panel_of("micro_grant", shipped().get("micro_grant").version) is None
