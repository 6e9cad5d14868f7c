"""Reviewing: the scoring form beside the application, saved as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from forms.builder import AnswerForm, answers_of, form_class
from forms.comparing import differences
from forms.schema import FormSchema
from funding_app import services
from funding_app.access import REVIEW_ROLES, Person
from funding_app.engine import Command, Refused
from funding_app.models import Process, Review
from funding_app.queries.applications.answers import answers_of as saved_answers
from funding_app.queries.applications.answers import section_versions
from funding_app.queries.applications.cases import SOON
from funding_app.queries.reviews.calibration import to_calibrate
from funding_app.queries.reviews.own_reviews import notes_on, own_answers, own_reviews
from funding_app.refusals import words
from funding_app.rules.reviewing.score_distribution import Given, given_scores
from funding_app.services.applications.answers import StaleAnswers
from funding_app.services.applications.edit_right import NotEditable
from funding_app.services.reviews.judged_application import application_beside
from funding_app.services.reviews.reviewer_view import Seen
from funding_app.services.reviews.reviews import save_notes
from funding_app.web.process import rights_on
from funding_app.web.request import language, needs_person, portal, signed_in, typed
from funding_app.web.reviews.blueprint import blueprint
from funding_app.web.saving import closed_meanwhile, save_sections, saved_quietly, writable
from workflows.vocabulary.tags import OWED, Record

NOTES = "private_notes"


def _assignment(session: Session, person: Person, process_id: str) -> tuple[Process, FormSchema]:
    process, schema = writable(session, person, process_id)
    if process.record != Record.REVIEW:
        abort(404)
    return process, schema


def _page(
    session: Session, process: Process, schema: FormSchema, form: AnswerForm, *, stale: bool = False
) -> str:
    saved = saved_answers(session, process.id) if stale else {}
    saved_notes = notes_on(session, process.id)
    return render_template(
        "reviews/review.html",
        process=process,
        schema=schema,
        form=form,
        stale=stale,
        differences=differences(schema, saved, answers_of(form)) if stale else [],
        saved_notes=saved_notes,
        versions=section_versions(session, process.id),
        application=_application(session, process),
        notes=typed(request.form, NOTES) if form.is_submitted() else saved_notes,
        passed_on=session.get_one(Review, process.id).passed_on,
        given=_given(session, process, schema),
    )


def _application(session: Session, process: Process) -> Seen | None:
    rights = rights_on(process, signed_in())
    return application_beside(session, portal().machinery, process, rights)


def _given(session: Session, process: Process, schema: FormSchema) -> list[tuple[str, Given]]:
    """How the reviewer has scored so far in this call, by criterion and in all."""
    titles = {each.id: each.title[language()] for each in schema.sections} | {"": _("Alle")}
    criteria = [each.id for each in schema.sections if each.id != "overall"]
    answers = own_answers(session, signed_in(), process.call_id)
    return [(titles[row.key], row) for row in given_scores(answers.values(), criteria)]


@blueprint.get("/cases/<process_id>/review")
@needs_person
def review(process_id: str) -> str:
    with portal().database.read() as session:
        process, schema = _assignment(session, signed_in(), process_id)
        form = form_class(schema.fields, language())(data=saved_answers(session, process.id))
        return _page(session, process, schema, form)


@blueprint.post("/cases/<process_id>/review")
@needs_person
def save_review(process_id: str) -> AnyResponse | tuple[str, int]:
    person, go = signed_in(), request.form.get("go")
    with portal().database.read() as session:
        process, schema = _assignment(session, person, process_id)
    form = form_class(schema.fields, language())()
    try:
        versions = save_sections(process, _by_section(schema, answers_of(form)), person)
    except StaleAnswers:
        return _again(process_id, form, stale=True), 409
    except NotEditable:
        return closed_meanwhile(process, schema.sections, form), 409
    _keep_notes(process)
    if go == "auto":
        return saved_quietly(versions)
    if form.tell(form.check(complete=go in ("check", "submit"))):
        return _again(process_id, form), 422
    return _onward(process, go)


def _keep_notes(process: Process) -> None:
    if NOTES in request.form:
        with portal().database.write() as session:
            save_notes(session, process.id, typed(request.form, NOTES), portal().now())


def _again(process_id: str, form: AnswerForm, *, stale: bool = False) -> str:
    """The page with what was typed."""
    with portal().database.read() as session:
        process, schema = _assignment(session, signed_in(), process_id)
        return _page(session, process, schema, form, stale=stale)


def _onward(process: Process, go: str | None) -> AnyResponse:
    """From a saved review to its summary, to handing it in, or back to it."""
    if go == "check":
        return redirect(url_for("applications.check", process_id=process.id))
    if go == "submit":
        return _handed_in(process)
    flash(_("Entwurf gespeichert."), "success")
    return redirect(url_for("reviews.review", process_id=process.id))


def _handed_in(process: Process) -> AnyResponse:
    arrows = rights_on(process, signed_in()).arrows
    hand_in = next(arrow.event for arrow in arrows if arrow.brings("freeze_review"))
    command = Command(process.id, hand_in, signed_in().id, portal().now())
    try:
        with portal().database.write() as session:
            services.fire(session, portal().machinery, command)
    except Refused as refused:
        for refusal in refused.refusals:
            flash(words(refusal, language()), "error")
        return redirect(url_for("reviews.review", process_id=process.id))
    flash(_("Ihr Gutachten ist abgegeben. Danke!"), "success")
    return redirect(url_for("applications.case", process_id=process.id))


@blueprint.get("/cases/<process_id>/review/print")
@needs_person
def print_pack(process_id: str) -> str:
    """The application and an empty scoring form, to be read and written on paper."""
    with portal().database.read() as session:
        process, schema = _assignment(session, signed_in(), process_id)
        return render_template(
            "reviews/review_print.html",
            process=process,
            schema=schema,
            application=_application(session, process),
        )


@blueprint.get("/reviews")
@needs_person
def reviews() -> str:
    """The reviewer's own reviews, with how many wait and until when."""
    person = signed_in()
    if not person.roles & REVIEW_ROLES:
        abort(404)
    with portal().database.read() as session:
        found, answers = own_reviews(session, person), own_answers(session, person)
        samples = to_calibrate(session, person.id)
    waiting = [row for row in found if row.tags & set(OWED)]
    now = portal().now()
    return render_template(
        "reviews/reviews.html",
        waiting=waiting,
        samples=samples,
        done=[row for row in found if row.tags.isdisjoint(OWED)],
        scored={row.id: _scored(row.criteria, answers.get(row.id, {})) for row in waiting},
        overdue=sum(row.due_at is not None and row.due_at <= now for row in waiting),
        soon=sum(row.due_at is not None and now < row.due_at <= now + SOON for row in waiting),
        definitions=portal().machinery.definitions,
    )


def _scored(criteria: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> int:
    """How many criteria have a score."""
    return sum(bool(answers.get(f"score_{each['key']}")) for each in criteria)


def _by_section(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        section.id: {field.id: answers[field.id] for field in section.fields if field.id in answers}
        for section in schema.sections
    }
