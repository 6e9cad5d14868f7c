"""Rules about tags: what a definition says of its states is whole, so that services can ask it."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition import Definition, Transition
from workflows.lint.findings import Found, named, place_of
from workflows.vocabulary import EFFECTS, NEEDED, TAGS, Record, Tag


def misplaced(definition: Definition) -> Iterator[Found]:
    """A tag says something of the record of its definition."""
    record = Record(definition.record)
    for state in definition.states.values():
        for name in sorted(state.tags - definition.tags):
            if record not in TAGS[Tag(name)].records:
                what = f"'{name}' is no tag of a state of '{record}'"
                yield ("states", state.id, "tags"), what, _meaning(name)
    for name in sorted(definition.tags):
        if record not in TAGS[Tag(name)].records:
            yield ("tags",), f"'{name}' is no tag of '{record}'", _meaning(name)


def _meaning(tag: str) -> str:
    return f"it says that {TAGS[Tag(tag)].meaning['en']}"


def missing(definition: Definition) -> Iterator[Found]:
    """No service looks in vain for a state of a record."""
    used = {tag for state in definition.states.values() for tag in state.tags}
    needed = NEEDED[Record(definition.record)]
    if Tag.CONSENT in definition.tags:
        needed = needed | {Tag.CONSENTED, Tag.REFUSED}
    for tag in sorted(needed - used):
        yield ("states",), f"no state has the tag '{tag}'", _meaning(tag)


def reviews(definition: Definition) -> Iterator[Found]:
    """A review that is not over stands in one of the stages of a review."""
    if definition.record != Record.REVIEW:
        return
    for state in definition.states.values():
        if not state.terminal and not state.tags & NEEDED[Record.REVIEW]:
            stages = ", ".join(sorted(NEEDED[Record.REVIEW]))
            yield ("states", state.id), f"state '{state.id}' has no stage", f"one of: {stages}"


def handing_in(definition: Definition) -> Iterator[Found]:
    """What is handed in is known: the application, its completion, or a form of that state."""
    if definition.record != Record.APPLICATION:
        return
    for arrow in definition.transitions:
        source = definition.states[arrow.source]
        known = source.tags & {Tag.DRAFT, Tag.COMPLETING} or source.form
        if _has(arrow, "freeze_answers") and not known:
            what = f"{named(arrow)} hands in nothing that is known"
            why = f"state '{source.id}' needs the tag 'draft' or 'completing', or a 'form'"
            yield place_of(arrow), what, why
    if definition.is_kept_back and Tag.DRAFT not in definition.states[definition.initial].tags:
        place = ("states", definition.initial)
        yield place, f"'{definition.initial}' is no draft", "an application begins as one"


def deciding(definition: Definition) -> Iterator[Found]:
    """A decision that is sent waits where its retrieval counts; what is paid can be drawn."""
    for arrow in definition.transitions:
        target = definition.states[arrow.target]
        if _has(arrow, "dispatch_letter") and Tag.NOTIFIED not in target.tags:
            what = f"{named(arrow)} leads to no state with the tag 'notified'"
            yield place_of(arrow), what, "nobody's retrieval of the letter would count"
        pays = any(EFFECTS[each.name].opens == Record.PAYMENT_REQUEST for each in arrow.effects)
        if pays and not definition.with_tag(Tag.DRAWS_MONEY):
            what = f"{named(arrow)} asks for money that is never paid"
            yield place_of(arrow), what, "no state has the tag 'draws_money'"


def _has(arrow: Transition, effect: str) -> bool:
    return any(each.name == effect for each in arrow.effects)


RULES = (misplaced, missing, reviews, handing_in, deciding)
