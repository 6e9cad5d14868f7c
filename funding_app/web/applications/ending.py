"""Ending a case as its applicants: withdrawing asks first, and a draft nobody saw is deleted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.builder import AnswerForm, form_class
from funding_app.access import APPLICANT_ROLES, Person
from funding_app.engine import Refused, StaleVersion
from funding_app.engine.storage.statements import row_of
from funding_app.models import Call, Process
from funding_app.queries.applications import cases
from funding_app.queries.applications.answers import section_versions
from funding_app.queries.applications.possibilities import Step
from funding_app.queries.calls import calls
from funding_app.refusals import words
from funding_app.services.applications.drafts import delete_draft, held_by
from funding_app.services.applications.steps import steps_for
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import as_id, language, needs_person, number_of, portal, signed_in
from workflows.definition import State


@dataclass(frozen=True, slots=True)
class Tried:
    """An event that was tried and did not happen, with everything that was typed."""

    event: str
    form: AnswerForm
    reason: str
    refusals: list[str]
    at_reason: str = ""


def end_of(process: Process, person: Person, step: Step) -> State | None:
    """The state in which an applicant's step ends the process for good; it is confirmed apart."""
    rights = rights_on(process, person)
    arrows = rights.definition.arrows_from(process.state)
    arrow = next((each for each in arrows if each.event == step.event), None)
    own = rights.roles & APPLICANT_ROLES
    if arrow is None or step.tone != "danger" or not own.intersection(arrow.roles):
        return None
    end = rights.definition.states[arrow.target]
    return end if end.terminal else None


def confirmed_apart(process: Process, person: Person, steps: list[Step]) -> set[str]:
    """The events among the steps that have a page of their own."""
    return {step.event for step in steps if step.allowed and end_of(process, person, step)}


@blueprint.get("/cases/<process_id>/events/<event>")
@needs_person
def confirm(process_id: str, event: str) -> str | Response:
    """What a step that ends the case means, before it is taken."""
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        page = confirmation(session, process, person, event)
    return page or redirect(url_for("applications.case", process_id=process_id))


def confirmation(
    session: Session, process: Process, person: Person, event: str, tried: Tried | None = None
) -> str:
    """The page that asks first; empty where the step is not to be taken so, or not now."""
    steps = steps_for(
        session, portal().machinery, row_of(process), person,
        now=portal().now(), language=language(),
    )  # fmt: skip
    step = next((each for each in steps if each.event == event and each.allowed), None)
    end = end_of(process, person, step) if step else None
    if step is None or end is None:
        return ""
    call = session.get(Call, process.call_id) if process.call_id and process.is_root else None
    return render_template(
        "applications/confirm.html",
        process=process,
        definition=portal().machinery.definition_of(process),
        step=step,
        end=end,
        form=tried.form if tried else form_class(step.fields, language())(formdata=None),
        tried=tried,
        call=call,
        is_open=call is not None and calls.is_open(call, portal().now()),
        running=[
            each for each in cases.children_of(session, person, process.id) if not each.is_terminal
        ],
        may_delete=rights_on(process, person).may_delete,
    )


@blueprint.get("/cases/<process_id>/delete")
@needs_person
def confirm_deletion(process_id: str) -> str:
    with portal().database.read() as session:
        return _deletion_page(session, as_id(process_id))


def _deletion_page(session: Session, process_id: uuid.UUID, refusal: str = "") -> str:
    process = visible_process(session, signed_in(), process_id)
    if not rights_on(process, signed_in()).may_delete:
        abort(404)
    sections, files, comments = held_by(session, process.id)
    return render_template(
        "applications/delete.html",
        process=process,
        definition=portal().machinery.definition_of(process),
        version=sum(section_versions(session, process.id).values()),
        sections=sections,
        files=files,
        comments=comments,
        refusal=refusal,
    )


@blueprint.post("/cases/<process_id>/delete")
@needs_person
def delete(process_id: str) -> Response | tuple[str, int]:
    """Deletes a draft that nobody else has seen, unless somebody has written meanwhile."""
    person, found = signed_in(), as_id(process_id)
    with portal().database.read() as session:
        visible_process(session, person, found)
    try:
        with portal().database.write() as session:
            delete_draft(
                session, portal().machinery, found, person,
                expected_version=number_of(request.form.get("version")) or 0, when=portal().now(),
            )  # fmt: skip
    except (Refused, StaleVersion) as error:
        with portal().database.read() as session:
            return _deletion_page(session, found, _why_not(error)), 409
    flash(_("Der Entwurf ist gelöscht."), "success")
    return redirect(url_for("applications.case_list"))


def _why_not(error: Refused | StaleVersion) -> str:
    if isinstance(error, Refused):
        return words(error.refusals[0], language())
    return str(_("Inzwischen hat jemand weitergeschrieben. Bitte sehen Sie noch einmal nach."))
