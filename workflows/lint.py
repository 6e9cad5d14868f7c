"""What is wrong with a definition that can be read: dead ends, idle states, eyes too few.

The loader refuses what can not be used; the lint finds what would go wrong later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import combinations
from pathlib import Path

from workflows.definition import Call, Definition, State, Transition
from workflows.graph import cycles, leading_to, reachable_from
from workflows.guards import GUARDS, excludes
from workflows.lines import Place, read
from workflows.panel import problems_with
from workflows.problems import DefinitionError, Problem, nearest
from workflows.registry import Registry, read_all
from workflows.vocabulary import OWNERS, ROLES

MACHINE_NAMES = frozenset({"state", "trigger", "model", "events", "states"})

Found = tuple[Place, str, str]
Rule = Callable[[Definition], Iterator[Found]]


def lint(definition: Definition) -> list[Problem]:
    """Every finding about one definition, in order of line."""
    return _problems(definition, (found for rule in RULES for found in rule(definition)))


def lint_all(registry: Registry) -> list[Problem]:
    """The findings about every definition, and about how they fit together."""
    problems: list[Problem] = []
    for definition in registry.all():
        problems.extend(lint(definition))
        problems.extend(_problems(definition, _children(definition, registry)))
        problems.extend(_problems(definition, _second_persons(definition, registry)))
    return problems


def check(*folders: Path) -> list[Problem]:
    """Every mistake in the shipped definitions and those of more folders, in all files at once.

    How definitions fit together is looked at once each of them can be read.
    """
    found, problems = read_all(*folders)
    if not problems:
        try:
            return lint_all(Registry(found))
        except DefinitionError as error:
            problems = list(error.problems)
    return [*problems, *(problem for one in found for problem in lint(one))]


def _problems(definition: Definition, found: Iterable[Found]) -> list[Problem]:
    findings = list(found)
    if not findings:
        return []
    document = read(definition.text, definition.path)
    problems = {
        Problem(definition.path, document.line(place), what, why) for place, what, why in findings
    }
    return sorted(problems, key=lambda one: (one.line, one.what))


def _at(arrow: Transition) -> Place:
    return ("transitions", arrow.index)


def _named(arrow: Transition) -> str:
    return f"'{arrow.event}' from '{arrow.source}'"


def calls_of(arrow: Transition) -> tuple[Call, ...]:
    """The conditions and guards of an arrow."""
    return (*arrow.when, *arrow.guards)


def apart(one: tuple[Call, ...], other: tuple[Call, ...]) -> bool:
    """Whether the two lists of calls can never hold together."""
    return any(excludes(first, second) for first in one for second in other)


def unreachable(definition: Definition) -> Iterator[Found]:
    """Every state is reached from the initial one."""
    reached = reachable_from(definition, definition.initial)
    for name in definition.states:
        if name not in reached:
            yield ("states", name), f"state '{name}' is never reached", "no arrows lead to it"


def dead_ends(definition: Definition) -> Iterator[Found]:
    """Every state is terminal or has a way to a terminal one."""
    terminal = [state.id for state in definition.states.values() if state.terminal]
    ending = leading_to(definition, terminal)
    for state in definition.states.values():
        place = ("states", state.id)
        if state.terminal and definition.arrows_from(state.id):
            yield place, f"terminal state '{state.id}' is left again", "what is terminal has ended"
        if not state.terminal and state.id not in ending and not state.waits_without_limit:
            yield place, f"state '{state.id}' leads to no end", "nobody could ever finish it"


def actors(definition: Definition) -> Iterator[Found]:
    """Every event has somebody or something that brings it about."""
    for arrow in definition.transitions:
        if arrow.by == "person" and not arrow.roles:
            yield _at(arrow), f"{_named(arrow)} has no actor", "a person's event names its roles"
        if arrow.by != "person" and (arrow.roles or arrow.second or arrow.fields):
            why = "only a person has roles, a second person or a form"
            yield _at(arrow), f"{_named(arrow)} is not fired by a person", why
        if arrow.by == "automatic" and not calls_of(arrow):
            why = "it would happen the moment the state is entered"
            yield _at(arrow), f"{_named(arrow)} is automatic without a condition", why


def owners(definition: Definition) -> Iterator[Found]:
    """Every state that waits has an owner who can act, a task and a limit."""
    for state in definition.states.values():
        if not state.terminal:
            for what, why in _about_waiting(state, definition.arrows_from(state.id)):
                yield ("states", state.id), f"state '{state.id}' {what}", why


def _about_waiting(state: State, arrows: list[Transition]) -> Iterator[tuple[str, str]]:
    if state.owner is None:
        yield "has no owner", "somebody has to know that it is their turn"
    elif not _can_act(state, arrows):
        yield f"belongs to '{state.owner}'", "who can bring about none of its events"
    if state.limit is None and state.waits_without_limit is None:
        yield "waits without a limit", "give it one, or say why in 'waits_without_limit'"
    if state.owner in ROLES and state.task is None:
        yield "has no task", f"it would not show in the list of '{state.owner}'"


def _can_act(state: State, arrows: list[Transition]) -> bool:
    kinds = {arrow.by for arrow in arrows}
    if state.owner == "children":
        return "automatic" in kinds
    if state.owner in OWNERS:
        return bool(kinds & {"timer", "parent"}) or state.waits_without_limit is not None
    # An owner may also act on the parent process, whose effects move this one.
    return "parent" in kinds or any(state.owner in arrow.roles for arrow in arrows)


def timers(definition: Definition) -> Iterator[Found]:
    """A timer's event happens in its state, by time, and for a reason of law."""
    for state in definition.states.values():
        timed = {arrow.event for arrow in definition.arrows_from(state.id) if arrow.by == "timer"}
        for timer in state.timers:
            if timer.event not in timed:
                why = "no transition by timer leaves this state with it"
                yield ("states", state.id, "timers"), f"timer '{timer.event}' is deaf", why
        for event in sorted(timed - {timer.event for timer in state.timers}):
            why = "the state sets no timer for it"
            yield ("states", state.id), f"'{event}' never falls due in '{state.id}'", why
    for arrow in definition.transitions:
        if arrow.by == "timer" and not arrow.law:
            why = "only what the law attaches to time may happen by itself"
            yield _at(arrow), f"{_named(arrow)} names no law", why


def ambiguous(definition: Definition) -> Iterator[Found]:
    """Of two arrows of one event and source, the conditions tell which is meant."""
    for one, other in combinations(definition.transitions, 2):
        same = (one.event, one.source) == (other.event, other.source)
        if same and not apart(one.when, other.when):
            why = "their conditions ('when') do not exclude each other"
            yield _at(other), f"{_named(other)} stands twice", why


def competing(definition: Definition) -> Iterator[Found]:
    """Of two automatic events of one state at most one can happen."""
    automatic = [arrow for arrow in definition.transitions if arrow.by == "automatic"]
    for one, other in combinations(automatic, 2):
        if one.source == other.source and not apart(calls_of(one), calls_of(other)):
            why = "both may hold, and which comes first is chance"
            yield _at(other), f"{_named(other)} competes with '{one.event}'", why


def restless(definition: Definition) -> Iterator[Found]:
    """Automatic events come to rest: no round of them can hold all at once."""
    for ring in cycles([arrow for arrow in definition.transitions if arrow.by == "automatic"]):
        calls = [calls_of(arrow) for arrow in ring]
        if not any(apart(one, other) for one, other in combinations(calls, 2)):
            names = ", ".join(f"'{arrow.event}'" for arrow in ring)
            yield _at(ring[0]), f"automatic events go in a circle: {names}", "it would never rest"


def four_eyes(definition: Definition) -> Iterator[Found]:
    """Whoever must be another person than at some event could have been one there."""
    by_person = {arrow.event for arrow in definition.transitions if arrow.by == "person"}
    for arrow in definition.transitions:
        for call in calls_of(arrow):
            for event in call.params.get("from", ()):
                if event not in by_person | {"create"}:
                    why = f"no person ever fires '{event}'"
                    yield _at(arrow), f"{_named(arrow)} can not keep four eyes", why


def questions(definition: Definition) -> Iterator[Found]:
    """What a guard wants confirmed is asked by the event, and nothing is asked twice."""
    for arrow in definition.transitions:
        kinds = {spec["id"]: spec["type"] for spec in arrow.fields}
        if len(kinds) < len(arrow.fields):
            yield _at(arrow), f"{_named(arrow)} asks twice", "each field has its own id"
        for call in calls_of(arrow):
            for name in _asked_for(call):
                if kinds.get(name) != ASKS.get(call.name):
                    why = f"it has no field '{name}' of type {ASKS[call.name]}"
                    yield _at(arrow), f"{_named(arrow)} can never answer '{call.name}'", why


ASKS = {
    "confirmed": "yesno",
    "day_ahead": "date",
    "day_past": "date",
    "number_between": "integer",
    "answer_is": "radio",
    "answer_is_not": "radio",
}
"""Guards over what comes with the event, and the type of field each wants."""


def _asked_for(call: Call) -> Iterable[str]:
    if call.name not in ASKS:
        return ()
    return call.params.get("fields") or (call.params["field"],)


def unrecorded(definition: Definition) -> Iterator[Found]:
    """What a guard wants to find recorded, some event records."""
    known = {
        spec["id"]: {choice["value"] for choice in spec.get("choices", ())}
        for arrow in definition.transitions
        if any(effect.name == "record_fields" for effect in arrow.effects)
        for spec in arrow.fields
    }
    for arrow in definition.transitions:
        for call in calls_of(arrow):
            if call.name != "recorded_is":
                continue
            name, values = call.params["field"], call.params["values"]
            if name not in known:
                why = "no event with 'record_fields' states it"
                yield _at(arrow), f"{_named(arrow)} asks for '{name}'", why
            for value in values if known.get(name) else ():
                if value not in known[name]:
                    why = f"it is no choice of '{name}'{_hint(value, known[name])}"
                    yield _at(arrow), f"{_named(arrow)} asks for '{value}'", why


def _hint(value: object, known: Collection[str]) -> str:
    close = nearest(str(value), known)
    return f"; did you mean '{close}'?" if close else ""


def reserved(definition: Definition) -> Iterator[Found]:
    """No event has a name that the machine needs for itself."""
    for arrow in definition.transitions:
        if arrow.event in MACHINE_NAMES:
            why = "the machine calls something of its own so; name it as a verb"
            yield _at(arrow), f"event '{arrow.event}' can not have that name", why


def panels(definition: Definition) -> Iterator[Found]:
    """What a panel can vote on can happen by its vote alone."""
    if definition.panel is not None:
        for what, why in problems_with(definition.panel, definition):
            yield ("panel",), what, why


def kept_back_for_ever(definition: Definition) -> Iterator[Found]:
    """What belongs to its applicants until they hand it in can be handed in."""
    freezing = (each.name for arrow in definition.transitions for each in arrow.effects)
    if definition.is_kept_back and "freeze_answers" not in freezing:
        what = f"nobody can hand in what begins in '{definition.initial}'"
        why = "only an event with 'freeze_answers' opens it to others than its applicants"
        yield ("states", definition.initial), what, why


def idle_phases(definition: Definition) -> Iterator[Found]:
    """Every phase has a state."""
    used = {state.phase for state in definition.states.values()}
    for phase in definition.phases:
        if phase.id not in used:
            yield ("phases", phase.id), f"phase '{phase.id}' has no state", "nothing happens in it"


RULES: tuple[Rule, ...] = (
    unreachable,
    dead_ends,
    actors,
    owners,
    timers,
    ambiguous,
    competing,
    restless,
    four_eyes,
    questions,
    unrecorded,
    reserved,
    panels,
    kept_back_for_ever,
    idle_phases,
)


def _children(definition: Definition, registry: Registry) -> Iterator[Found]:
    """What is asked of child processes can be answered by their definitions."""
    for arrow in definition.transitions:
        for call in calls_of(arrow):
            if not GUARDS[call.name].children or "kind" not in call.params:
                continue
            for why in _unanswerable(call.params["kind"], call.params["states"], registry):
                yield _at(arrow), f"{_named(arrow)} waits in vain", why


def _unanswerable(kind: str, states: Iterable[str], registry: Registry) -> Iterator[str]:
    if kind not in registry:
        yield f"there is no definition '{kind}'"
        return
    for state in sorted(set(states) - set(registry.get(kind).states)):
        yield f"'{kind}' has no state '{state}'"


def _second_persons(definition: Definition, registry: Registry) -> Iterator[Found]:
    """Whoever is to be the second person may confirm an approval."""
    confirming = {
        role
        for arrow in registry.get("approval").transitions
        if arrow.event == "confirm"
        for role in arrow.roles
    }
    for arrow in definition.transitions:
        for role in set(arrow.second) - confirming:
            why = f"'{role}' may not confirm in 'approval'"
            yield _at(arrow), f"{_named(arrow)} can not keep four eyes", why
