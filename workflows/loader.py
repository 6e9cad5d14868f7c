"""From YAML to a `Definition`, with errors as a good compiler gives them.

All mistakes of a file are reported at once, each with its line, what is wrong, why, and for an
unknown name the nearest right one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from source_text import read
from workflows.definition import (
    Call,
    Definition,
    DefinitionError,
    Limit,
    Phase,
    State,
    Timer,
    Transition,
)
from workflows.guards import GUARDS
from workflows.panel import Panel, Resolution
from workflows.schema import problems_of
from workflows.vocabulary import Record

Spec = Mapping[str, Any]


def load_file(path: Path) -> Definition:
    """Reads a definition from a file. Raises `DefinitionError`."""
    return parse(path.read_text(encoding="utf-8"), str(path))


@lru_cache(maxsize=256)  # a definition never changes: the same text is read once
def parse(text: str, file: str) -> Definition:
    """Reads a definition. Raises `DefinitionError` with every mistake of the text."""
    document = read(text, file)
    found = () if document.is_unreadable else problems_of(document)
    if problems := (*document.problems, *found):
        raise DefinitionError(problems)
    return _definition(document.content, text, file)


def _definition(spec: Spec, text: str, file: str) -> Definition:
    tags = frozenset(spec.get("tags", ()))
    states = {
        name: _state(name, state, tags, _usual_form(spec)) for name, state in spec["states"].items()
    }
    arrows = tuple(
        arrow for index, item in enumerate(spec["transitions"]) for arrow in _arrows(item, index)
    )
    return Definition(
        key=spec["key"],
        version=spec["version"],
        record=spec["record"],
        title=spec["title"],
        summary=spec["summary"],
        initial=spec["initial"],
        create_roles=tuple(spec.get("create", ())),
        phases=tuple(Phase(name, title) for name, title in spec["phases"].items()),
        states=states,
        transitions=arrows,
        facts={name: frozenset(_facts_of(state, arrows)) for name, state in states.items()},
        reads_children=any(GUARDS[call.name].children for call in _calls_of(arrows)),
        form=spec.get("form"),
        law=spec["law"],
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        path=file,
        panel=_panel(spec["panel"]) if "panel" in spec else None,
        tags=tags,
    )


def _panel(spec: Spec) -> Panel:
    return Panel(
        ranked=tuple(spec["ranked"]),
        agenda=tuple(spec["agenda"]),
        put=spec.get("put"),
        requested=spec["requested"],
        line=spec["line"],
        motions=tuple(_resolution(each) for each in spec["motions"]),
        rejected=_resolution(spec["rejected"]),
    )


def _resolution(spec: Spec) -> Resolution:
    return Resolution(
        event=spec["event"],
        result=spec["result"],
        minutes=spec["minutes"],
        tone=spec["tone"],
        motion=spec.get("motion", {}),
        suits=tuple(spec.get("suits", ())),
    )


def _usual_form(spec: Spec) -> str | None:
    """The form of every state that names none; that of an application is named by its call."""
    return None if spec["record"] == Record.APPLICATION else spec.get("form")


def _state(name: str, spec: Spec, common: frozenset[str], form: str | None) -> State:
    return State(
        id=name,
        phase=spec["phase"],
        title=spec["title"],
        plain=spec["plain"],
        terminal=spec.get("terminal", False),
        owner=spec.get("owner"),
        limit=_limit(spec["limit"]) if "limit" in spec else None,
        task=spec.get("task"),
        editable=tuple(spec.get("editable", ())),
        timers=tuple(
            Timer(timer["event"], _limit(timer["at"]), timer["law"])
            for timer in spec.get("timers", ())
        ),
        waits_without_limit=spec.get("waits_without_limit"),
        tags=common.union(spec.get("tags", ())),
        form=spec.get("form", form),
    )


def _limit(spec: Spec) -> Limit:
    unit, value = next(iter(spec.items()))
    return Limit(unit, fact=value) if unit == "fact" else Limit(unit, value)


def _arrows(spec: Spec, index: int) -> Iterator[Transition]:
    """One arrow for each source; the target `same` stays in the source."""
    sources = spec["from"]
    for source in [sources] if isinstance(sources, str) else sources:
        yield Transition(
            event=spec["event"],
            source=source,
            target=source if spec["to"] == "same" else spec["to"],
            title=spec["title"],
            by=spec.get("by", "person"),
            roles=tuple(spec.get("roles", ())),
            when=_calls(spec, "when"),
            guards=_calls(spec, "guards"),
            effects=_calls(spec, "effects"),
            second=tuple(spec.get("second", ())),
            fields=tuple(spec.get("fields", ())),
            reason=spec.get("reason", "none"),
            tone=spec.get("tone", "neutral"),
            law=spec.get("law", ""),
            index=index,
        )


def _calls(spec: Spec, part: str) -> tuple[Call, ...]:
    return tuple(
        Call(item) if isinstance(item, str) else Call(*next(iter(item.items())))
        for item in spec.get(part, ())
    )


def _calls_of(arrows: Iterable[Transition]) -> Iterator[Call]:
    for arrow in arrows:
        yield from (*arrow.when, *arrow.guards)


def _facts_of(state: State, arrows: Iterable[Transition]) -> Iterator[str]:
    for limit in (state.limit, *(timer.limit for timer in state.timers)):
        if limit is not None and limit.fact is not None:
            yield limit.fact
    for call in _calls_of(arrow for arrow in arrows if arrow.source == state.id):
        yield from GUARDS[call.name].reads(call.params)
