"""Rules about states: none without a way in and out, an owner, a limit."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition import Definition, State, Transition
from workflows.lint.findings import Found, named, place_of
from workflows.lint.graph import leading_to, reachable_from
from workflows.vocabulary import OWNERS, ROLES


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
            yield place_of(arrow), f"{named(arrow)} names no law", why


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
