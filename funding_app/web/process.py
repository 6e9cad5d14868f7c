"""Finding the process a page is about, and what the person may see of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort
from sqlalchemy.orm import Session

from funding_app.access import APPLICANT_ROLES, MINISTRY_ROLES, OFFICE_ROLES, Person, roles_on
from funding_app.engine import ProcessRow
from funding_app.models import Process
from funding_app.queries.applications import cases
from funding_app.queries.reviews.readable import READING, is_own_review
from funding_app.services.applications.answers import answers_handed_in, answers_of
from funding_app.web.request import portal
from workflows.definition import State

APPLICANT = ("applicant_signatory", "applicant_editor")


def visible_process(session: Session, person: Person, process_id: uuid.UUID) -> Process:
    """The process, or 404 alike for a foreign and an unknown one."""
    found = cases.find_process(session, person, process_id)
    if found is None:
        abort(404)
    return found


def row_of(process: Process) -> ProcessRow:
    """The process as the engine's readers take it."""
    return ProcessRow(*(getattr(process, name) for name in ProcessRow.__slots__))


def state_of(process: Process) -> State:
    """The state the process is in, as its definition describes it."""
    definition = portal().machinery.definition_of(row_of(process))
    return definition.states[process.state]


def may_write(process: Process, person: Person) -> bool:
    """Whether the person may change the answers in the present state."""
    return bool(roles_on(person.grants, person.id, process) & set(state_of(process).editable))


def may_read_reasons(process: Process, person: Person) -> bool:
    """The reasons in a log are for offices and ministries, and a review's for who writes it."""
    roles = roles_on(person.grants, person.id, process)
    return bool(roles & (OFFICE_ROLES | MINISTRY_ROLES)) or is_own_review(person, process)


def answers_seen(session: Session, process: Process, person: Person) -> dict[str, Any]:
    """The answers as the person may read them.

    While the applicants write, everybody else reads what was handed in last.
    """
    is_written = APPLICANT_ROLES.intersection(state_of(process).editable)
    if is_written and not roles_on(person.grants, person.id, process) & APPLICANT_ROLES:
        return answers_handed_in(session, process.id)
    return answers_of(session, process.id)


def may_read_answers(process: Process, person: Person) -> bool:
    """A reviewer sees the content only after declaring to have no conflict, and not for ever."""
    return not is_own_review(person, process) or process.state in READING
