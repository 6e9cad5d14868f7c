"""Writing: drafts by section, saved at any time, checked as a whole, with both versions kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.budget import years_of
from forms.builder import AnswerForm, answers_of, form_class
from forms.checks import Errors
from forms.comparing import Difference, differences
from forms.schema import FormSchema, Section, self_namings, unanswered
from funding_app.access import Person
from funding_app.access.lists import APPLYING_ROLES
from funding_app.engine.storage.statements import row_of
from funding_app.models import AnswerSection, Process
from funding_app.queries.applications import answers as queries
from funding_app.queries.applications.answers import answers_of as saved_answers
from funding_app.queries.applications.messages import count_comments
from funding_app.queries.calls import calls
from funding_app.queries.files.attachments import Files, files_seen
from funding_app.queries.reviews.readable import is_blind
from funding_app.services.applications.answers import StaleAnswers, form_of
from funding_app.services.applications.cases import create_application
from funding_app.services.applications.edit_right import NotEditable
from funding_app.services.applications.prefill import own_data
from funding_app.services.applications.presence import STAYS, note_present
from funding_app.services.applications.steps import steps_for
from funding_app.services.files.scans import infected_errors, problems_in
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.file_transfer import Incoming, receive_files, show_files
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import as_id, language, needs_person, portal, signed_in
from funding_app.web.saving import (
    closed_meanwhile,
    put_aside,
    save_sections,
    saved_quietly,
    writable,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a section is: `empty`, `begun` (something is missing or wrong) or `complete`."""

    section: Section
    stage: str
    errors: Mapping[str, list[str]]


def progress_of(
    session: Session, process_id: uuid.UUID, form: FormSchema, answers: Mapping[str, Any]
) -> list[Progress]:
    """The sections with what is still missing in each."""
    errors = problems_in(session, process_id, form, answers, language())
    return [_progress(section, answers, errors) for section in form.sections]


def _progress(
    section: Section, answers: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> Progress:
    ids = {field.id for field in section.fields}
    own = {name: texts for name, texts in errors.items() if name.partition("-")[0] in ids}
    own |= {field.id: [_("Noch nicht beantwortet.")] for field in unanswered(section, answers)}
    begun = any(answers.get(name) not in (None, "", [], {}, False) for name in ids)
    return Progress(section, ("begun" if begun else "empty") if own else "complete", own)


@blueprint.post("/calls/<ref>/applications")
@needs_person
def begin(ref: str) -> Response:
    person = signed_in()
    own = sorted(person.organisations(APPLYING_ROLES))
    with portal().database.write() as session:
        call = calls.find_call(session, ref)
        if call is None or not own:
            abort(404)
        if not calls.is_open(call, portal().now()):
            flash(_("Unter diesem Aufruf sind zurzeit keine neuen Anträge möglich."), "error")
            return redirect(url_for("calls.call_page", ref=ref))
        process = create_application(
            session,
            portal().machinery,
            call,
            organisation_id=own[0],
            actor_id=person.id,
            when=portal().now(),
        )
    return redirect(url_for("applications.case", process_id=process.id))


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page of a form is about: the process, its form and the section at hand."""

    process: Process
    form: FormSchema
    section: Section
    saved: Mapping[str, Any]
    saved_section: AnswerSection | None
    saved_by: str
    others: str
    comments: int
    is_blind: bool
    files: Files
    infected: Errors

    @property
    def version(self) -> int:
        return self.saved_section.version if self.saved_section else 0


def desk_of(session: Session, person: Person, process_id: str, section_id: str) -> Desk:
    process, form = writable(session, person, process_id)
    section = next((each for each in form.sections if each.id == section_id), None)
    if section is None:
        abort(404)
    saved = saved_answers(session, process.id) | queries.period_of(session, process)
    kept = session.get(AnswerSection, (process.id, section_id))
    name = queries.saved_by(session, kept) if kept else ""
    others = others_in(session, process.id, section_id, person)
    comments = count_comments(session, process.id, section_id)
    blind = _is_judged_blind(session, process)
    files = _files_of(session, process, person)
    infected = infected_errors(files.infected, language())
    return Desk(
        process, form, section, saved, kept, name, others, comments, blind, files, infected
    )  # fmt: skip


def _files_of(session: Session, process: Process, person: Person) -> Files:
    return files_seen(session, process.id, rights_on(process, person))


def _is_judged_blind(session: Session, process: Process) -> bool:
    return process.is_root and is_blind(session, process)


def others_in(session: Session, process_id: uuid.UUID, section: str, person: Person) -> str:
    """Who else has the section before them, in words."""
    since = portal().now() - STAYS
    names = queries.present_in(session, process_id, section, but=person.id, since=since)
    return _("Gerade auch hier: %(names)s.", names=", ".join(names)) if names else ""


def _form_of(desk: Desk, **data: Any) -> AnswerForm:
    ids = {field.id for field in desk.section.fields}
    others = {name: value for name, value in desk.saved.items() if name not in ids}
    years = years_of(desk.saved)
    return form_class(desk.section.fields, language(), others=others, years=years)(**data)


@blueprint.get("/cases/<process_id>/form/<section_id>")
@needs_person
def section(process_id: str, section_id: str) -> str:
    with portal().database.read() as session:
        desk = desk_of(session, signed_in(), process_id, section_id)
        fresh = desk.saved_section is None
        own = own_data(session, desk.process.organisation_id, desk.section) if fresh else {}
    form = _form_of(desk, data=own | dict(desk.saved))
    if desk.saved_section is not None:
        form.tell(_joined(desk.infected, form.check(complete="check" in request.args)))
    return _section_page(desk, form)


def _differences(desk: Desk, form: AnswerForm, stale: StaleAnswers) -> list[Difference]:
    """Where what was typed is another than what was saved meanwhile."""
    found = differences(desk.form, stale.answers, answers_of(form))
    return [each for each in found if each.section.id == desk.section.id]


def _section_page(
    desk: Desk,
    form: AnswerForm,
    stale: StaleAnswers | None = None,
    aside: Sequence[str] = (),
) -> str:
    ids = [each.id for each in desk.form.sections]
    place = ids.index(desk.section.id)
    return render_template(
        "applications/section.html",
        process=desk.process,
        schema=desk.form,
        section=desk.section,
        form=form,
        place=place + 1,
        following=desk.form.sections[place + 1] if place + 1 < len(ids) else None,
        saved_section=desk.saved_section,
        saved_by=desk.saved_by,
        others=desk.others,
        comments=desk.comments,
        is_blind=desk.is_blind,
        version=stale.current if stale else desk.version,
        stale=stale,
        differences=_differences(desk, form, stale) if stale else [],
        files=desk.files,
        put_aside=aside,
        upload_to=url_for(
            "applications.section", process_id=desk.process.id, section_id=desk.section.id
        ),
    )


@blueprint.post("/cases/<process_id>/form/<section_id>")
@needs_person
def save(process_id: str, section_id: str) -> Response | tuple[str, int]:
    person = signed_in()
    with portal().database.read() as session:
        if closed := _closed_before(session, person, process_id, section_id):
            return closed, 409
        desk = desk_of(session, person, process_id, section_id)
    form = _form_of(desk, data=dict(desk.saved))
    incoming, refused = receive_files(form)
    try:
        versions = save_sections(desk.process, {section_id: answers_of(form)}, person, incoming)
    except StaleAnswers as stale:
        return _conflict(person, desk, form, stale, incoming), 409
    except NotEditable:
        return closed_meanwhile(desk.process, [desk.section], form), 409
    if request.form.get("go") == "auto":
        return saved_quietly(versions)
    errors = _joined(form.check(complete=False), refused)
    if errors or form.changes_rows or {"remove", "restore"} & set(request.form):
        with portal().database.read() as session:
            fresh = desk_of(session, person, process_id, section_id)
        show_files(form, fresh.saved)
        form.tell(_joined(fresh.infected, errors))
        return _section_page(fresh, form), 422 if errors else 200
    flash(_("Gespeichert."), "success")
    return redirect(_next_place(desk))


def _conflict(
    person: Person,
    desk: Desk,
    form: AnswerForm,
    stale: StaleAnswers,
    incoming: Mapping[str, Incoming],
) -> str:
    """The page with both texts; files that came with it are kept as earlier versions."""
    put_aside(desk.process, person, incoming)
    with portal().database.read() as session:
        fresh = desk_of(session, person, str(desk.process.id), desk.section.id)
    show_files(form, fresh.saved)
    aside = [upload.name for each in incoming.values() for upload in each.uploads]
    return _section_page(fresh, form, stale, aside)


def _closed_before(
    session: Session, person: Person, process_id: str, section_id: str
) -> str | None:
    """What an applicant typed into a form that was closed when it came, such as by a colleague."""
    process = visible_process(session, person, as_id(process_id))
    rights = rights_on(process, person)
    closed = rights.applies and not rights.may_write
    form = form_of(session, row_of(process)) if closed else None
    sections = [each for each in form.sections if each.id == section_id] if form else []
    if not sections:
        return None
    return closed_meanwhile(process, sections, form_class(sections[0].fields, language())())


@blueprint.post("/cases/<process_id>/form/<section_id>/presence")
@needs_person
def presence(process_id: str, section_id: str) -> Response:
    """Notes that the person has the section before them; says who else has."""
    person = signed_in()
    with portal().database.read() as session:
        process, form = writable(session, person, process_id)
        if section_id not in {each.id for each in form.sections}:
            abort(404)
        others = others_in(session, process.id, section_id, person)
    with portal().database.write() as session:
        note_present(session, process.id, section_id, person.id, portal().now())
    return jsonify(text=others)


def _joined(one: Errors, other: Errors) -> Errors:
    return one | {name: [*one.get(name, []), *texts] for name, texts in other.items()}


def _next_place(desk: Desk) -> str:
    ids = [each.id for each in desk.form.sections]
    following = ids.index(desk.section.id) + 1
    if request.form.get("go") == "next" and following < len(ids):
        return url_for(
            "applications.section", process_id=desk.process.id, section_id=ids[following]
        )
    if request.form.get("go") == "stay":
        return url_for(
            "applications.section", process_id=desk.process.id, section_id=desk.section.id
        )
    return url_for("applications.case", process_id=desk.process.id)


@blueprint.get("/cases/<process_id>/check")
@needs_person
def check(process_id: str) -> str:
    """All answers before they are handed in, with what is missing, and the way to hand them in."""
    person = signed_in()
    with portal().database.read() as session:
        process, form = writable(session, person, process_id)
        answers = saved_answers(session, process.id)
        steps = steps_for(
            session,
            portal().machinery,
            row_of(process),
            person,
            now=portal().now(),
            language=language(),
        )
        return render_template(
            "applications/check.html",
            process=process,
            schema=form,
            answers=answers,
            progress=progress_of(session, process.id, form, answers),
            files=_files_of(session, process, person),
            named=self_namings(form, answers) if _is_judged_blind(session, process) else [],
            handing_in=[step for step in steps if step.tone == "primary"],
            state=rights_on(process, person).state,
        )
