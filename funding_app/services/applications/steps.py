"""The steps a person could take on a process, each allowed or with every reason against it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from funding_app.access import Person, roles_on
from funding_app.engine import Machinery, ProcessRow, snapshot_of
from funding_app.engine.objections import objections
from funding_app.queries.applications.possibilities import Step, chosen_now
from funding_app.refusals import words
from funding_app.services.applications.information_requests import suggested
from workflows import explain
from workflows.snapshot import Actor


def steps_for(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    person: Person,
    *,
    now: datetime,
    language: str,
) -> list[Step]:
    """Every event of the present state that the person's roles could fire."""
    actor = Actor(str(person.id), roles_on(person.grants, person.id, process))
    snapshot = snapshot_of(session, machinery, process, actor, now)
    definition = machinery.definition_of(process)
    found = explain(definition, snapshot)
    passed = [each.transition for each in found if each.allowed]
    children = snapshot.children if definition.reads_children else None
    against = objections(session, machinery, process, passed, children=children)
    refusals = {each.event: (*each.refusals, *against.get(each.event, ())) for each in found}
    return [
        Step(
            event=possibility.event,
            label=possibility.transition.title[language],
            tone=possibility.transition.tone,
            reason=possibility.transition.reason,
            needs_second=bool(possibility.transition.second),
            law=possibility.transition.law,
            fields=chosen_now(session, process.id, possibility.transition.fields),
            refusals=[(each.code, words(each, language)) for each in refusals[possibility.event]],
            suggested=suggested(session, process, possibility.transition, now),
        )
        for possibility in found
    ]
