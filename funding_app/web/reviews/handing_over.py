"""Handing a review over to somebody else: by who was asked for it, or by the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice, code_list, parse_fields
from funding_app import services
from funding_app.access import is_own_review
from funding_app.engine import Command, Refused, StaleVersion
from funding_app.models import Process
from funding_app.queries.reviews.reviewers import Reviewing
from funding_app.queries.reviews.successors import handing_over, proposed_to
from funding_app.refusals import words
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import (
    as_id,
    language,
    needs_person,
    number_of,
    portal,
    signed_in,
)
from funding_app.web.reviews.blueprint import blueprint
from workflows.definition import Transition
from workflows.snapshot import Refusal
from workflows.vocabulary.tags import Record

REASON = schema.get("handing_over").field("reason")


def _label(each: Reviewing, *, with_load: bool) -> str:
    fields = {choice.value: choice.label[language()] for choice in code_list("expertise")}
    known = ", ".join(fields.get(code, code) for code in each.fields)
    load = _("%(load)s von %(most)s Gutachten", load=each.load, most=each.most) if with_load else ""
    return " – ".join(part for part in (each.name, known, load) if part)


def _form(arrow: Transition, people: Sequence[Reviewing], *, with_load: bool) -> type[AnswerForm]:
    labels = {str(each.id): _label(each, with_load=with_load) for each in people}
    choices = tuple(Choice(key, {"de": text, "en": text}) for key, text in labels.items())
    fields = tuple(
        replace(field, choices=choices, choices_from=None)
        if field.choices_from == "successors"
        else field
        for field in parse_fields(arrow.fields)
    )
    reason = replace(REASON, required=arrow.reason == "required")
    return form_class((*fields, reason), language())


@blueprint.get("/cases/<process_id>/hand-over")
@needs_person
def hand_over(process_id: str) -> str | Response:
    with portal().database.read() as session:
        process, arrow, people = _found(session, process_id)
        if arrow is None:
            return redirect(url_for("applications.case", process_id=process_id))
        own = is_own_review(signed_in(), process)
        return _page(process, arrow, people, _form(arrow, people, with_load=not own)())


def _found(session: Session, process_id: str) -> tuple[Process, Transition | None, list[Reviewing]]:
    process = visible_process(session, signed_in(), as_id(process_id))
    if process.record != Record.REVIEW:
        abort(404)
    rights = rights_on(process, signed_in())
    arrow = handing_over(rights)
    return process, arrow, proposed_to(session, process, rights) if arrow else []


def _page(
    process: Process,
    arrow: Transition,
    people: Sequence[Reviewing],
    form: AnswerForm,
) -> str:
    return render_template(
        "reviews/hand_over.html",
        process=process,
        arrow=arrow,
        people=people,
        own=is_own_review(signed_in(), process),
        form=form,
    )


@blueprint.post("/cases/<process_id>/hand-over")
@needs_person
def do_hand_over(process_id: str) -> Response | tuple[str, int]:
    with portal().database.read() as session:
        process, arrow, people = _found(session, process_id)
    if arrow is None:
        abort(409)
    own = is_own_review(signed_in(), process)
    form = _form(arrow, people, with_load=not own)()
    if not form.validate():
        return _page(process, arrow, people, form), 422
    if problem := _handed_over(process, arrow.event, form):
        form.tell({"successor": [problem]})
        return _page(process, arrow, people, form), 409
    flash(_("Übergeben. Die andere Person bekommt eine Einladung."), "success")
    return redirect(url_for("applications.case", process_id=process_id))


def _handed_over(process: Process, event: str, form: AnswerForm) -> str:
    """Hands the review over; returns why not."""
    answers = answers_of(form)
    reason = answers.pop(REASON.id)
    command = Command(
        process.id, event, signed_in().id, portal().now(), data=answers, reason=reason,
        expected_version=number_of(request.form.get("version")),
    )  # fmt: skip
    try:
        with portal().database.write() as session:
            services.fire(session, portal().machinery, command)
    except Refused as refused:
        return words(refused.refusals[0], language())
    except StaleVersion:
        return words(Refusal("stale"), language())
    return ""
