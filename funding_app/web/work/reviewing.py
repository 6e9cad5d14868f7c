"""Reviewing: the scoring form beside the application, saved as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import FormSchema
from funding_app.access import Person
from funding_app.models import Process
from funding_app.queries.answers import section_versions
from funding_app.services.answers import StaleAnswers
from funding_app.services.answers import answers_of as saved_answers
from funding_app.web.desk import language, needs_person, portal, signed_in
from funding_app.web.work.blueprint import work
from funding_app.web.work.case import application_beside
from funding_app.web.work.writing import save_sections, saved_quietly, writable


def _assignment(session: Session, person: Person, process_id: str) -> tuple[Process, FormSchema]:
    process, schema = writable(session, person, process_id)
    if process.definition_key != "review_assignment":
        abort(404)
    return process, schema


def _page(
    session: Session, process: Process, schema: FormSchema, form: AnswerForm, *, stale: bool = False
) -> str:
    return render_template(
        "work/review.html",
        process=process,
        schema=schema,
        form=form,
        stale=stale,
        versions=section_versions(session, process.id),
        application=application_beside(session, process, signed_in()),
    )


@work.get("/cases/<process_id>/review")
@needs_person
def review(process_id: str) -> str:
    with portal().database.read() as session:
        process, schema = _assignment(session, signed_in(), process_id)
        form = form_class(schema.fields, language())(data=saved_answers(session, process.id))
        return _page(session, process, schema, form)


@work.post("/cases/<process_id>/review")
@needs_person
def save_review(process_id: str) -> Response | tuple[str, int]:
    person = signed_in()
    with portal().database.read() as session:
        process, schema = _assignment(session, person, process_id)
    form = form_class(schema.fields, language())()
    stale = False
    try:
        versions = save_sections(process, _by_section(schema, answers_of(form)), person)
        if request.form.get("go") == "auto":
            return saved_quietly(versions)
    except StaleAnswers:
        stale = True
    errors = form.tell(form.check(complete=request.form.get("go") == "check"))
    if stale or errors:
        with portal().database.read() as session:
            process, schema = _assignment(session, person, process_id)
            page = _page(session, process, schema, form, stale=stale)
        return page, 409 if stale else 422
    if request.form.get("go") == "check":
        return redirect(url_for("work.check", process_id=process_id))
    flash(_("Entwurf gespeichert."), "success")
    return redirect(url_for("work.review", process_id=process_id))


def _by_section(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        section.id: {field.id: answers[field.id] for field in section.fields if field.id in answers}
        for section in schema.sections
    }
