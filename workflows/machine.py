"""Deciding: one shared `transitions.Machine` per definition, driven by a small context.

The machine holds no model. `auto_transitions` is off, because `to_approved()` would skip every
guard; `queued` is off, because a shared queue would hand one thread's event to another.
"""

from __future__ import annotations

from collections.abc import Callable
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
    known: Any = machine_of(definition).events.get(event)
    if known is None:
        return (Refusal("unknown_event", {"event": event}),)
    context = Context(snapshot.state, snapshot)
    try:
        known.trigger(context)
    except MachineError:
        return (Refusal("wrong_state", {"state": snapshot.state}),)
    arrow = context.chosen
    if arrow is None:
        return tuple(context.refusals) or (Refusal("wrong_state", {"state": snapshot.state}),)
    return Outcome(context.state, arrow.effects, arrow, needs_second=bool(arrow.second))


def explain(definition: Definition, snapshot: Snapshot) -> list[Possibility]:
    """Every event a person could fire from this state, allowed or with its reasons.

    Events that are not for this person's roles are left out.
    """
    found: dict[str, Possibility] = {}
    for arrow in definition.transitions:
        if arrow.source != snapshot.state or arrow.by != "person" or arrow.event in found:
            continue
        if is_meant(arrow, snapshot) and _permitted(arrow, snapshot):
            refusals = tuple(refusals_of(arrow, snapshot))
            found[arrow.event] = Possibility(arrow.event, arrow, refusals)
    return list(found.values())


def reads_children(definition: Definition) -> bool:
    """Whether any guard of the definition asks for the children."""
    return definition.reads_children
