"""What a person may see and write of a process that is visible to them.

`visible_to` says which processes there are for a person, `Rights` what each of them shows and
takes. The pages and the API both ask here, and so cannot judge apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from funding_app.access.relations import (
    APPLICANT_ROLES,
    MINISTRY_ROLES,
    OFFICE_ROLES,
    Person,
    Related,
    roles_on,
)
from workflows.definition import Definition, State, Transition
from workflows.vocabulary.tags import READING, Record

ONLY_READING = frozenset({"auditor", "dpo", "applicant_reader"})
"""Roles that take no part in what is written on a case."""


class Judged(Related, Protocol):
    """What a process says of itself to whoever judges rights on it."""

    @property
    def definition_key(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def record(self) -> str: ...
    @property
    def tags(self) -> frozenset[str]: ...
    @property
    def is_root(self) -> bool: ...
    @property
    def handed_in_at(self) -> datetime | None: ...


def is_own_review(person: Person, process: Judged) -> bool:
    """Whether the process is a review that the person is asked for."""
    return process.record == Record.REVIEW and process.assignee_id == person.id


@dataclass(frozen=True, slots=True)
class Rights:
    """One person's rights on one process, by its definition and in the state it is in."""

    person: Person
    process: Judged
    definition: Definition

    @property
    def state(self) -> State:
        """The state the process is in, as its definition describes it."""
        return self.definition.states[self.process.state]

    @property
    def roles(self) -> frozenset[str]:
        """The person's roles that count on the process."""
        return roles_on(self.person.grants, self.person.id, self.process)

    @property
    def applies(self) -> bool:
        """Whether the person is one of the applicants."""
        return bool(self.roles & APPLICANT_ROLES)

    @property
    def is_reviewer(self) -> bool:
        """Whether the process is the person's own review."""
        return is_own_review(self.person, self.process)

    @property
    def may_write(self) -> bool:
        """Whether the person may change the answers in the present state."""
        return bool(self.roles.intersection(self.state.editable))

    @property
    def may_delete(self) -> bool:
        """Whether the person may delete the case: who may hand it in, as long as nobody has.

        So it is in the draft and also once it was withdrawn or closed as a draft.
        """
        if not self.process.is_root or self.process.handed_in_at is not None:
            return False
        held = self.roles & APPLICANT_ROLES
        return self.definition.states[self.definition.initial].owner in held

    @property
    def arrows(self) -> tuple[Transition, ...]:
        """The arrows out of the present state that are for one of the person's roles."""
        found = self.definition.arrows_from(self.process.state)
        return tuple(each for each in found if self.roles.intersection(each.roles))

    @property
    def reads_answers(self) -> bool:
        """A reviewer sees the content only after declaring to have no conflict, and not for ever.

        Who sees the process by another role sees its answers.
        """
        return not self.is_reviewer or not self.process.tags.isdisjoint(READING)

    @property
    def applicants_write(self) -> bool:
        """Whether the applicants may change the answers in the present state."""
        return bool(APPLICANT_ROLES.intersection(self.state.editable))

    @property
    def reads_unsent(self) -> bool:
        """Whether the person reads answers as they are saved.

        While the applicants write, everybody else reads what was handed in last.
        """
        return self.applies or not self.applicants_write

    @property
    def reads_drafts(self) -> bool:
        """Whether the person sees files that were replaced before they were ever handed in."""
        return self.applies

    @property
    def reads_reasons(self) -> bool:
        """The reasons in a log are for offices and ministries, and a review's for who writes it."""
        return bool(self.roles & (OFFICE_ROLES | MINISTRY_ROLES)) or self.is_reviewer

    @property
    def reads_versions(self) -> bool:
        """Whether the person may compare the versions that were handed in."""
        return bool(self.roles & (APPLICANT_ROLES | OFFICE_ROLES))

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whose messages on a case the person reads: `both` sides', the applicants' `own`.

        Before it is handed in there is no other side; on a child process there are no messages.
        """
        if not self.process.is_root:
            return ()
        if self.applies:
            return ("both", "own") if self.process.handed_in_at is not None else ("own",)
        return ("both",) if self.roles & OFFICE_ROLES else ()

    @property
    def may_write_messages(self) -> bool:
        """Whether one of the person's roles takes part, and not only reads."""
        return bool(self.roles & (APPLICANT_ROLES | OFFICE_ROLES) - ONLY_READING)
