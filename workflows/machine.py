"""Deciding: one shared `transitions.Machine` per definition, driven by a small context.

The machine holds no model. `auto_transitions` is off, because `to_approved()` would skip every
guard; `queued` is off, because a shared queue would hand one thread's event to another.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from transitions import EventData, Machine, MachineError

from workflows.definition import Definition, Transition
from workflows.guards import GUARDS
from workflows.snapshot import Outcome, Possibility, Refusal, Snapshot


@dataclass(slots=True)
class Context:
    """What the machine moves: a state, and what was found on the way."""

    state: str
    snapshot: Snapshot
    chosen: Transition | None = None
    meant: list[Transition] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def refusals_of(arrow: Transition, snapshot: Snapshot) -> list[Refusal]:
    """Why the arrow is not possible; a person who may not fire it learns nothing else."""
    if not _permitted(arrow, snapshot):
        return [Refusal("not_permitted")]
    found = (GUARDS[call.name].holds(snapshot, call.params) for call in arrow.guards)
    return [refusal for refusal in found if refusal is not None]


def _permitted(arrow: Transition, snapshot: Snapshot) -> bool:
    if arrow.by == "person":
        return bool(snapshot.actor.roles & set(arrow.roles))
    return snapshot.actor.user_id is None


def is_meant(arrow: Transition, snapshot: Snapshot) -> bool:
    """Whether the arrow's conditions choose it among those of the same event and source."""
    return all(GUARDS[call.name].holds(snapshot, call.params) is None for call in arrow.when)


def _condition(arrow: Transition) -> Callable[[EventData], bool]:
    def condition(event: EventData) -> bool:
        context = cast(Context, event.model)
        if not is_meant(arrow, context.snapshot):
            return False
        context.meant.append(arrow)
        refusals = refusals_of(arrow, context.snapshot)
        context.refusals.extend(refusals)
        if not refusals:
            context.chosen = arrow
        return not refusals

    return condition


_machines: dict[str, Machine] = {}


def machine_of(definition: Definition) -> Machine:
    """The one machine of a definition's text, built when first asked for."""
    known = _machines.get(definition.sha256)
    if known is None:
        known = _machines[definition.sha256] = _build(definition)
    return known


def _build(definition: Definition) -> Machine:
    machine = Machine(
        model=None,
        states=list(definition.states),
        initial=definition.initial,
        auto_transitions=False,
        queued=False,
        send_event=True,
    )
    for arrow in definition.transitions:
        machine.add_transition(
            arrow.event, arrow.source, arrow.target, conditions=[_condition(arrow)]
        )
    return machine


def decide(definition: Definition, snapshot: Snapshot, event: str) -> Outcome | tuple[Refusal, ...]:
    """What the event leads to, or every reason why it is not possible."""
    if event not in machine_of(definition).events:
        return (Refusal("unknown_event", {"event": event}),)
    context = _consider(definition, snapshot, event)
    arrow = context.chosen
    if arrow is None:
        return tuple(context.refusals) or (Refusal("wrong_state", {"state": snapshot.state}),)
    return Outcome(context.state, arrow.effects, arrow, needs_second=bool(arrow.second))


def _consider(definition: Definition, snapshot: Snapshot, event: str) -> Context:
    """What the machine makes of the event; only the context moves."""
    context = Context(snapshot.state, snapshot)
    known: Any = machine_of(definition).events[event]
    with suppress(MachineError):  # nothing leaves the state by this event
        known.trigger(context)
    return context


def explain(definition: Definition, snapshot: Snapshot) -> list[Possibility]:
    """Every event a person could fire from this state, allowed or with its reasons.

    The machine is asked for each, as `decide` asks it. Events that are not for this person's
    roles are left out.
    """
    arrows = (arrow for arrow in definition.arrows_from(snapshot.state) if arrow.by == "person")
    found = (
        _possibility(_consider(definition, snapshot, event), event)
        for event in dict.fromkeys(arrow.event for arrow in arrows)
    )
    shown = [possibility for possibility in found if possibility is not None]
    return sorted(shown, key=lambda possibility: possibility.transition.index)


def _possibility(context: Context, event: str) -> Possibility | None:
    permitted = (arrow for arrow in context.meant if _permitted(arrow, context.snapshot))
    arrow = context.chosen or next(permitted, None)
    if arrow is None or arrow.by != "person":
        return None
    return Possibility(event, arrow, () if context.chosen else tuple(context.refusals))


def reads_children(definition: Definition) -> bool:
    """Whether any guard of the definition asks for the children."""
    return definition.reads_children
