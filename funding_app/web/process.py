"""Finding the process a page is about, and the rights the person has on it."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy.orm import Session

from funding_app.access import Person, Rights
from funding_app.models import Process
from funding_app.queries.applications import cases
from funding_app.web.request import portal


def visible_process(session: Session, person: Person, process_id: uuid.UUID) -> Process:
    """The process, or 404 alike for a foreign and an unknown one."""
    found = cases.find_process(session, person, process_id)
    if found is None:
        abort(404)
    return found


def rights_on(process: Process, person: Person) -> Rights:
    """What the person may see and write of the process."""
    return Rights(person, process, portal().machinery.definition_of(process))
