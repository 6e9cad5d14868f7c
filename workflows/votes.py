"""In which states of a definition its panel votes, and what would go wrong at a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workflows.definition import Definition, Transition
from workflows.panel import PLACES, Panel

ANSWERS = ("amount", "reasoning")
"""What a panel states with a resolution; an event that needs more cannot be one."""


def voted_in(panel: Panel, definition: Definition) -> list[str]:
    """The states in which whatever the panel resolves can happen."""
    return [
        state
        for state in definition.states
        if all(_resolved(definition, event, state) for event in panel.events())
    ]


def _resolved(definition: Definition, event: str, state: str) -> list[Transition]:
    arrows = definition.arrows_from(state)
    return [arrow for arrow in arrows if arrow.event == event and arrow.by == "person"]


def problems_with(panel: Panel, definition: Definition) -> Iterator[tuple[str, str]]:
    """What would go wrong at a meeting, and why."""
    places = sorted(place for each in panel.motions for place in each.suits)
    if places != sorted(PLACES):
        yield "each place of the ranking has one motion", "an agenda is made from the ranking"
    voted = voted_in(panel, definition)
    if not voted:
        yield "no state has every event of the panel", "no vote could have its result"
    for state in panel.agenda:
        if state not in voted and not _comes_to_vote(panel, definition, state, voted):
            yield f"'{state}' is not voted in", "'put' leads from it to no state with a vote"
    for event in panel.events():
        for state in voted:
            for arrow in _resolved(definition, event, state):
                yield from _unfit(arrow)


def _comes_to_vote(panel: Panel, definition: Definition, state: str, voted: Iterable[str]) -> bool:
    wanted = {arrow.target for arrow in definition.arrows_from(state) if _brings(panel, arrow)}
    return bool(wanted & set(voted))


def _brings(panel: Panel, arrow: Transition) -> bool:
    """Without an event of its own a case comes before the panel by what people do with it."""
    return panel.put is None or arrow.event == panel.put


def _unfit(arrow: Transition) -> Iterator[tuple[str, str]]:
    named = f"'{arrow.event}' from '{arrow.source}'"
    asked = {spec["id"] for spec in arrow.fields if spec.get("required")} - set(ANSWERS)
    if asked:
        yield f"{named} asks for '{min(asked)}'", "a panel states an amount and its reasoning"
    if arrow.second:
        yield f"{named} needs a second person", "the members' votes are the resolution"
    if "panel_chair" not in arrow.roles:
        yield f"{named} is not the chair's", "the chair establishes the result"
    if all(effect.name != "set_recommendation" for effect in arrow.effects):
        why = "only 'set_recommendation' keeps others from it while a case is on an agenda"
        yield f"{named} keeps no recommendation", why
