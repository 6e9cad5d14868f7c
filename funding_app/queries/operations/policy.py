"""The whole permission table, worked out from the definitions and the access rules.

For every role, related to a process or not, and every event in every state: what the engine
answers such a person. The answers are the engine's own (`access.roles_on`, `workflows.decide`),
asked with a process and a person made for the question. What depends on the case (guards) and who
has to confirm (four eyes) stands beside each permitted event.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from funding_app.access import Grant, roles_on
from workflows import decide
from workflows.definition import Definition, Transition
from workflows.guards import GUARDS
from workflows.snapshot import Actor, Outcome, Snapshot
from workflows.vocabulary import ROLES, Relation

ALLOWED = "allowed"
PERSON, ORGANISATION, STRANGER = (uuid.UUID(int=number) for number in (1, 2, 3))
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rule:
    """One cell of the table: `answer` is `allowed` or the code of the refusal.

    `depends_on` are the codes with which guards may still refuse in a case; `second` the roles
    of which another person must confirm.
    """

    role: str
    relation: str
    kind: str
    version: int
    state: str
    event: str
    answer: str
    depends_on: tuple[str, ...] = ()
    second: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _AskedAbout:
    """A process that the person is related to in every way, or in none."""

    organisation_id: uuid.UUID | None
    ministry_id: uuid.UUID | None
    assignee_id: uuid.UUID | None


RELATED = _AskedAbout(ORGANISATION, ORGANISATION, PERSON)
FOREIGN = _AskedAbout(STRANGER, STRANGER, STRANGER)


def policy(definitions: Iterable[Definition]) -> Iterator[Rule]:
    """Every cell: kind by kind, state by state, event by event, role by role."""
    for definition in definitions:
        bare = _without_circumstances(definition)
        events = sorted({arrow.event for arrow in definition.transitions})
        for state in definition.states:
            for event in events:
                yield from _cells(definition, bare, state, event)


def _without_circumstances(definition: Definition) -> Definition:
    """The definition without what depends on a case: only states, events and roles remain."""
    arrows = tuple(
        replace(arrow, when=(), guards=(), effects=()) for arrow in definition.transitions
    )
    return replace(definition, transitions=arrows, sha256=f"{definition.sha256} bare")


def _cells(definition: Definition, bare: Definition, state: str, event: str) -> Iterator[Rule]:
    arrows = [arrow for arrow in definition.arrows_from(state) if arrow.event == event]
    for role in sorted(ROLES):
        for relation, held in _held(role):
            outcome = decide(bare, Snapshot(state, SOME_TIME, Actor(str(PERSON), held)), event)
            cell = Rule(role, relation, definition.key, definition.version, state, event, ALLOWED)
            if isinstance(outcome, Outcome):
                yield _with_conditions(cell, [arrow for arrow in arrows if role in arrow.roles])
            else:
                yield replace(cell, answer=outcome[0].code)


def _held(role: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The relations in which a role may stand, each with the roles that then count."""
    grants = [Grant(role, None), Grant(role, ORGANISATION)]
    relation = ROLES[role].relation
    if relation is not Relation.NOBODY:
        yield relation, roles_on(grants, PERSON, RELATED)
    if relation is not Relation.OFFICE:  # it needs none, so there is no process without one
        yield Relation.NOBODY, roles_on(grants, PERSON, FOREIGN)


def _with_conditions(cell: Rule, arrows: list[Transition]) -> Rule:
    codes = {code for arrow in arrows for call in arrow.guards for code in GUARDS[call.name].codes}
    second = {role for arrow in arrows for role in arrow.second}
    return replace(cell, depends_on=tuple(sorted(codes)), second=tuple(sorted(second)))
