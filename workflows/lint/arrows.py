"""Rules about arrows: who brings them about, which is meant, what they ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from workflows.definition import Call, Definition
from workflows.lint.findings import Found, apart, calls_of, hint, named, place_of
from workflows.lint.graph import cycles
from workflows.votes import problems_with

MACHINE_NAMES = frozenset({"state", "trigger", "model", "events", "states"})


def actors(definition: Definition) -> Iterator[Found]:
    """Every event has somebody or something that brings it about."""
    for arrow in definition.transitions:
        if arrow.by == "person" and not arrow.roles:
            yield (
                place_of(arrow),
                f"{named(arrow)} has no actor",
                "a person's event names its roles",
            )
        if arrow.by != "person" and (arrow.roles or arrow.second or arrow.fields):
            why = "only a person has roles, a second person or a form"
            yield place_of(arrow), f"{named(arrow)} is not fired by a person", why
        if arrow.by == "automatic" and not calls_of(arrow):
            why = "it would happen the moment the state is entered"
            yield place_of(arrow), f"{named(arrow)} is automatic without a condition", why


def ambiguous(definition: Definition) -> Iterator[Found]:
    """Of two arrows of one event and source, the conditions tell which is meant."""
    for one, other in combinations(definition.transitions, 2):
        same = (one.event, one.source) == (other.event, other.source)
        if same and not apart(one.when, other.when):
            why = "their conditions ('when') do not exclude each other"
            yield place_of(other), f"{named(other)} stands twice", why


def competing(definition: Definition) -> Iterator[Found]:
    """Of two automatic events of one state at most one can happen."""
    automatic = [arrow for arrow in definition.transitions if arrow.by == "automatic"]
    for one, other in combinations(automatic, 2):
        if one.source == other.source and not apart(calls_of(one), calls_of(other)):
            why = "both may hold, and which comes first is chance"
            yield place_of(other), f"{named(other)} competes with '{one.event}'", why


def restless(definition: Definition) -> Iterator[Found]:
    """Automatic events come to rest: no round of them can hold all at once."""
    for ring in cycles([arrow for arrow in definition.transitions if arrow.by == "automatic"]):
        calls = [calls_of(arrow) for arrow in ring]
        if not any(apart(one, other) for one, other in combinations(calls, 2)):
            names = ", ".join(f"'{arrow.event}'" for arrow in ring)
            yield (
                place_of(ring[0]),
                f"automatic events go in a circle: {names}",
                "it would never rest",
            )


def four_eyes(definition: Definition) -> Iterator[Found]:
    """Whoever must be another person than at some event could have been one there."""
    by_person = {arrow.event for arrow in definition.transitions if arrow.by == "person"}
    for arrow in definition.transitions:
        for call in calls_of(arrow):
            for event in call.params.get("from", ()):
                if event not in by_person | {"create"}:
                    why = f"no person ever fires '{event}'"
                    yield place_of(arrow), f"{named(arrow)} cannot keep four eyes", why


def questions(definition: Definition) -> Iterator[Found]:
    """What a guard wants confirmed is asked by the event, and nothing is asked twice."""
    for arrow in definition.transitions:
        kinds = {spec["id"]: spec["type"] for spec in arrow.fields}
        if len(kinds) < len(arrow.fields):
            yield place_of(arrow), f"{named(arrow)} asks twice", "each field has its own id"
        for call in calls_of(arrow):
            for name in _asked_for(call):
                if kinds.get(name) != ASKS.get(call.name):
                    why = f"it has no field '{name}' of type {ASKS[call.name]}"
                    yield place_of(arrow), f"{named(arrow)} can never answer '{call.name}'", why


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
                yield place_of(arrow), f"{named(arrow)} asks for '{name}'", why
            for value in values if known.get(name) else ():
                if value not in known[name]:
                    why = f"it is no choice of '{name}'{hint(value, known[name])}"
                    yield place_of(arrow), f"{named(arrow)} asks for '{value}'", why


def reserved(definition: Definition) -> Iterator[Found]:
    """No event has a name that the machine needs for itself."""
    for arrow in definition.transitions:
        if arrow.event in MACHINE_NAMES:
            why = "the machine calls something of its own so; name it as a verb"
            yield place_of(arrow), f"event '{arrow.event}' cannot have that name", why


def panels(definition: Definition) -> Iterator[Found]:
    """What a panel can vote on can happen by its vote alone."""
    if definition.panel is not None:
        for what, why in problems_with(definition.panel, definition):
            yield ("panel",), what, why
