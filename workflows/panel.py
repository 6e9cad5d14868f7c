"""What a definition says about its panel: who is ranked, what is moved, and what follows.

Pure data with the questions that everything around a panel's meeting asks of it, so that neither
states nor events nor their words stand in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.definition import Definition, Transition

PLACES = ("funded", "reserve", "below_threshold")
"""What the line of a ranking can make of a place."""

ANSWERS = ("amount", "reasoning")
"""What a panel states with a resolution; an event that needs more cannot be one."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """An event that a panel can resolve, with its words.

    `motion` says what is put to the vote (empty for what follows from a lost vote), `result` what
    came of it, `minutes` the sentence of the minutes. `suits` names the places of the ranking at
    which it is moved first.
    """

    event: str
    result: Mapping[str, str]
    minutes: Mapping[str, str]
    tone: str
    motion: Mapping[str, str] = field(default_factory=dict)
    suits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel's phase of a definition.

    `ranked` are the states in which a case has a place in the ranking, `agenda` those in which it
    can be put on a meeting's agenda; `put` is the event by which that brings it before the panel.
    `requested` names what a case asks for, `line` says what the money means for a place.
    """

    ranked: tuple[str, ...]
    agenda: tuple[str, ...]
    put: str | None
    requested: Mapping[str, str]
    line: Mapping[str, Mapping[str, str]]
    motions: tuple[Resolution, ...]
    rejected: Resolution

    def motion_for(self, place: str) -> str:
        """What is moved first for a place of the ranking."""
        return next(each.event for each in self.motions if place in each.suits)

    def is_motion(self, event: str) -> bool:
        """Whether the panel can vote on it."""
        return any(each.event == event for each in self.motions)

    def resolution(self, event: str) -> Resolution:
        """The words of an event; one that the definition no longer has goes by its name."""
        own = (each for each in (*self.motions, self.rejected) if each.event == event)
        name = {"de": event, "en": event}
        return next(own, Resolution(event, name, name, "info", name))

    def events(self) -> Iterator[str]:
        """Everything that can come of a vote."""
        yield from (each.event for each in (*self.motions, self.rejected))

    def votes_in(self, definition: Definition) -> list[str]:
        """The states in which whatever the panel resolves can happen."""
        return [
            state
            for state in definition.states
            if all(_resolved(definition, event, state) for event in self.events())
        ]


def _resolved(definition: Definition, event: str, state: str) -> list[Transition]:
    arrows = definition.arrows_from(state)
    return [arrow for arrow in arrows if arrow.event == event and arrow.by == "person"]


def problems_with(panel: Panel, definition: Definition) -> Iterator[tuple[str, str]]:
    """What would go wrong at a meeting, and why."""
    places = sorted(place for each in panel.motions for place in each.suits)
    if places != sorted(PLACES):
        yield "each place of the ranking has one motion", "an agenda is made from the ranking"
    voted = panel.votes_in(definition)
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
