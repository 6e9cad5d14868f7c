"""A case's page: where it stands, what can be done, what belongs to it, and what happened."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import FormSchema, parse_fields
from funding_app import services
from funding_app.access import APPLICANT_ROLES, Person
from funding_app.engine import Command, Refused, StaleVersion
from funding_app.engine.idempotency import MAXIMUM_LENGTH
from funding_app.models import Approval, Process
from funding_app.queries.applications import cases
from funding_app.queries.applications.history import log_of
from funding_app.queries.applications.possibilities import Step, chosen_now
from funding_app.queries.files.attachments import Files, files_of
from funding_app.queries.reviews.readable import is_blind, is_blind_to, is_own_review
from funding_app.queries.reviews.successors import neighbours
from funding_app.refusals import field_of, words
from funding_app.services.applications.answers import form_and_requests, form_of
from funding_app.services.applications.drafts import may_delete
from funding_app.services.applications.steps import steps_for
from funding_app.services.reviews.reviewer_view import application_seen
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.applications.ending import Tried, confirmation, confirmed_apart
from funding_app.web.applications.information_requests import requested_of
from funding_app.web.applications.messages import seen_by
from funding_app.web.applications.sections import progress_of
from funding_app.web.applications.standing import standing_of
from funding_app.web.files.downloads import sees_drafts
from funding_app.web.filters import answer_text, choice_of, financing_types, points
from funding_app.web.process import (
    answers_seen,
    may_read_answers,
    may_read_reasons,
    may_write,
    row_of,
    state_of,
    visible_process,
)
from funding_app.web.received_at import arrived
from funding_app.web.request import (
    as_id,
    language,
    needs_person,
    number_of,
    portal,
    signed_in,
    text_problem,
    typed,
)
from funding_app.web.reviews.declaration import for_reviewer
from funding_app.web.reviews.discussion import is_discussed
from funding_app.web.reviews.reviewers_files import files_to_check
from workflows.definition import Definition, Transition
from workflows.snapshot import Refusal
from workflows.words import diagram

JUDGED = ("review_assignment", "co_signature", "approval")


@blueprint.get("/cases/<process_id>")
@needs_person
def case(process_id: str) -> str:
    with portal().database.read() as session:
        return _case_page(session, as_id(process_id), signed_in())


def _case_page(
    session: Session, process_id: uuid.UUID, person: Person, tried: Tried | None = None
) -> str:
    process, record = cases.find_with_record(session, person, process_id) or abort(404)
    row = row_of(process)
    machinery, now = portal().machinery, portal().now()
    steps = steps_for(session, machinery, row, person, now=now, language=language())
    children = cases.children_with_names(session, person, process.id)
    written = _written(session, process, person)
    return render_template(
        "applications/case.html",
        process=process,
        definition=machinery.definition_of(row),
        definitions=machinery.definitions,
        state=state_of(process),
        steps=steps,
        forms=_step_forms(steps, tried),
        tried=tried,
        apart=confirmed_apart(process, person, steps),
        may_delete=may_delete(machinery, process, person),
        record=record,
        children=children,
        standing=standing_of(session, process, person, children),
        discussed=is_discussed(process, person, children),
        documents=cases.documents_of(session, process.id, person),
        receipt=cases.receipt_of(session, process.id) if process.is_root else None,
        messages=bool(seen_by(process, person)),
        reasons_seen=may_read_reasons(process, person),
        files_to_check=files_to_check(session, process, person, written["files"]),
        **_beside(session, process),
        **for_reviewer(session, process, person),
        **written,
    )


def _beside(session: Session, process: Process) -> dict[str, Any]:
    """The record of a child process, with the names that its page needs."""
    record = cases.record_beside(session, process)
    if process.definition_key == "approval" and record:
        return {"beside": record, **_proposed(session, process, record.Approval)}
    if process.definition_key == "review_assignment":
        return {"beside": record, "neighbours": neighbours(session, process.id)}
    named = process.definition_key in ("co_signature", "payment_request")
    ministries = cases.ministry_names(session) if named else {}
    return {"beside": record, "ministries": ministries, "financing": financing_types()}


def _proposed(session: Session, process: Process, approval: Approval) -> dict[str, Any]:
    """What a second person confirms: the event, its data and its reason, in words."""
    parent = session.get_one(Process, process.parent_id)
    arrow = _arrow(parent, approval.event)
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


def _written(session: Session, process: Process, person: Person) -> dict[str, Any]:
    """The answers on the process itself, and the application it is about."""
    form, requests = form_and_requests(session, row_of(process))
    shown = may_read_answers(process, person)
    answers = answers_seen(session, process, person) if form and shown else {}
    writing = form is not None and may_write(process, person)
    application = application_beside(session, process, person) if shown else None
    forms = [form if answers else None, application[0] if application else None]
    asks_files = any(each.type == "file" for one in forms if one for each in one.fields)
    return {
        "form": form,
        "answers": answers,
        "writing": writing,
        "progress": progress_of(session, process.id, form, answers) if form and writing else [],
        "requests": requested_of(requests, form, answers) if form and shown else [],
        "application": application,
        "files": _files(session, process, person) if asks_files else Files(),
    }


def _files(session: Session, process: Process, person: Person) -> Files:
    """The files that the page's answers name; a reviewer gets copies and no earlier versions."""
    if is_own_review(person, process):
        return Files()
    judged = process.definition_key in JUDGED
    about = process.root_id if judged else process.id
    is_written = judged or bool(APPLICANT_ROLES.intersection(state_of(process).editable))
    return files_of(session, about, drafts=sees_drafts(process, person), is_written=is_written)


def application_beside(
    session: Session, process: Process, person: Person
) -> tuple[FormSchema, dict[str, Any]] | None:
    """The application a child process is about, for those who judge it."""
    if process.is_root or process.definition_key not in JUDGED:
        return None
    if is_own_review(person, process):
        blind = is_blind(session, process)
        return application_seen(session, process.root_id, is_blind=blind)
    root = session.get_one(Process, process.root_id)
    form = form_of(session, row_of(root))
    return (form, answers_seen(session, root, person)) if form else None


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


@blueprint.post("/cases/<process_id>/events/<event>")
@needs_person
def fire(process_id: str, event: str) -> AnyResponse | tuple[str, int]:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        fields = parse_fields(_arrow(process, event).fields)
    form = form_class(fields, language())(prefix=f"{event}-")
    errors, reason = form.tell(form.check(complete=True)), typed(request.form, "reason")
    at_reason = text_problem(reason) or ""
    refusals: Sequence[Refusal] = ()
    if not errors and not at_reason:
        refusals = _try(_command(process, event, person, form))
        errors = form.tell(_at_fields(refusals, {"reason", *(field.id for field in fields)}))
        at_reason = " ".join(errors.get("reason", ()))
    if errors or at_reason or refusals:
        told = [words(each, language()) for each in refusals if field_of(each) not in errors]
        return _again(process.id, person, Tried(event, form, reason, told, at_reason))
    return redirect(url_for("applications.case", process_id=process_id))


def _at_fields(refusals: Sequence[Refusal], names: Collection[str]) -> dict[str, list[str]]:
    """Of what is refused for the content of one of these fields, the words by field."""
    told: dict[str, list[str]] = {}
    for each in refusals:
        if field_of(each) in names:
            told.setdefault(field_of(each), []).append(words(each, language()))
    return told


def _again(process_id: uuid.UUID, person: Person, tried: Tried) -> tuple[str, int]:
    """The page with what was typed, and why it did not happen."""
    with portal().database.read() as session:
        process = visible_process(session, person, process_id)
        page = confirmation(session, process, person, tried.event, tried)
        page = page or _case_page(session, process_id, person, tried)
        return page, 409 if tried.refusals else 422


def _try(command: Command) -> Sequence[Refusal]:
    """Fires; returns why not."""
    try:
        with portal().database.write() as session:
            fired = services.fire(session, portal().machinery, command)
    except Refused as refused:
        return refused.refusals
    except StaleVersion:
        return [Refusal("stale")]
    pending = _("Vorgeschlagen. Eine zweite Person muss noch bestätigen.")
    flash(pending if fired.pending else _("Erledigt."), "success")
    return ()


def _arrow(process: Process, event: str) -> Transition:
    definition = portal().machinery.definition_of(row_of(process))
    arrows = [arrow for arrow in definition.transitions if arrow.event == event]
    if not arrows:
        abort(404)
    return next((arrow for arrow in arrows if arrow.source == process.state), arrows[0])


def _command(process: Process, event: str, person: Person, form: AnswerForm) -> Command:
    return Command(
        process.id,
        event,
        person.id,
        portal().now(),
        data=answers_of(form),
        reason=typed(request.form, "reason"),
        expected_version=number_of(request.form.get("version")),
        key=typed(request.form, "key")[:MAXIMUM_LENGTH] or None,
        received_at=arrived(),
    )


@blueprint.get("/cases/<process_id>/history")
@needs_person
def history(process_id: str) -> str:
    with portal().database.read() as session:
        process = visible_process(session, signed_in(), as_id(process_id))
        definition = portal().machinery.definition_of(row_of(process))
        log = log_of(session, process.id, only=seen_actor(session, signed_in(), process))
        return render_template(
            "applications/history.html",
            process=process,
            definition=definition,
            state=state_of(process),
            log=log,
            reasons=_reasons(log, definition) if may_read_reasons(process, signed_in()) else {},
            timers=cases.timers_of(session, process.id),
            arrows=diagram.table(definition, language()),
        )


def _reasons(log: Sequence[Any], definition: Definition) -> dict[int, str]:
    """What those who acted gave as their reason, by number of the record; erased ones are gone."""
    payloads = {record.seq: json.loads(text) for record, _name, text, _proposer in log if text}
    found = {seq: payload["reason"] for seq, payload in payloads.items() if payload.get("reason")}
    found |= {
        seq: " – ".join(
            filter(None, (choice_of(definition, "decline", str(why)), data.get("declined_words")))
        )
        for seq, payload in payloads.items()
        if (why := (data := payload.get("data") or {}).get("declined_for"))
    }
    return found | {
        seq: _("Punktzahl vorher %(before)s, jetzt %(score)s", before=points(Decimal(was)),
               score=points(Decimal(payload["notes"]["score"])))
        for seq, payload in payloads.items()
        if (was := payload.get("notes", {}).get("score_before"))
    }  # fmt: skip


def seen_actor(session: Session, person: Person, process: Process) -> uuid.UUID | None:
    """Whose name alone stands in the log: the reader's own, in what a reviewer may know.

    Where a case is reviewed blind, and where somebody else was asked for the review before.
    """
    before = is_own_review(person, process) and "before" in neighbours(session, process.id)
    return person.id if before or is_blind_to(session, person, process) else None


@blueprint.get("/cases/<process_id>/diagram.svg")
@needs_person
def picture(process_id: str) -> Response:
    """The definition's diagram with this case's path; text where Graphviz is missing."""
    with portal().database.read() as session:
        process = visible_process(session, signed_in(), as_id(process_id))
        definition = portal().machinery.definition_of(row_of(process))
        path = cases.path_of(session, process.id)
    drawing = diagram.draw(definition, language(), path)
    media = "image/svg+xml" if drawing.kind == "svg" else "text/plain; charset=utf-8"
    return Response(drawing.text, mimetype=media)
