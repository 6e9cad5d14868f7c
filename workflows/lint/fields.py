"""Rules about what effects read: no step fails because nobody was asked for something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows.definition import Call, Definition, Transition
from workflows.lint.findings import Found, hint, named, place_of
from workflows.vocabulary import EFFECTS
from workflows.vocabulary.effects import MONEY, WORDS

Spec = Mapping[str, Any]


def asked(definition: Definition) -> Iterator[Found]:
    """What an effect reads from its event, the event asks for."""
    for arrow in definition.transitions:
        for effect in arrow.effects:
            for name, types in EFFECTS[effect.name].asks.items():
                if why := _unasked(arrow, name, types):
                    yield place_of(arrow), _cannot(arrow, effect), why


def recorded(definition: Definition) -> Iterator[Found]:
    """What an effect reads from the record, some event records."""
    stated = [
        spec
        for arrow in definition.transitions
        if any(effect.name == "record_fields" for effect in arrow.effects)
        for spec in arrow.fields
    ]
    for arrow in definition.transitions:
        for effect in arrow.effects:
            for name, types in EFFECTS[effect.name].recorded.items():
                if why := _lack(stated, name, types):
                    why = f"of the events with 'record_fields' none states it: {why}"
                    yield place_of(arrow), _cannot(arrow, effect), why


def granted(definition: Definition) -> Iterator[Found]:
    """A grant has an amount: whoever recommends one is asked for it."""
    calls = [(arrow, effect) for arrow in definition.transitions for effect in arrow.effects]
    grants = [pair for pair in calls if _is(pair[1], "record_decision", "grant")]
    recommending = [
        pair
        for pair in calls
        if any(_is(pair[1], "set_recommendation", kind) for kind in ("recommend", "reserve"))
    ]
    for arrow, effect in grants if not recommending else ():
        why = "no event recommends an amount, as 'set_recommendation' with a field 'amount' does"
        yield place_of(arrow), _cannot(arrow, effect), why
    for arrow, effect in recommending if grants else ():
        if why := _unasked(arrow, "amount", MONEY):
            yield place_of(arrow), _cannot(arrow, effect), f"{why}; a grant follows"


def reasoned(definition: Definition) -> Iterator[Found]:
    """A refusal has its reasons (§ 39 VwVfG), as a field or as the reason of the event."""
    for arrow in definition.transitions:
        for effect in arrow.effects:
            if not _is(effect, "record_decision", "reject") or arrow.reason == "required":
                continue
            if why := _unasked(arrow, "reasons", WORDS):
                yield place_of(arrow), _cannot(arrow, effect), f"{why}, or 'reason: required'"


def _is(effect: Call, name: str, kind: str) -> bool:
    return effect.name == name and effect.params["kind"] == kind


def _cannot(arrow: Transition, effect: Call) -> str:
    return f"{named(arrow)} cannot '{effect.name}'"


def _unasked(arrow: Transition, name: str, types: tuple[str, ...]) -> str:
    if arrow.by != "person":
        return f"it reads '{name}', and only a person's event asks for something"
    return _lack(arrow.fields, name, types)


def _lack(specs: Sequence[Spec], name: str, types: tuple[str, ...]) -> str:
    """Why none of the fields surely says what is read; empty where one does."""
    known = {spec["id"] for spec in specs}
    named_so = [spec for spec in specs if spec["id"] == name]
    wanted = f"field '{name}' of type {' or '.join(types)}"
    if not named_so:
        return f"there is no {wanted}{hint(name, known)}"
    if all(spec["type"] not in types for spec in named_so):
        return f"there is no {wanted}; it is of type {named_so[0]['type']}"
    if not any(spec.get("required") and "when" not in spec for spec in named_so):
        return f"field '{name}' may be left empty; it has to be required, without 'when'"
    return ""


RULES = (asked, recorded, granted, reasoned)
