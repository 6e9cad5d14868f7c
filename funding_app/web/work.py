"""The inside: tasks, cases, forms, steps. One set of pages for every role, by what it may do."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import checks
from forms.schema import FormSchema, parse_fields
from funding_app import services
from funding_app.access import Person
from funding_app.engine import Command, ProcessRow, Refused, StaleVersion, rows
from funding_app.models import AnswerSection, Application, Document, Process
from funding_app.queries import calls, cases
from funding_app.queries.budget import budget_overview
from funding_app.queries.ranking import ranking_of
from funding_app.refusals import words
from funding_app.services.answers import StaleAnswers, answers_of, form_of, save_section
from funding_app.services.applications import create_application
from funding_app.services.decisions import retrieve
from funding_app.services.steps import steps_for
from funding_app.web import formdata
from funding_app.web.desk import as_id, language, needs_person, portal, signed_in, typed

work = Blueprint("work", __name__)
APPLICANT = ("applicant_signatory", "applicant_editor")


def visible_process(session: Session, person: Person, process_id: uuid.UUID) -> Process:
    """The process, or 404 alike for a foreign and an unknown one."""
    found = cases.find_process(session, person, process_id)
    if found is None:
        abort(404)
    return found


@work.get("/tasks")
@needs_person
def tasks() -> str:
    person = signed_in()
    with portal().database.read() as session:
        found = cases.open_tasks_for(session, person)
        return render_template(
            "pages/tasks.html", tasks=found, definitions=portal().machinery.definitions
        )


@work.get("/cases")
@needs_person
def case_list() -> str:
    wanted = cases.CaseFilter(
        state=request.args.get("state", ""),
        definition=request.args.get("kind", ""),
        search=request.args.get("q", "").strip()[:100],
        after=request.args.get("after"),
    )
    with portal().database.read() as session:
        page = cases.list_cases(session, signed_in(), wanted)
    definitions = portal().machinery.definitions
    return render_template("pages/cases.html", page=page, wanted=wanted, definitions=definitions)


@work.post("/calls/<ref>/applications")
@needs_person
def begin(ref: str) -> Response:
    person = signed_in()
    own = sorted(person.organisations(APPLICANT))
    with portal().database.write() as session:
        call = calls.find_call(session, ref)
        if call is None or not own:
            abort(404)
        process = create_application(
            session,
            portal().machinery,
            call,
            organisation_id=own[0],
            actor_id=person.id,
            when=portal().now(),
        )
    return redirect(url_for("work.case", process_id=process.id))


def _editable(process: ProcessRow, session: Session, person: Person) -> bool:
    state = portal().machinery.definition_of(process).states[process.state]
    actor = rows.actor_on(session, person.id, process)
    return bool(actor.roles & set(state.editable))


def _may_read_answers(process: Process, person: Person) -> bool:
    """A reviewer sees the content only after declaring to have no conflict."""
    hidden = process.definition_key == "review_assignment" and process.state == "invited"
    return not hidden or process.assignee_id != person.id


@work.get("/cases/<process_id>")
@needs_person
def case(process_id: str) -> str:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        return render_template("pages/case.html", **_case_view(session, process, person))


def _case_view(session: Session, process: Process, person: Person) -> dict[str, Any]:
    row = rows.load(session, process.id)
    definition = portal().machinery.definition_of(row)
    state = definition.states[process.state]
    form = form_of(session, row)
    shown = _may_read_answers(process, person)
    steps = steps_for(
        session, portal().machinery, row, person, now=portal().now(), language=language()
    )
    return {
        "process": process,
        "definition": definition,
        "state": state,
        "steps": steps,
        "form": form,
        "answers": answers_of(session, process.id) if form and shown else {},
        "case_form": _application_beside(session, process, person, shown),
        "record": session.get(Application, process.id) if process.is_root else None,
        "editable": _editable(row, session, person),
        "children": cases.children_of(session, person, process.id),
        "log": cases.log_of(session, process.id),
        "documents": cases.documents_of(session, process.id),
        "definitions": portal().machinery.definitions,
        "now": portal().now(),
    }


def _application_beside(
    session: Session, process: Process, person: Person, shown: bool
) -> tuple[FormSchema, dict[str, Any]] | None:
    """The application a child process is about, for those who judge it."""
    if process.is_root or not shown or process.definition_key not in (
        "review_assignment", "co_signature", "approval",
    ):  # fmt: skip
        return None
    form = form_of(session, rows.load(session, process.root_id))
    return (form, answers_of(session, process.root_id)) if form else None


@work.post("/cases/<process_id>/events/<event>")
@needs_person
def fire(process_id: str, event: str) -> Response:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        command = _command(process, event, person)
    try:
        with portal().database.write() as session:
            fired = services.fire(session, portal().machinery, command)
    except Refused as refused:
        for refusal in refused.refusals:
            flash(words(refusal, language()), "error")
    except StaleVersion:
        flash(
            _("Inzwischen hat jemand den Fall geändert. Bitte prüfen Sie den neuen Stand."), "error"
        )
    else:
        text = _("Vorgeschlagen. Eine zweite Person muss noch bestätigen.")
        flash(text if fired.pending else _("Erledigt."), "success")
    return redirect(url_for("work.case", process_id=process_id))


def _command(process: Process, event: str, person: Person) -> Command:
    row = portal().machinery.definitions.get(process.definition_key, process.definition_version)
    arrows = [arrow for arrow in row.transitions if arrow.event == event]
    if not arrows:
        abort(404)
    arrow = next((arrow for arrow in arrows if arrow.source == process.state), arrows[0])
    version = request.form.get("version", "")
    return Command(
        process.id,
        event,
        person.id,
        portal().now(),
        data=formdata.read(parse_fields(arrow.fields), request.form, language()),
        reason=typed(request.form, "reason"),
        expected_version=int(version) if version.isdigit() else None,
        key=request.form.get("key") or None,
    )


def _section(session: Session, process: Process, section_id: str) -> tuple[FormSchema, Any]:
    form = form_of(session, rows.load(session, process.id))
    if form is None:
        abort(404)
    for section in form.sections:
        if section.id == section_id:
            return form, section
    abort(404)


@work.get("/cases/<process_id>/form/<section_id>")
@needs_person
def section(process_id: str, section_id: str) -> str:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        form, found = _section(session, process, section_id)
        if not _editable(rows.load(session, process.id), session, person):
            abort(404)
        saved = session.get(AnswerSection, (process.id, section_id))
        answers = dict(saved.answers) if saved else {}
        errors = checks.check(found.fields, answers, language()) if saved else {}
        return _section_page(process, form, found, answers, errors, saved.version if saved else 0)


def _section_page(
    process: Process, form: FormSchema, found: Any, answers: Any, errors: Any, version: int
) -> str:
    years = range(portal().now().year, portal().now().year + 3)
    return render_template(
        "pages/section.html",
        process=process,
        form=form,
        section=found,
        answers=answers,
        errors=errors,
        version=version,
        years=[str(year) for year in years],
        cell=formdata.cell,
    )


@work.post("/cases/<process_id>/form/<section_id>")
@needs_person
def save(process_id: str, section_id: str) -> Response | tuple[str, int]:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        form, found = _section(session, process, section_id)
        if not _editable(rows.load(session, process.id), session, person):
            abort(404)
        answers = formdata.read(found.fields, request.form, language())
        expected = request.form.get("version", "0")
    try:
        with portal().database.write() as session:
            save_section(
                session,
                process.id,
                section_id,
                answers,
                expected_version=int(expected) if expected.isdigit() else 0,
                saved_by=person.id,
                when=portal().now(),
            )
    except StaleAnswers as stale:
        flash(
            _("Der Abschnitt wurde inzwischen woanders gespeichert. Unten stehen Ihre Angaben; "
              "die andere Fassung: %(other)s",
              other=json.dumps(dict(stale.answers), ensure_ascii=False)), "error",
        )  # fmt: skip
        return _section_page(process, form, found, answers, {}, stale.current), 409
    flash(_("Gespeichert."), "success")
    errors = checks.check(found.fields, answers, language())
    if errors and request.form.get("go") != "later":
        return redirect(url_for("work.section", process_id=process_id, section_id=section_id))
    return redirect(url_for("work.case", process_id=process_id))


@work.get("/documents/<document_id>")
@needs_person
def document(document_id: str) -> Response:
    person = signed_in()
    with portal().database.read() as session:
        found = session.get(Document, as_id(document_id))
        if found is None or found.sha256 is None:
            abort(404)
        process = visible_process(session, person, found.process_id)
        sha256, name = found.sha256, f"{process.reference}-{found.kind}.pdf"
        addressee = found.kind in ("award", "rejection") and bool(
            process.organisation_id in person.organisations(APPLICANT)
        )
        case_id = process.id
    if addressee:
        with portal().database.write() as session:
            retrieve(session, case_id, person.id, portal().now())
    path = portal().settings.storage_dir / sha256[:2] / sha256
    return send_file(
        path.resolve(), mimetype="application/pdf", as_attachment=True, download_name=name
    )


@work.get("/calls/<ref>/ranking")
@needs_person
def ranking(ref: str) -> str:
    person = signed_in()
    with portal().database.read() as session:
        call = calls.find_call(session, ref)
        if call is None or not person.roles & {"office_clerk", "panel_chair", "case_officer"}:
            abort(404)
        return render_template("pages/ranking.html", call=call, ranked=ranking_of(session, call))


@work.get("/budget")
@needs_person
def budget() -> str:
    allowed = {"certifier", "payment_authoriser", "case_officer", "budget_officer", "auditor",
               "office_clerk", "approver", "lead_signatory"}  # fmt: skip
    if not signed_in().roles & allowed:
        abort(404)
    with portal().database.read() as session:
        return render_template("pages/budget.html", lines=budget_overview(session))
