"""A case's page: where it stands, what can be done, and what belongs to it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from forms.builder import AnswerForm, form_class
from funding_app.access import Person
from funding_app.engine.storage.statements import row_of
from funding_app.models import Approval, Process
from funding_app.queries.applications import cases
from funding_app.queries.applications.possibilities import Step, chosen_now
from funding_app.queries.reviews.discussions import is_discussed
from funding_app.queries.reviews.successors import neighbours
from funding_app.services.applications.steps import steps_for
from funding_app.services.reviews.own_review import beside_review
from funding_app.services.reviews.reviewers_files import files_to_check
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.applications.ending import Tried, confirmed_apart
from funding_app.web.applications.standing import standing_of
from funding_app.web.applications.written import written_on
from funding_app.web.filters import answer_text, financing_types
from funding_app.web.process import rights_on
from funding_app.web.request import as_id, language, needs_person, portal, signed_in
from funding_app.web.review_words import suspicions_of_you
from workflows.definition import Transition
from workflows.vocabulary.tags import Record


@blueprint.get("/cases/<process_id>")
@needs_person
def case(process_id: str) -> str:
    with portal().database.read() as session:
        return case_page(session, as_id(process_id), signed_in())


def case_page(
    session: Session, process_id: uuid.UUID, person: Person, tried: Tried | None = None
) -> str:
    """The page of a process, or 404; with what was tried and did not happen."""
    process, record = cases.find_with_record(session, person, process_id) or abort(404)
    machinery, now = portal().machinery, portal().now()
    rights = rights_on(process, person)
    steps = steps_for(session, machinery, row_of(process), person, now=now, language=language())
    children = cases.children_with_names(session, person, process.id)
    written = written_on(session, process, rights)
    return render_template(
        "applications/case.html",
        process=process,
        definition=rights.definition,
        definitions=machinery.definitions,
        state=rights.state,
        steps=steps,
        forms=_step_forms(steps, tried),
        tried=tried,
        apart=confirmed_apart(process, person, steps),
        may_delete=rights.may_delete,
        record=record,
        children=children,
        standing=standing_of(session, process, person, children),
        discussed=is_discussed(process, person, children),
        documents=cases.documents_of(session, process.id, person),
        receipt=cases.receipt_of(session, process.id) if process.is_root else None,
        messages=bool(rights.audiences),
        reasons_seen=rights.reads_reasons,
        files_to_check=files_to_check(session, process, rights, written["files"]),
        suspicions=suspicions_of_you(),
        **_beside(session, process),
        **beside_review(session, machinery, process, person, now),
        **written,
    )


def _beside(session: Session, process: Process) -> dict[str, Any]:
    """The record of a child process, with the names that its page needs."""
    record = cases.record_beside(session, process)
    if process.record == Record.APPROVAL and record:
        return {"beside": record, **_proposed(session, process, record.Approval)}
    if process.record == Record.REVIEW:
        return {"beside": record, "neighbours": neighbours(session, process.id)}
    named = process.record in {Record.CO_SIGNATURE, Record.PAYMENT_REQUEST}
    ministries = cases.ministry_names(session) if named else {}
    return {"beside": record, "ministries": ministries, "financing": financing_types()}


def _proposed(session: Session, process: Process, approval: Approval) -> dict[str, Any]:
    """What a second person confirms: the event, its data and its reason, in words."""
    parent = session.get_one(Process, process.parent_id)
    arrow = arrow_of(parent, approval.event)
    data = approval.payload.get("data") or {}
    shown = [
        (field.label[language()], answer_text(data[field.id], field))
        for field in chosen_now(session, parent.id, arrow.fields)
        if data.get(field.id) not in (None, "")
    ]
    reason = approval.payload.get("reason")
    return {
        "proposed_title": arrow.title[language()],
        "proposed": shown + ([(_("Begründung"), reason)] if reason else []),
    }


def arrow_of(process: Process, event: str) -> Transition:
    """The transition of an event, out of the present state where there is one; or 404."""
    definition = portal().machinery.definition_of(process)
    arrows = [arrow for arrow in definition.transitions if arrow.event == event]
    if not arrows:
        abort(404)
    return next((arrow for arrow in arrows if arrow.source == process.state), arrows[0])


def _step_forms(steps: list[Step], tried: Tried | None) -> dict[str, AnswerForm]:
    """An empty form per possible event, and the one that was tried as it was typed."""
    made = {
        step.event: form_class(step.fields, language())(
            formdata=None, prefix=f"{step.event}-", data=dict(step.suggested)
        )
        for step in steps
        if step.allowed
    }
    return made | ({tried.event: tried.form} if tried else {})
