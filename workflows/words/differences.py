"""What changed between two versions of a definition, in words an office reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.definition import Call, Definition, State, Transition
from workflows.guards import GUARDS
from workflows.vocabulary import EFFECTS, ROLES
from workflows.words.explanation import in_words, meanings_of

WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "new_state": "Neuer Stand: {}",
        "no_state": "Der Stand entfällt: {}",
        "new_step": "Neuer Schritt: {}",
        "no_step": "Der Schritt entfällt: {}",
        "title": "{}: heißt jetzt {}",
        "plain": "{}: anders erklärt",
        "owner": "{}: am Zug ist jetzt {} statt {}",
        "limit": "{}: Frist {} statt {}",
        "terminal": "{}: {}",
        "ends": "das Verfahren endet jetzt hier",
        "goes_on": "das Verfahren geht jetzt weiter",
        "timers": "{}: andere Termine des Gesetzes",
        "editable": "{}: andere dürfen schreiben",
        "form": "{}: ein anderes Formular",
        "tags": "{}: heißt für das Portal jetzt: {}",
        "target": "{}: führt jetzt zu {} statt zu {}",
        "roles": "{}: jetzt durch {} statt {}",
        "second": "{}: es bestätigt jetzt {} statt {}",
        "conditions": "{}: Voraussetzungen jetzt: {}",
        "effects": "{}: Wirkungen jetzt: {}",
        "fields": "{}: andere Angaben",
        "reason": "{}: Begründung {}",
        "law": "{}: Rechtsgrundlage jetzt {}",
        "by": "{}: geschieht jetzt auf andere Weise",
        "panel": "Vor der Jury gelten andere Regeln oder Worte.",
        "nobody": "niemand",
        "none": "keine",
        "needed": "nötig",
        "free": "nicht mehr nötig",
        "same": "Nichts, was ein Fall bemerkt.",
    },
    "en": {
        "new_state": "New state: {}",
        "no_state": "State removed: {}",
        "new_step": "New step: {}",
        "no_step": "Step removed: {}",
        "title": "{}: is now called {}",
        "plain": "{}: explained differently",
        "owner": "{}: it is now the turn of {}, not of {}",
        "limit": "{}: limit {} instead of {}",
        "terminal": "{}: {}",
        "ends": "the procedure now ends here",
        "goes_on": "the procedure now goes on",
        "timers": "{}: other dates of the law",
        "editable": "{}: others may write",
        "form": "{}: another form",
        "tags": "{}: now means to the portal: {}",
        "target": "{}: now leads to {}, not to {}",
        "roles": "{}: now by {}, not by {}",
        "second": "{}: now confirmed by {}, not by {}",
        "conditions": "{}: now required: {}",
        "effects": "{}: effects now: {}",
        "fields": "{}: other data",
        "reason": "{}: a reason is {}",
        "law": "{}: legal basis now {}",
        "by": "{}: now happens in another way",
        "panel": "Other rules or words apply before the panel.",
        "nobody": "nobody",
        "none": "none",
        "needed": "needed",
        "free": "no longer needed",
        "same": "Nothing that a case would notice.",
    },
}


def compare(old: Definition, new: Definition, language: str) -> list[str]:
    """The differences, states first; one line that says so where there are none."""
    words = WORDS[language]
    lines = [*_states(old, new, language), *_steps(old, new, language)]
    if old.panel != new.panel:
        lines.append(words["panel"])
    return lines or [words["same"]]


def _states(old: Definition, new: Definition, language: str) -> Iterator[str]:
    words = WORDS[language]
    for name, state in new.states.items():
        if name not in old.states:
            yield words["new_state"].format(state.title[language])
        else:
            yield from _changed_state(old.states[name], state, language)
    for name, state in old.states.items():
        if name not in new.states:
            yield words["no_state"].format(state.title[language])


def _changed_state(old: State, new: State, language: str) -> Iterator[str]:
    words, title = WORDS[language], old.title[language]
    if old.title != new.title:
        yield words["title"].format(title, new.title[language])
    if old.owner != new.owner:
        yield words["owner"].format(
            title, _people((new.owner,), language), _people((old.owner,), language)
        )
    if old.limit != new.limit:
        said = [in_words(one.limit, language) if one.limit else words["none"] for one in (new, old)]
        yield words["limit"].format(title, *said)
    if old.terminal != new.terminal:
        yield words["terminal"].format(title, words["ends" if new.terminal else "goes_on"])
    if old.tags != new.tags:
        yield words["tags"].format(title, meanings_of(new.tags, language) or words["none"])
    for part in ("plain", "timers", "editable", "form"):
        if getattr(old, part) != getattr(new, part):
            yield words[part].format(title)


def _steps(old: Definition, new: Definition, language: str) -> Iterator[str]:
    words = WORDS[language]
    before, after = _by_place(old), _by_place(new)
    for place, arrow in after.items():
        if place not in before:
            yield words["new_step"].format(_said(new, arrow, language))
        else:
            yield from _changed_step(old, new, before[place], arrow, language)
    for place, arrow in before.items():
        if place not in after:
            yield words["no_step"].format(_said(old, arrow, language))


def _by_place(definition: Definition) -> dict[Any, Transition]:
    """Arrows by event, source and the conditions that tell them apart."""
    return {
        (arrow.event, arrow.source, repr(arrow.when)): arrow for arrow in definition.transitions
    }


def _said(definition: Definition, arrow: Transition, language: str) -> str:
    return f"{arrow.title[language]} ({definition.states[arrow.source].title[language]})"


def _changed_step(
    old: Definition, new: Definition, before: Transition, after: Transition, language: str
) -> Iterator[str]:
    words, said = WORDS[language], _said(old, before, language)
    if before.target != after.target:
        states = [one.states[arrow.target] for one, arrow in ((new, after), (old, before))]
        yield words["target"].format(said, *(state.title[language] for state in states))
    for part in ("roles", "second"):
        if getattr(before, part) != getattr(after, part):
            people = [_people(getattr(arrow, part), language) for arrow in (after, before)]
            yield words[part].format(said, *people)
    yield from _changed_calls(said, before, after, language)
    yield from _changed_words(said, before, after, language)


def _changed_calls(
    said: str, before: Transition, after: Transition, language: str
) -> Iterator[str]:
    words = WORDS[language]
    if (before.when, before.guards) != (after.when, after.guards):
        calls = (*after.when, *after.guards)
        yield words["conditions"].format(said, _meanings(calls, GUARDS, language))
    if before.effects != after.effects:
        yield words["effects"].format(said, _meanings(after.effects, EFFECTS, language))


def _changed_words(
    said: str, before: Transition, after: Transition, language: str
) -> Iterator[str]:
    words = WORDS[language]
    if before.reason != after.reason:
        needed = "needed" if after.reason == "required" else "free"
        yield words["reason"].format(said, words[needed])
    if before.law != after.law:
        yield words["law"].format(said, after.law or words["none"])
    if before.title != after.title:
        yield words["title"].format(said, after.title[language])
    for part in ("fields", "by"):
        if getattr(before, part) != getattr(after, part):
            yield words[part].format(said)


def _people(roles: tuple[str | None, ...], language: str) -> str:
    named = [ROLES[role].title[language] if role in ROLES else str(role) for role in roles if role]
    return ", ".join(named) or WORDS[language]["nobody"]


def _meanings(calls: tuple[Call, ...], known: Mapping[str, Any], language: str) -> str:
    said = [
        str(known[call.name].meaning[language]).format(
            **{name: _plain(value) for name, value in call.params.items()}
        )
        for call in calls
    ]
    return "; ".join(said) or WORDS[language]["none"]


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
