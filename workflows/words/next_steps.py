"""What an applicant can expect: who acts in a state, how long, and what can come after it.

Read off the definition alone, so that every programme tells it, also one that an office has
written itself. Names stand for offices, never for persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.definition import Definition, Limit, State, Text, Transition
from workflows.vocabulary import Relation, owner_of, roles_by
from workflows.vocabulary.terms import text

APPLICANTS = roles_by(Relation.APPLICANT)

SPANS: Mapping[str, Text] = {
    "working_days": text("{} Arbeitstage", "{} working days"),
    "days": text("{} Tage", "{} days"),
    "weeks": text("{} Wochen", "{} weeks"),
    "months": text("{} Monate", "{} months"),
}
ONE: Mapping[str, Text] = {
    "working_days": text("einen Arbeitstag", "one working day"),
    "days": text("einen Tag", "one day"),
    "weeks": text("eine Woche", "one week"),
    "months": text("einen Monat", "one month"),
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a state means for the time ahead.

    `is_own`: the applicants themselves have to act. `span` is how long the state may wait by the
    definition, `waits` why it has no limit; both may be missing where a date says it.
    """

    is_end: bool
    is_own: bool
    office: Text
    task: Text | None
    span: Text | None
    waits: Text | None
    following: tuple[State, ...]


def outlook(definition: Definition, state: State) -> Outlook:
    """What can be expected in a state of a definition."""
    is_own = is_applicants(state)
    return Outlook(
        is_end=state.terminal,
        is_own=is_own,
        office=_office(state),
        task=state.task,
        span=span(state.limit),
        waits=state.waits_without_limit,
        following=() if state.terminal else _following(definition, state),
    )


def is_applicants(state: State) -> bool:
    """Whether the applicants have to act in the state."""
    return state.owner in APPLICANTS


def _office(state: State) -> Text:
    """How the owner of a state is called to those outside."""
    owner = owner_of(state)
    return (owner and owner.outsiders) or {}


def span(limit: Limit | None) -> Text | None:
    """How long a limit is, in words; `None` where a date decides."""
    if limit is None or limit.unit not in SPANS:
        return None
    if limit.amount == 1:
        return ONE[limit.unit]
    words = SPANS[limit.unit]
    return {language: words[language].format(limit.amount) for language in words}


def is_giving_up(arrow: Transition) -> bool:
    """Whether the arrow is an applicant's own way out, which is nothing to be expected."""
    own = bool(arrow.roles) and APPLICANTS.issuperset(arrow.roles)
    return own and arrow.tone == "danger"


def _following(definition: Definition, state: State) -> tuple[State, ...]:
    """The states that can come next, the usual first; steps back only where there is no other."""
    places = [phase.id for phase in definition.phases]
    arrows = sorted(definition.arrows_from(state.id), key=_rank)
    targets = [
        definition.states[arrow.target]
        for arrow in arrows
        if arrow.target != state.id and not is_giving_up(arrow)
    ]
    ahead = [each for each in targets if places.index(each.phase) >= places.index(state.phase)]
    return tuple({each.id: each for each in ahead or targets}.values())


def _rank(arrow: Transition) -> tuple[bool, bool, bool, int]:
    return (arrow.tone == "danger", arrow.tone != "primary", arrow.by == "person", arrow.index)
