"""What a workflow definition says, as frozen data.

A definition is read from YAML by `workflows.loader` and never changes afterwards. Texts are
mappings from language (`de`, `en`) to words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from source_text import SourceError
from workflows.panel import Panel

DEFINITIONS = Path(__file__).parent / "definitions"
Text: TypeAlias = Mapping[str, str]


class DefinitionError(SourceError):
    """A definition that cannot be used; `problems` has each of its mistakes once, by line."""


@dataclass(frozen=True, slots=True)
class Call:
    """A guard, condition or effect by name, with its parameters."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a state may wait: a number of units after it was entered, or a date fact.

    `unit` is `working_days`, `days`, `weeks`, `months` (with `amount`) or `fact` (with `fact`).
    """

    unit: str
    amount: int = 0
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """An event that time itself brings about, with the law that says so."""

    event: str
    limit: Limit
    law: str


@dataclass(frozen=True, slots=True)
class Phase:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class State:
    """A state, who acts in it (`owner`: a role, `system` or `children`) and until when.

    `plain` says in plain words what the state means to the applicant and what comes next.
    `tags` say what the state is to the rest of the portal, those of its whole definition included;
    `form` is filled in here; there is none where the call names it or nothing is asked.
    `task` is the work item opened for the owner when the state is entered; `editable` names
    the roles that may change the process's answers in it. A state that waits without a limit
    says why in `waits_without_limit`.
    """

    id: str
    phase: str
    title: Text
    plain: Text
    terminal: bool = False
    owner: str | None = None
    limit: Limit | None = None
    task: Text | None = None
    editable: tuple[str, ...] = ()
    timers: tuple[Timer, ...] = ()
    waits_without_limit: Text | None = None
    tags: frozenset[str] = frozenset()
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow. Several may share event and source; `when` tells which of them is meant.

    `by` is `person` (fired by one of `roles`), `automatic` (by the engine after a change of a
    child or of the process itself), `timer` or `parent` (by an effect of the parent process).
    `second` names the roles of which another person must confirm (four eyes). `fields` are
    field specifications of `forms.schema`, the data that comes with the event. `index` is its
    place among the transitions of the text.
    """

    event: str
    source: str
    target: str
    title: Text
    by: str = "person"
    roles: tuple[str, ...] = ()
    when: tuple[Call, ...] = ()
    guards: tuple[Call, ...] = ()
    effects: tuple[Call, ...] = ()
    second: tuple[str, ...] = ()
    fields: tuple[Mapping[str, Any], ...] = ()
    reason: str = "none"
    tone: str = "neutral"
    law: str = ""
    index: int = 0

    def brings(self, effect: str) -> bool:
        """Whether the effect is among those of this transition, whatever the event is called."""
        return any(call.name == effect for call in self.effects)


@dataclass(frozen=True, slots=True)
class Definition:
    """A workflow: its states, its transitions and the record beside its processes.

    `panel` is its phase before a panel, where it has one; `tags` hold in all of its states.
    `form` is the form of its processes; a call may name another one for its applications.
    `facts` maps a state to the facts that its limit, timers and outgoing transitions ask for;
    `reads_children` says whether any of its guards asks for the child processes.
    """

    key: str
    version: int
    record: str
    title: Text
    summary: Text
    initial: str
    create_roles: tuple[str, ...]
    phases: tuple[Phase, ...]
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    facts: Mapping[str, frozenset[str]]
    reads_children: bool
    form: str | None
    law: str
    sha256: str
    text: str
    path: str
    panel: Panel | None = None
    tags: frozenset[str] = frozenset()

    @property
    def is_shipped(self) -> bool:
        """Whether it came with this software, and is not an office's own."""
        return Path(self.path).parent == DEFINITIONS

    @property
    def stands_alone(self) -> bool:
        """Whether it can run without an application and is begun by an office."""
        return self.record == "procedure" and bool(self.create_roles)

    @property
    def is_kept_back(self) -> bool:
        """Whether a process belongs to those who may begin it until they hand it in.

        So it is where it begins with a form that the same roles fill in.
        """
        editable = self.states[self.initial].editable
        return bool(self.create_roles) and set(self.create_roles) <= set(editable)

    def with_tag(self, tag: str) -> frozenset[str]:
        """The states with a tag."""
        return frozenset(state.id for state in self.states.values() if tag in state.tags)

    def arrows_from(self, state: str) -> list[Transition]:
        """The transitions that leave a state or stay in it, in the order of the text."""
        return [arrow for arrow in self.transitions if arrow.source == state]
