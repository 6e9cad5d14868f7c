"""A definition as a page of text that an officer can read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workflows.definition import Call, Definition, Limit, State, Transition
from workflows.guards import GUARDS
from workflows.vocabulary import EFFECTS, FACTS, TAGS, VALUES
from workflows.words.diagram import by_phase, owner, who

WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "law": "Rechtsgrundlage",
        "turn": "Am Zug",
        "limit": "Frist",
        "means": "Für das Portal heißt das",
        "end": "Hier endet das Verfahren.",
        "stays": "der Stand bleibt",
        "when": "falls",
        "guards": "Voraussetzung",
        "effects": "Wirkung",
        "reason": "Eine Begründung ist nötig.",
        "second": "Eine zweite Person muss bestätigen.",
        "panel": "Jury",
        "agenda": "Auf die Tagesordnung kann, was so steht",
        "motions": "Abgestimmt wird darüber",
        "lost": "Wird der Antrag abgelehnt",
        "working_days": "{} Arbeitstage",
        "days": "{} Tage",
        "weeks": "{} Wochen",
        "months": "{} Monate",
    },
    "en": {
        "law": "Legal basis",
        "turn": "Whose turn",
        "limit": "Limit",
        "means": "To the portal this means",
        "end": "The procedure ends here.",
        "stays": "the state remains",
        "when": "if",
        "guards": "Required",
        "effects": "Effect",
        "reason": "A reason is required.",
        "second": "A second person has to confirm.",
        "panel": "Panel",
        "agenda": "What stands so can be put on an agenda",
        "motions": "Put to the vote",
        "lost": "If the motion is lost",
        "working_days": "{} working days",
        "days": "{} days",
        "weeks": "{} weeks",
        "months": "{} months",
    },
}


def explain_text(definition: Definition, language: str, children: Iterable[Definition] = ()) -> str:
    """The definition in words, as Markdown: states by phase, each with what can happen.

    `children` are definitions whose processes it asks for; they lend their words for them.
    """
    names = _names(definition, language, children)
    words = WORDS[language]
    lines = [f"# {definition.title[language]}", "", definition.summary[language], ""]
    lines += [f"{words['law']}: {definition.law}", "", *_about_panel(definition, language)]
    phase = ""
    for state in by_phase(definition):
        if state.phase != phase:
            phase = state.phase
            lines += [f"## {_title_of_phase(definition, phase)[language]}", ""]
        lines += [*_about_state(state, language), ""]
        for arrow in definition.arrows_from(state.id):
            lines += [*_about_arrow(definition, arrow, language, names), ""]
    return "\n".join(lines)


def _about_panel(definition: Definition, language: str) -> Iterator[str]:
    """What can come before a panel, and what it can resolve."""
    panel, words = definition.panel, WORDS[language]
    if panel is None:
        return
    states = ", ".join(definition.states[state].title[language] for state in panel.agenda)
    moved = "; ".join(each.motion[language] for each in panel.motions)
    yield f"## {words['panel']}"
    yield ""
    yield f"{words['agenda']}: {states}."
    yield f"{words['motions']}: {moved}."
    yield f"{words['lost']}: {panel.rejected.result[language]}."
    yield ""


def _title_of_phase(definition: Definition, phase_id: str) -> Mapping[str, str]:
    return next(phase.title for phase in definition.phases if phase.id == phase_id)


def _about_state(state: State, language: str) -> Iterator[str]:
    words = WORDS[language]
    yield f"### {state.title[language]}"
    yield ""
    yield state.plain[language]
    if state.terminal:
        yield words["end"]
    if state.owner:
        yield f"{words['turn']}: {owner(state, language)}."
    if state.limit:
        yield f"{words['limit']}: {in_words(state.limit, language)}."
    if state.waits_without_limit:
        yield state.waits_without_limit[language]
    if state.tags:
        yield f"{words['means']}: {meanings_of(state.tags, language)}."


def meanings_of(tags: Iterable[str], language: str) -> str:
    """What tags say, in their order in the vocabulary."""
    return "; ".join(known.meaning[language] for tag, known in TAGS.items() if tag in set(tags))


def in_words(limit: Limit, language: str) -> str:
    """A limit as it is said."""
    if limit.fact is not None:
        return FACTS[limit.fact].meaning[language]
    return WORDS[language][limit.unit].format(limit.amount)


def _names(definition: Definition, language: str, children: Iterable[Definition]) -> dict[str, str]:
    """The words for the identifiers that stand in parameters."""
    found = {name: meaning[language] for name, meaning in VALUES.items()}
    for child in children:
        found[child.key] = child.title[language]
        found |= {state.id: state.title[language] for state in child.states.values()}
    for arrow in definition.transitions:
        found[arrow.event] = arrow.title[language]
        for spec in arrow.fields:
            found[spec["id"]] = spec["label"][language]
            found |= {one["value"]: one["label"][language] for one in spec.get("choices", ())}
    return {name: f"„{word}“" if language == "de" else f"“{word}”" for name, word in found.items()}


def _about_arrow(
    definition: Definition, arrow: Transition, language: str, names: Mapping[str, str]
) -> Iterator[str]:
    words = WORDS[language]
    target = definition.states[arrow.target].title[language]
    leads_to = words["stays"] if arrow.target == arrow.source else target
    law = f" ({arrow.law})" if arrow.law else ""
    yield f"- **{arrow.title[language]}** ({who(arrow, language)}) → {leads_to}{law}"
    for part, calls in (("when", arrow.when), ("guards", arrow.guards)):
        if calls:
            said = "; ".join(meaning_of(call, GUARDS, language, names) for call in calls)
            yield f"  - {words[part]}: {said}"
    if arrow.effects:
        said = "; ".join(meaning_of(call, EFFECTS, language, names) for call in arrow.effects)
        yield f"  - {words['effects']}: {said}"
    if arrow.reason == "required":
        yield f"  - {words['reason']}"
    if arrow.second:
        yield f"  - {words['second']}"


def meaning_of(
    call: Call, known: Mapping[str, Any], language: str, names: Mapping[str, str]
) -> str:
    """What a guard or an effect says, its parameters in words."""
    params = {name: _in_words(value, names) for name, value in call.params.items()}
    return str(known[call.name].meaning[language]).format(**params)


def _in_words(value: Any, names: Mapping[str, str]) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(names.get(one, str(one)) for one in values)
