"""What a definition says about its panel: who is ranked, what is moved, and what follows.

Pure data with the questions that everything around a panel's meeting asks of it, so that neither
states nor events nor their words stand in code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

PLACES = ("funded", "reserve", "below_threshold")
"""What the line of a ranking can make of a place."""


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
