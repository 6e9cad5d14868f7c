"""What happens by itself comes to rest, and never has two ways to choose from."""

from __future__ import annotations

from tests.workflows.test_loader import RIGHT
from workflows import parse
from workflows.lint import lint
from workflows.lint.graph import cycles

STATE = """\
  waiting:
    phase: only
    title: {de: Wartet, en: Waiting}
    plain: {de: Bitte warten Sie., en: Please wait.}
    owner: children
    limit: {days: 5}
"""
ARROW = """\
  - event: EVENT
    from: FROM
    to: TO
    title: {de: Von selbst, en: By itself}
    by: automatic
    guards: [GUARD]
"""


def arrow(event: str, source: str, target: str, guard: str) -> str:
    return (
        ARROW.replace("EVENT", event)
        .replace("FROM", source)
        .replace("TO", target)
        .replace("GUARD", guard)
    )


def with_arrows(*arrows: str) -> list[str]:
    text = RIGHT.replace("  done:\n", STATE + "  done:\n") + "".join(arrows)
    return [problem.what for problem in lint(parse(text, "request.yaml"))]


def test_a_circle_of_automatic_events_would_never_rest() -> None:
    found = with_arrows(
        arrow("go", "open", "waiting", "in_time"), arrow("back", "waiting", "open", "call_open")
    )
    assert found == ["automatic events go in a circle: 'go', 'back'"]


def test_an_event_that_stays_is_a_circle_too() -> None:
    found = with_arrows(
        arrow("go", "open", "waiting", "in_time"), arrow("stay", "waiting", "same", "call_open")
    )
    assert "automatic events go in a circle: 'stay'" in found


def test_a_circle_whose_conditions_exclude_each_other_rests() -> None:
    found = with_arrows(
        arrow("go", "open", "waiting", "in_time"), arrow("back", "waiting", "open", "late")
    )
    assert found == []


def test_two_automatic_events_must_not_compete() -> None:
    go = arrow("go", "open", "waiting", "accepted")
    first = arrow("first", "waiting", "done", "in_time")
    assert with_arrows(go, first, arrow("other", "waiting", "open", "call_open, not_accepted")) == [
        "'other' from 'waiting' competes with 'first'"
    ]
    assert with_arrows(go, first, arrow("other", "waiting", "done", "late")) == []


def test_an_automatic_event_needs_a_condition() -> None:
    bare = arrow("go", "open", "done", "in_time").replace("    guards: [in_time]\n", "")
    text = RIGHT + bare
    found = [problem.what for problem in lint(parse(text, "request.yaml"))]
    assert found == ["'go' from 'open' is automatic without a condition"]


def test_every_circle_is_found_once() -> None:
    text = RIGHT.replace("  done:\n", STATE + "  done:\n") + "".join(
        [
            arrow("go", "open", "waiting", "in_time"),
            arrow("back", "waiting", "open", "late"),
            arrow("stay", "open", "same", "late"),
        ]
    )
    found = cycles(parse(text, "request.yaml").transitions)
    rings = [tuple(one.event for one in ring) for ring in found]
    assert sorted(rings) == [("go", "back"), ("stay",)]
