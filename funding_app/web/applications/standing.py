"""Where a case stands, for those who applied: whose turn it is, until when, and what may follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from funding_app.access import Person
from funding_app.models import Process
from funding_app.queries.applications import cases
from funding_app.web.process import rights_on
from funding_app.web.request import language
from workflows.definition import Definition
from workflows.words.next_steps import Outlook, outlook, span


@dataclass(frozen=True, slots=True)
class Duty:
    """What the applicants themselves have to do on a process, and until when."""

    process: Process
    words: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the page says about where a process stands.

    `following` are titles of states with the usual length of each; `passed` what has happened.
    """

    outlook: Outlook
    due_at: datetime | None
    duties: Sequence[Duty]
    following: Sequence[tuple[str, str]]
    passed: Sequence[tuple[datetime, str]]


def standing_of(
    session: Session, process: Process, person: Person, children: Iterable[Any]
) -> Standing | None:
    """Where a process stands for its applicants; nobody else is told so."""
    rights = rights_on(process, person)
    if not rights.applies:
        return None
    definition = rights.definition
    ahead = outlook(definition, rights.state)
    known = [process, *(row.Process for row in children)]
    return Standing(
        ahead,
        None if process.is_terminal else process.due_at,
        [duty for each in known if (duty := _duty(each, person)) is not None],
        [
            (state.title[language()], (span(state.limit) or {}).get(language(), ""))
            for state in ahead.following
        ],
        _passed(session, process, definition),
    )


def _duty(process: Process, person: Person) -> Duty | None:
    """What the person has to do; who only reads or writes has not to sign."""
    rights = rights_on(process, person)
    state = rights.state
    if not outlook(rights.definition, state).is_own or state.owner not in rights.roles:
        return None
    return Duty(process, (state.task or state.title)[language()], process.due_at)


def _passed(
    session: Session, process: Process, definition: Definition
) -> list[tuple[datetime, str]]:
    """What has happened; a state of an earlier version that is gone has no words any more."""
    return [
        (row.at, definition.states[row.state].title[language()])
        for row in cases.steps_of(session, process.id)
        if row.state in definition.states
    ]
