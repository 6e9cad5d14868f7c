"""From YAML to a `Definition`, with errors as a good compiler gives them.

All mistakes of a file are reported at once, each with its line, what is wrong and, for a name,
the nearest right one.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from workflows.definition import Call, Definition, Limit, Phase, State, Text, Timer, Transition
from workflows.guards import GUARDS
from workflows.vocabulary import EFFECTS, FACTS, ROLES

LANGUAGES = ("de", "en")
BY = ("person", "automatic", "timer", "parent")
REASONS = ("none", "optional", "required")
TONES = ("neutral", "primary", "danger")
UNITS = ("working_days", "days", "weeks", "months", "fact")
OWNERS = ("system", "children")

DEFINITION_KEYS = frozenset(
    "key version record title summary law initial create form phases states transitions".split()
)
STATE_KEYS = frozenset(
    "phase title plain terminal owner limit task editable timers waits_without_limit".split()
)
TRANSITION_KEYS = frozenset(
    "event from to title by roles when guards effects second fields reason tone law".split()
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where, what, and what would be right."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class DefinitionError(Exception):
    """A definition that can not be used; `problems` has all its mistakes."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, known: Collection[str]) -> str:
    """A hint at the nearest right name, or nothing."""
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


class _LineLoader(yaml.SafeLoader):
    """Builds mappings that know their line."""


class Located(dict[str, Any]):
    """A mapping with the line it began on."""

    line: int = 0


def _located(loader: _LineLoader, node: yaml.MappingNode) -> Located:
    loader.flatten_mapping(node)
    built = Located(loader.construct_pairs(node, deep=True))
    built.line = node.start_mark.line + 1
    return built


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _located)


@dataclass(slots=True)
class Reading:
    """One file being read, and the mistakes found so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, at: Any, message: str) -> None:
        self.problems.append(Problem(self.file, getattr(at, "line", 1), message))

    def keys(self, at: Mapping[str, Any], known: frozenset[str], what: str) -> None:
        for key in at:
            if key not in known:
                self.wrong(at, f"{what} has no '{key}'{nearest(key, known)}")

    def one_of(self, at: Any, value: str, known: Collection[str], what: str) -> str:
        if value not in known:
            self.wrong(at, f"unknown {what} '{value}'{nearest(value, known)}")
        return value

    def text(self, at: Mapping[str, Any], name: str, what: str) -> Text:
        value = at.get(name)
        for language in LANGUAGES:
            if not isinstance(value, Mapping) or not value.get(language):
                self.wrong(at, f"{what} has no {name} in '{language}'")
        return dict(value) if isinstance(value, Mapping) else {}

    def roles(self, at: Mapping[str, Any], name: str) -> tuple[str, ...]:
        return tuple(self.one_of(at, role, ROLES, "role") for role in at.get(name) or ())

    def calls(
        self, at: Mapping[str, Any], name: str, known: Mapping[str, Any], what: str
    ) -> tuple[Call, ...]:
        return tuple(self.call(at, item, known, what) for item in at.get(name) or ())

    def call(self, at: Any, item: Any, known: Mapping[str, Any], what: str) -> Call:
        name, params = next(iter(item.items())) if isinstance(item, Mapping) else (item, {})
        self.one_of(at, name, known, what)
        if name in known:
            for param in params:
                if param not in known[name].params:
                    self.wrong(at, f"{what} '{name}' takes no '{param}'")
        return Call(name, dict(params))


def _limit(reading: Reading, at: Any, value: Any) -> Limit | None:
    if value is None:
        return None
    unit, amount = next(iter(value.items()))
    reading.one_of(at, unit, UNITS, "unit of a limit")
    if unit == "fact":
        reading.one_of(at, amount, FACTS, "fact")
        return Limit("fact", fact=str(amount))
    return Limit(unit, int(amount))


def _timer(reading: Reading, at: Located) -> Timer:
    if not at.get("law"):
        reading.wrong(at, "a timer names the law that attaches the event to time")
    limit = _limit(reading, at, at.get("at")) or Limit("days", 0)
    return Timer(str(at.get("event")), limit, str(at.get("law", "")))


def _state(reading: Reading, name: str, at: Located, phases: Collection[str]) -> State:
    reading.keys(at, STATE_KEYS, f"state '{name}'")
    reading.one_of(at, at.get("phase", ""), phases, "phase")
    owner = at.get("owner")
    if owner is not None:
        reading.one_of(at, owner, (*ROLES, *OWNERS), "owner")
    needs_task = owner is not None and owner not in OWNERS
    return State(
        id=name,
        phase=at.get("phase", ""),
        title=reading.text(at, "title", f"state '{name}'"),
        plain=reading.text(at, "plain", f"state '{name}'"),
        terminal=bool(at.get("terminal", False)),
        owner=owner,
        limit=_limit(reading, at, at.get("limit")),
        task=reading.text(at, "task", f"state '{name}'") if needs_task else None,
        editable=reading.roles(at, "editable"),
        timers=tuple(_timer(reading, timer) for timer in at.get("timers") or ()),
    )


def _arrows(reading: Reading, at: Located, states: Collection[str]) -> list[Transition]:
    reading.keys(at, TRANSITION_KEYS, f"transition '{at.get('event')}'")
    sources = at.get("from") or []
    sources = [sources] if isinstance(sources, str) else list(sources)
    if not at.get("event") or not sources or not at.get("to"):
        reading.wrong(at, "a transition needs 'event', 'from' and 'to'")
    return [_arrow(reading, at, source, states) for source in sources]


def _arrow(reading: Reading, at: Located, source: str, states: Collection[str]) -> Transition:
    target = source if at.get("to") == "same" else str(at.get("to"))
    reading.one_of(at, source, states, "state")
    reading.one_of(at, target, states, "state")
    return Transition(
        event=str(at.get("event")),
        source=source,
        target=target,
        title=reading.text(at, "title", f"transition '{at.get('event')}'"),
        by=reading.one_of(at, at.get("by", "person"), BY, "kind of transition"),
        roles=reading.roles(at, "roles"),
        when=reading.calls(at, "when", GUARDS, "condition"),
        guards=reading.calls(at, "guards", GUARDS, "guard"),
        effects=reading.calls(at, "effects", EFFECTS, "effect"),
        second=reading.roles(at, "second"),
        fields=tuple(at.get("fields") or ()),
        reason=reading.one_of(at, at.get("reason", "none"), REASONS, "reason"),
        tone=reading.one_of(at, at.get("tone", "neutral"), TONES, "tone"),
        law=str(at.get("law", "")),
    )


def _facts_of(states: Iterable[State], arrows: Iterable[Transition]) -> dict[str, frozenset[str]]:
    needed = {state.id: {limit.fact for limit in _limits_of(state) if limit} for state in states}
    for arrow in arrows:
        for call in (*arrow.when, *arrow.guards):
            if call.name in GUARDS and arrow.source in needed:
                needed[arrow.source].update(GUARDS[call.name].facts)
    return {state: frozenset(name for name in names if name) for state, names in needed.items()}


def _limits_of(state: State) -> list[Limit | None]:
    return [state.limit, *(timer.limit for timer in state.timers)]


def parse(text: str, file: str) -> Definition:
    """Reads a definition. Raises `DefinitionError` with every mistake of the text."""
    reading = Reading(file)
    try:
        at = yaml.load(text, _LineLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DefinitionError([Problem(file, line, f"not YAML: {error.problem}")]) from error
    if not isinstance(at, Located):
        raise DefinitionError([Problem(file, 1, "a definition is a mapping")])
    definition = _definition(reading, at, text)
    if reading.problems:
        raise DefinitionError(reading.problems)
    return definition


def _definition(reading: Reading, at: Located, text: str) -> Definition:
    reading.keys(at, DEFINITION_KEYS, "a definition")
    for name in ("key", "version", "record", "initial", "phases", "states", "transitions"):
        if not at.get(name):
            reading.wrong(at, f"a definition needs '{name}'")
    phases, states = at.get("phases") or {}, at.get("states") or {}
    built = {name: _state(reading, name, state, phases) for name, state in states.items()}
    arrows = [
        arrow for item in at.get("transitions") or () for arrow in _arrows(reading, item, states)
    ]
    reading.one_of(at, str(at.get("initial")), states, "initial state")
    return Definition(
        key=str(at.get("key")),
        version=int(at.get("version") or 0),
        record=str(at.get("record")),
        title=reading.text(at, "title", "the definition"),
        summary=reading.text(at, "summary", "the definition"),
        initial=str(at.get("initial")),
        create_roles=reading.roles(at, "create"),
        phases=tuple(Phase(name, dict(title)) for name, title in phases.items()),
        states=built,
        transitions=tuple(arrows),
        facts=_facts_of(built.values(), arrows),
        form=at.get("form"),
        law=str(at.get("law", "")),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        path=reading.file,
    )


def load_file(path: Path) -> Definition:
    """Reads a definition from a file."""
    return parse(path.read_text(encoding="utf-8"), str(path))
