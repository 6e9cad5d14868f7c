"""Sample applications: written and watched by the office, scored by each reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Section
from funding_app.access.lists import ASSIGN_ROLES
from funding_app.models import CalibrationSample, Call
from funding_app.queries.calls.calls import any_call
from funding_app.queries.reviews.calibration import (
    call_to_calibrate,
    measured,
    own_samples,
    samples_of,
    scoring_sections,
)
from funding_app.rules.reviewing.calibration import deviation, differences
from funding_app.services.reviews import calibration as service
from funding_app.web.request import as_id, language, needs_person, needs_role, portal, signed_in
from funding_app.web.reviews.blueprint import blueprint

SAMPLE = schema.get("calibration_sample")


def _form(sections: Iterable[Section], data: Mapping[str, Any] | None = None) -> AnswerForm:
    fields = [field for section in sections for field in section.fields]
    return form_class(fields, language())(data=data)


def _call(session: Session, ref: str) -> Call:
    call = any_call(session, ref)
    if call is None or not call.criteria:
        abort(404)
    return call


def _sample(session: Session, call: Call, sample_id: str) -> CalibrationSample:
    found = session.get(CalibrationSample, as_id(sample_id))
    if found is None or found.call_id != call.id:
        abort(404)
    return found


@blueprint.get("/calls/<ref>/calibration")
@needs_role(ASSIGN_ROLES)
def calibration(ref: str) -> str:
    with portal().database.read() as session:
        call = _call(session, ref)
        return render_template(
            "reviews/calibration.html",
            call=call,
            samples=samples_of(session, call.id),
            people=measured(session, call.id),
        )


@blueprint.get("/calls/<ref>/calibration/new")
@blueprint.get("/calls/<ref>/calibration/<sample_id>")
@needs_role(ASSIGN_ROLES)
def calibration_sample(ref: str, sample_id: str = "") -> str:
    with portal().database.read() as session:
        call = _call(session, ref)
        sample = _sample(session, call, sample_id) if sample_id else None
        return _sample_page(call, sample, _form(_sections(call), _answers(sample)))


def _sections(call: Call) -> list[Section]:
    return [*SAMPLE.sections, *scoring_sections(call)]


def _answers(sample: CalibrationSample | None) -> dict[str, Any]:
    if sample is None:
        return {}
    scores = {f"score_{key}": str(score) for key, score in sample.scores.items()}
    comments = {f"comment_{key}": text for key, text in sample.comments.items()}
    return {"sample_title": sample.title, "sample_text": sample.text, **scores, **comments}


def _sample_page(call: Call, sample: CalibrationSample | None, form: AnswerForm) -> str:
    return render_template(
        "reviews/calibration_sample.html",
        call=call,
        sample=sample,
        form=form,
        sections=_sections(call),
    )


@blueprint.post("/calls/<ref>/calibration/new")
@blueprint.post("/calls/<ref>/calibration/<sample_id>")
@needs_role(ASSIGN_ROLES)
def write_sample(ref: str, sample_id: str = "") -> Response | tuple[str, int]:
    with portal().database.write() as session:
        call = _call(session, ref)
        sample = _sample(session, call, sample_id) if sample_id else None
        form = _form(_sections(call))
        if not form.validate():
            return _sample_page(call, sample, form), 422
        try:
            service.write_sample(session, call, sample, answers_of(form))
        except service.SampleFixed:
            form.tell({"sample_title": [_fixed()]})
            return _sample_page(call, sample, form), 409
    flash(_("Der Beispielantrag ist gespeichert."), "success")
    return redirect(url_for("reviews.calibration", ref=ref))


def _fixed() -> str:
    return str(_("Diesen Beispielantrag hat schon jemand bewertet; er bleibt, wie er ist."))


@blueprint.post("/calls/<ref>/calibration/<sample_id>/remove")
@needs_role(ASSIGN_ROLES)
def remove_sample(ref: str, sample_id: str) -> Response:
    with portal().database.write() as session:
        call = _call(session, ref)
        try:
            service.remove_sample(session, _sample(session, call, sample_id))
        except service.SampleFixed:
            flash(_fixed(), "error")
        else:
            flash(_("Der Beispielantrag ist entfernt."), "success")
    return redirect(url_for("reviews.calibration", ref=ref))


def _call_to_calibrate(session: Session, ref: str) -> Call:
    """The call, if it asks this person to score samples; otherwise 404."""
    return call_to_calibrate(session, ref, signed_in().id) or abort(404)


@blueprint.get("/reviews/calibration/<ref>")
@needs_person
def calibrating(ref: str) -> str:
    """The samples of a call for a reviewer, and once scored the own deviation in all."""
    with portal().database.read() as session:
        call = _call_to_calibrate(session, ref)
        found = own_samples(session, call.id, signed_in().id)
    points = [each for row in found if row[1] for each in _differences(*row).values()]
    return render_template(
        "reviews/calibrating.html",
        call=call,
        found=found,
        overall=deviation(points),
        following=next((row[0] for row in found if row[1] is None), None),
    )


def _differences(sample: CalibrationSample, score: Any) -> dict[str, int]:
    return differences(score.scores, sample.scores)


@blueprint.get("/reviews/calibration/<ref>/<sample_id>")
@needs_person
def calibrate(ref: str, sample_id: str) -> str:
    with portal().database.read() as session:
        call = _call_to_calibrate(session, ref)
        return _calibrate_page(session, call, _sample(session, call, sample_id))


def _calibrate_page(
    session: Session, call: Call, sample: CalibrationSample, form: AnswerForm | None = None
) -> str:
    """The sample with the scoring form; scored already, with the reference beside it."""
    found = own_samples(session, call.id, signed_in().id)
    own: Sequence[Any] = [score for each, score in found if each.id == sample.id and score]
    sections = scoring_sections(call)
    return render_template(
        "reviews/calibrate.html",
        call=call,
        sample=sample,
        sections=sections,
        form=form or _form(sections),
        own=own[0] if own else None,
        differences=_differences(sample, own[0]) if own else {},
        following=next((each for each, score in found if score is None), None),
    )


@blueprint.post("/reviews/calibration/<ref>/<sample_id>")
@needs_person
def score_sample(ref: str, sample_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        call = _call_to_calibrate(session, ref)
        sample = _sample(session, call, sample_id)
        form = _form(scoring_sections(call))
        if not form.validate():
            return _calibrate_page(session, call, sample, form), 422
        kept = service.score_sample(
            session, call, sample, signed_in().id, answers_of(form), portal().now()
        )
    if kept:
        flash(_("Ihre Bewertung ist festgehalten. Darunter steht die Referenz."), "success")
    else:
        flash(_("Sie haben diesen Beispielantrag schon bewertet; die erste Bewertung gilt."),
              "info")  # fmt: skip
    return redirect(url_for("reviews.calibrate", ref=ref, sample_id=sample_id))
