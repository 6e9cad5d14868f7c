"""A definition as a picture, with one case's way through it, and as a table for screen readers.

The picture is drawn by Graphviz where its program `dot` is there, else it is Mermaid text. The
SVG has neither `style` attributes nor scripts, so that a page under a strict content security
policy can hold it inline; its looks hang on presentation attributes and classes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from workflows.definition import Definition, State, Transition
from workflows.vocabulary import ROLE_TITLES, owner_of

SECONDS = 20
WIDTH = 18
NOISE = r"(<!--.*?-->|<title>.*?</title>)\s*"
READABLE = (1310, 898)  # points that keep letters of 10 points at 6 on a page of A4
MANY = 3  # an event from more states than this is told at its target instead of drawn

ATTRIBUTES = {
    "ahead": 'color="#5a6570" fillcolor="#ffffff" penwidth="1"',
    "terminal": 'color="#5a6570" fillcolor="#eceff2" penwidth="1" peripheries="2"',
    "passed": 'color="#0b4a8f" fillcolor="#dbe9f8" penwidth="3"',
    "current": 'color="#0b4a8f" fillcolor="#0b4a8f" fontcolor="#ffffff" penwidth="3"',
    "open": 'color="#5a6570" penwidth="1"',
    "taken": 'color="#0b4a8f" fontcolor="#0b4a8f" penwidth="3"',
}
FROM_MANY = {"de": "aus {count} Ständen", "en": "from {count} states"}
BY = {
    "de": {"automatic": "von selbst", "timer": "durch Zeitablauf", "parent": "vom Hauptverfahren"},
    "en": {"automatic": "by itself", "timer": "by time", "parent": "by the main process"},
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: `kind` is `svg` or `mermaid`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One arrow in words: where one stands, what happens, who does it, where it leads."""

    phase: str
    state: str
    event: str
    who: str
    target: str
    law: str


@dataclass(frozen=True, slots=True)
class Edge:
    """All arrows between two states, as one line of the picture."""

    source: str
    target: str
    titles: tuple[str, ...]


def draw(definition: Definition, language: str, path: Sequence[str] = ()) -> Drawing:
    """The picture; `path` are the states a case went through, the last being its present one.

    Where one picture would be too large for a page, each phase is a lane of its own.
    """
    drawn = _render(dot(definition, language, path)) if shutil.which("dot") else None
    if drawn is None:
        return Drawing("mermaid", mermaid(definition, language, path))
    if not _is_readable(drawn):
        drawn = _render(dot(definition, language, path, in_lanes=True)) or drawn
    return Drawing("svg", _inlined(drawn, definition.title[language]))


def table(definition: Definition, language: str) -> list[Row]:
    """Every arrow as a row, in the order of phases and states."""
    titles = {phase.id: phase.title[language] for phase in definition.phases}
    return [
        Row(
            phase=titles[state.phase],
            state=state.title[language],
            event=arrow.title[language],
            who=who(arrow, language),
            target=definition.states[arrow.target].title[language],
            law=arrow.law,
        )
        for state in by_phase(definition)
        for arrow in definition.arrows_from(state.id)
    ]


def by_phase(definition: Definition) -> list[State]:
    """The states in the order of their phases."""
    order = [phase.id for phase in definition.phases]
    return sorted(definition.states.values(), key=lambda state: order.index(state.phase))


def who(arrow: Transition, language: str) -> str:
    """Who brings an arrow about, in words; a second person after a plus."""
    if arrow.by != "person":
        return BY[language][arrow.by]
    first, second = (
        ", ".join(ROLE_TITLES[role][language] for role in roles)
        for roles in (arrow.roles, arrow.second)
    )
    return f"{first} + {second}" if second else first


def owner(state: State, language: str) -> str:
    """Whose turn it is in a state, in words."""
    found = owner_of(state)
    return found.title[language] if found else ""


def edges(definition: Definition, language: str, path: Sequence[str] = ()) -> list[Edge]:
    """The lines of the picture.

    What stays in its state is left to the table; what is possible from many states is told at
    its target, unless the case went that way.
    """
    gathered, taken = from_many(definition), set(pairwise(path))
    found: dict[tuple[str, str], list[Transition]] = {}
    for arrow in definition.transitions:
        ends = (arrow.source, arrow.target)
        is_drawn = ends in taken or arrow.source not in gathered.get(arrow.target, ())
        if arrow.source != arrow.target and is_drawn:
            found.setdefault(ends, []).append(arrow)
    return [
        Edge(source, target, tuple(dict.fromkeys(arrow.title[language] for arrow in arrows)))
        for (source, target), arrows in found.items()
    ]


def from_many(definition: Definition) -> dict[str, set[str]]:
    """Targets of an event that is possible from many states, with these states."""
    sources: dict[tuple[str, str], set[str]] = {}
    for arrow in definition.transitions:
        sources.setdefault((arrow.event, arrow.target), set()).add(arrow.source)
    return {target: found for (_, target), found in sources.items() if len(found) > MANY}


def mark(state: State, path: Sequence[str]) -> str:
    """How a state is to be shown: ahead, terminal, passed or current."""
    if path and state.id == path[-1]:
        return "current"
    if state.id in path:
        return "passed"
    return "terminal" if state.terminal else "ahead"


def dot(
    definition: Definition, language: str, path: Sequence[str] = (), *, in_lanes: bool = False
) -> str:
    """The picture in the language of Graphviz: phases as clusters from left to right.

    In lanes the phases stand below each other, and what leads out of one ends at the name of the
    state it leads to.
    """
    taken = set(pairwise(path))
    drawn = edges(definition, language, path)
    ways_out = [edge for edge in drawn if in_lanes and _leaves_phase(definition, edge)]
    return "\n".join(
        [
            f"digraph {_quoted(definition.key)} {{",
            'rankdir="LR" newrank="true" nodesep="0.15" ranksep="0.27" bgcolor="transparent"',
            f'id={_quoted(definition.key)} class="workflow" fontname="sans-serif"',
            'node [shape="box" style="rounded,filled" fontname="sans-serif" fontsize="12"]',
            'node [height="0.38"]',
            'edge [fontname="sans-serif" fontsize="10" arrowsize="0.7"]',
            *_clusters(definition, language, path, ways_out),
            *(_edge(definition, edge, taken, is_way_out=edge in ways_out) for edge in drawn),
            "}",
        ]
    )


def _is_readable(svg: str) -> bool:
    """Whether the picture fits a page of A4, upright or across, at a size one can read."""
    size = sorted(int(length) for length in re.findall(r'(?:width|height)="(\d+)pt"', svg)[:2])
    return size[1] <= READABLE[0] and size[0] <= READABLE[1]


def _leaves_phase(definition: Definition, edge: Edge) -> bool:
    return definition.states[edge.source].phase != definition.states[edge.target].phase


def _clusters(
    definition: Definition, language: str, path: Sequence[str], ways_out: Sequence[Edge]
) -> Iterable[str]:
    # what is not connected is stacked from the bottom
    for phase in reversed(definition.phases) if ways_out else definition.phases:
        yield f'subgraph "cluster_{phase.id}" {{'
        yield f'id="{definition.key}-phase-{phase.id}" class="phase" color="#b4bcc4"'
        yield 'labeljust="l" margin="6"'
        yield f"label={_quoted(phase.title[language])}"
        for state in definition.states.values():
            if state.phase == phase.id:
                yield _node(definition, state, language, mark(state, path))
        for name, target in {
            _way_out(definition, edge): edge.target
            for edge in ways_out
            if definition.states[edge.source].phase == phase.id
        }.items():
            label = _quoted("\n".join(_wrapped(f"→ {definition.states[target].title[language]}")))
            yield f'{_quoted(name)} [label={label} shape="plaintext" style="" fontsize="11"]'
        yield "}"


def _way_out(definition: Definition, edge: Edge) -> str:
    return f"{definition.states[edge.source].phase}>{edge.target}"


def _node(definition: Definition, state: State, language: str, shown: str) -> str:
    label = _quoted("\n".join(_lines_of(definition, state, language)))
    identity = _quoted(f"{definition.key}-{state.id}")
    looks = f'class="state-{shown}" {ATTRIBUTES[shown]}'
    return f"{_quoted(state.id)} [id={identity} label={label} {looks}]"


def _lines_of(definition: Definition, state: State, language: str) -> list[str]:
    lines = _wrapped(state.title[language])
    sources = from_many(definition).get(state.id)
    return [*lines, FROM_MANY[language].format(count=len(sources))] if sources else lines


def _edge(
    definition: Definition, edge: Edge, taken: set[tuple[str, str]], *, is_way_out: bool
) -> str:
    shown = "taken" if (edge.source, edge.target) in taken else "open"
    label = _quoted("\n".join(line for title in edge.titles for line in _wrapped(title)))
    identity = _quoted(f"{definition.key}-{edge.source}-{edge.target}")
    looks = f'class="arrow-{shown}" {ATTRIBUTES[shown]}'
    target = _way_out(definition, edge) if is_way_out else edge.target
    ends = f"{_quoted(edge.source)} -> {_quoted(target)}"
    return f"{ends} [id={identity} label={label} {looks}]"


def _wrapped(title: str) -> list[str]:
    return textwrap.wrap(title, WIDTH, break_long_words=False, break_on_hyphens=False)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@lru_cache(maxsize=128)
def _render(source: str) -> str | None:
    """What `dot` draws, or nothing where it fails or takes too long."""
    try:
        done = subprocess.run(
            ["dot", "-Tsvg"],
            input=source.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode()


def _inlined(svg: str, title: str) -> str:
    """The `svg` element alone, named for screen readers, without comments and inner names."""
    element = re.sub(NOISE, "", svg[svg.index("<svg") :], flags=re.DOTALL)
    name = title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return element.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def mermaid(definition: Definition, language: str, path: Sequence[str] = ()) -> str:
    """The picture as Mermaid text, for where Graphviz is missing and for documents."""
    lines = ["flowchart LR"]
    for phase in definition.phases:
        lines.append(f'  subgraph phase_{phase.id}["{_plain(phase.title[language])}"]')
        for state in definition.states.values():
            if state.phase == phase.id:
                label = _plain("<br>".join(_lines_of(definition, state, language)))
                lines.append(f'    {state.id}["{label}"]:::{mark(state, path)}')
        lines.append("  end")
    taken = set(pairwise(path))
    for edge in edges(definition, language, path):
        line = "==>" if (edge.source, edge.target) in taken else "-->"
        label = _plain(", ".join(edge.titles))
        lines.append(f'  {edge.source} {line}|"{label}"| {edge.target}')
    lines += ["  classDef passed stroke-width:3px", "  classDef current stroke-width:5px"]
    return "\n".join(lines)


def _plain(text: str) -> str:
    return text.replace('"', "#quot;")
