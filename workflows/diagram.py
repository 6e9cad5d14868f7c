"""A definition as a picture and as a table, with the way one case has gone.

The picture is SVG where the program `dot` of Graphviz is at hand, and Mermaid's text where it is
not. Neither holds a style attribute or a script: looks come from presentation attributes and, by
the classes `passed` and `present`, from the page's own style sheet.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from textwrap import wrap
from typing import Any
from xml.etree import ElementTree

from workflows.definition import Call, Definition, State, Transition
from workflows.guards import GUARDS
from workflows.vocabulary import ROLES

SVG = "http://www.w3.org/2000/svg"
SECONDS = 20
LINES = {"person": "solid", "automatic": "dotted", "timer": "dashed", "parent": "dotted"}
ACTORS: Mapping[str, Mapping[str, str]] = {
    "automatic": {"de": "von selbst", "en": "by itself"},
    "timer": {"de": "durch Zeitablauf", "en": "by lapse of time"},
    "parent": {"de": "durch das übergeordnete Verfahren", "en": "by the parent process"},
}

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: `kind` is `svg` or `mermaid`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One transition in words, for who can not or will not read the picture."""

    phase: str
    source: str
    event: str
    target: str
    actors: tuple[str, ...]
    second: tuple[str, ...]
    conditions: tuple[str, ...]
    law: str


@dataclass(frozen=True, slots=True)
class Edge:
    """All transitions between the same two states, drawn as one line."""

    source: str
    target: str
    label: str
    line: str
    passed: bool


def draw(definition: Definition, language: str, path: Sequence[str] = ()) -> Drawing:
    """Draws the definition; `path` holds the states a case has been in, the present one last."""
    drawn = _by_dot(dot(definition, language, path))
    if drawn is None:
        return Drawing("mermaid", mermaid(definition, language, path))
    return Drawing("svg", _accessible(drawn, definition.title[language]))


def table(definition: Definition, language: str) -> list[Row]:
    """Every transition in words, in the order of the states."""
    phases = {phase.id: phase.title[language] for phase in definition.phases}
    return [
        Row(
            phase=phases[state.phase],
            source=state.title[language],
            event=arrow.title[language],
            target=definition.states[arrow.target].title[language],
            actors=_actors(arrow, language),
            second=tuple(ROLES[role][language] for role in arrow.second),
            conditions=tuple(in_words(call, language) for call in (*arrow.when, *arrow.guards)),
            law=arrow.law,
        )
        for state in definition.states.values()
        for arrow in definition.arrows_from(state.id)
    ]


def in_words(call: Call, language: str) -> str:
    """What a guard asks for, with its parameters filled in."""
    filled = {name: _listed(value) for name, value in call.params.items()}
    return GUARDS[call.name].meaning[language].format_map(filled)


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _actors(arrow: Transition, language: str) -> tuple[str, ...]:
    if arrow.by != "person":
        return (ACTORS[arrow.by][language],)
    return tuple(ROLES[role][language] for role in arrow.roles)


def dot(definition: Definition, language: str, path: Sequence[str] = ()) -> str:
    """The picture in the language of Graphviz: a cluster for each phase, the path in bold."""
    lines = [
        f"digraph {definition.key} {{",
        "bgcolor=transparent; rankdir=TB; fontname=sans; compound=true;",
        "node [shape=box, style=rounded, fontname=sans, fontsize=12];",
        "edge [fontname=sans, fontsize=10];",
    ]
    for phase in definition.phases:
        label = _quoted(phase.title[language])
        lines.append(f"subgraph cluster_{phase.id} {{ label={label}; style=dotted;")
        lines += [_node(state, language, path) for state in _states_in(definition, phase.id)]
        lines.append("}")
    lines += [_line(edge) for edge in _edges(definition, language, path)]
    return "\n".join([*lines, "}"])


def _states_in(definition: Definition, phase: str) -> list[State]:
    return [state for state in definition.states.values() if state.phase == phase]


def _node(state: State, language: str, path: Sequence[str]) -> str:
    marks = {"label": _quoted(state.title[language]), "class": f'"{_mark(state.id, path)}"'}
    if state.terminal:
        marks["style"] = '"rounded,bold"'
    if state.id in path:
        marks |= {"penwidth": "3"}
    if path and state.id == path[-1]:
        marks |= {"peripheries": "2"}
    return f"{state.id} [{_attributes(marks)}];"


def _line(edge: Edge) -> str:
    marks = {"label": _quoted(edge.label), "style": edge.line}
    if edge.passed:
        marks |= {"class": "passed", "penwidth": "3"}
    return f"{edge.source} -> {edge.target} [{_attributes(marks)}];"


def _attributes(marks: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in marks.items())


def _mark(state: str, path: Sequence[str]) -> str:
    if path and state == path[-1]:
        return "present"
    return "passed" if state in path else "open"


def _quoted(text: str) -> str:
    """A text as a quoted string of several short lines."""
    lines = [line for part in text.split("\n") for line in wrap(part, 24)]
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def _edges(definition: Definition, language: str, path: Sequence[str]) -> Iterator[Edge]:
    steps = set(pairwise(path))
    together: dict[tuple[str, str], list[Transition]] = {}
    for arrow in definition.transitions:
        together.setdefault((arrow.source, arrow.target), []).append(arrow)
    for (source, target), arrows in together.items():
        titles = dict.fromkeys(arrow.title[language] for arrow in arrows)
        kinds = {LINES[arrow.by] for arrow in arrows}
        line = kinds.pop() if len(kinds) == 1 else "solid"
        yield Edge(source, target, "\n".join(titles), line, (source, target) in steps)


def mermaid(definition: Definition, language: str, path: Sequence[str] = ()) -> str:
    """The picture in the language of Mermaid."""
    lines = ["stateDiagram-v2", f"[*] --> {definition.initial}"]
    for phase in definition.phases:
        lines.append(f'state "{_plain(phase.title[language])}" as phase_{phase.id} {{')
        lines += [
            f'state "{_plain(state.title[language])}" as {state.id}'
            for state in _states_in(definition, phase.id)
        ]
        lines.append("}")
    lines += [
        f"{edge.source} --> {edge.target}: {_plain(edge.label)}"
        for edge in _edges(definition, language, path)
    ]
    lines += [f"{state.id} --> [*]" for state in definition.states.values() if state.terminal]
    lines += [f"class {state} {_mark(state, path)}" for state in dict.fromkeys(path)]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A text without the signs that mean something in Mermaid."""
    return text.replace('"', "#quot;").replace(";", "#59;").replace("\n", " / ")


@lru_cache(maxsize=64)
def _by_dot(source: str) -> str | None:
    """The SVG drawn by `dot`, or nothing where the program is missing or fails."""
    program = shutil.which("dot")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            input=source,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _accessible(drawn: str, title: str) -> str:
    """The bare `svg` element, named for who can not see it; its names do not clash on a page."""
    root = ElementTree.fromstring(drawn)
    root.attrib |= {"role": "img", "aria-label": title, "class": "workflow"}
    for element in root.iter():
        element.attrib.pop("id", None)
    return ElementTree.tostring(root, encoding="unicode")
