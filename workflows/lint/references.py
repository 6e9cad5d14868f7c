"""Rules about what definitions name outside of themselves: other definitions, and forms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from source_text import Place
from workflows.definition import Definition, Transition
from workflows.guards import GUARDS
from workflows.lint.findings import Found, calls_of, hint, named, place_of
from workflows.registry import Registry
from workflows.vocabulary import EFFECTS, Record


@dataclass(frozen=True, slots=True)
class Known:
    """What a definition can name: the other definitions, and the keys of forms."""

    definitions: Registry
    forms: Collection[str]


def forms(definition: Definition, known: Known) -> Iterator[Found]:
    """Every form that is named exists."""
    named_forms: dict[Place, str | None] = {("form",): definition.form}
    for state in definition.states.values():
        if state.form != definition.form:
            named_forms["states", state.id, "form"] = state.form
    for place, form in named_forms.items():
        if form is not None and form not in known.forms:
            yield place, f"unknown form '{form}'", f"there is none{hint(form, known.forms)}"
    if definition.record == Record.REVIEW and definition.form is not None:
        yield ("form",), "a review has no form", "it is made from the criteria of its call"


def opened(definition: Definition, known: Known) -> Iterator[Found]:
    """What an effect opens is a definition, with the record that the effect writes."""
    for arrow in definition.transitions:
        for effect in arrow.effects:
            record = EFFECTS[effect.name].opens
            if record and (why := _unfit(effect.params["kind"], record, known.definitions)):
                yield place_of(arrow), f"{named(arrow)} cannot '{effect.name}'", why


def _unfit(kind: str, record: str, registry: Registry) -> str:
    if kind not in registry:
        return f"there is no definition '{kind}'{hint(kind, registry.keys())}"
    found = registry.get(kind).record
    return "" if found == record else f"'{kind}' has the record '{found}', not '{record}'"


def children(definition: Definition, known: Known) -> Iterator[Found]:
    """What is asked of child processes can be answered by their definitions."""
    for arrow in definition.transitions:
        for call in calls_of(arrow):
            if not GUARDS[call.name].children:
                continue
            kinds = [call.params["kind"]] if "kind" in call.params else ()
            for kind in (*kinds, *call.params.get("except", ())):
                states = call.params.get("states", ())
                for why in _unanswerable(kind, states, known.definitions):
                    yield place_of(arrow), f"{named(arrow)} waits in vain", why


def _unanswerable(kind: str, states: Iterable[str], registry: Registry) -> Iterator[str]:
    if kind not in registry:
        yield f"there is no definition '{kind}'{hint(kind, registry.keys())}"
        return
    there = registry.get(kind).states
    for state in sorted(set(states) - set(there)):
        yield f"'{kind}' has no state '{state}'{hint(state, there)}"


def second_persons(definition: Definition, known: Known) -> Iterator[Found]:
    """Whoever is to be the second person may confirm an approval."""
    if not any(arrow.second for arrow in definition.transitions):
        return
    approval = known.definitions.of_record(Record.APPROVAL)
    confirming = {role for arrow in _confirming(approval) for role in arrow.roles}
    for arrow in definition.transitions:
        for role in sorted(set(arrow.second) - confirming):
            why = f"'{role}' may not confirm in '{approval.key}'"
            yield place_of(arrow), f"{named(arrow)} cannot keep four eyes", why


def _confirming(approval: Definition) -> list[Transition]:
    return [
        arrow
        for arrow in approval.transitions
        if any(effect.name == "fire_proposed" for effect in arrow.effects)
    ]


RULES = (forms, opened, children, second_persons)
