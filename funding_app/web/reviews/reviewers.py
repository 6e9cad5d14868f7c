"""Reviewers: their institution, expertise, region and load, kept by the office."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import code_list
from funding_app.access.lists import REVIEWER_ROLES
from funding_app.queries.reviews.reviewers import Reviewing, reviewers
from funding_app.rules.periods import GERMAN_REGIONS
from funding_app.services.reviews.assignment import save_profile
from funding_app.web.choices import region_choices
from funding_app.web.request import as_id, language, needs_role, portal
from funding_app.web.reviews.blueprint import blueprint

FORM = schema.get("reviewer_profile")


@blueprint.get("/admin/reviewers")
@needs_role(REVIEWER_ROLES)
def reviewer_list() -> str:
    with portal().database.read() as session:
        found = reviewers(session)
    return render_template(
        "reviews/reviewers.html",
        people=found,
        fields={choice.value: choice.label[language()] for choice in code_list("expertise")},
        regions=GERMAN_REGIONS,
    )


def _found(session: Session, user_id: uuid.UUID) -> Reviewing:
    for person in reviewers(session):
        if person.id == user_id:
            return person
    abort(404)


def _form(person: Reviewing) -> AnswerForm:
    data = {
        "affiliation": person.affiliation,
        "region": person.region,
        "most": person.most,
        "fields": list(person.fields),
    }
    choices = {"regions": region_choices()}
    return form_class(FORM.section("reviewer").fields, language(), choices=choices)(data=data)


@blueprint.get("/admin/reviewers/<user_id>")
@needs_role(REVIEWER_ROLES)
def reviewer(user_id: str) -> str:
    with portal().database.read() as session:
        person = _found(session, as_id(user_id))
    return render_template("reviews/reviewer.html", person=person, form=_form(person))


@blueprint.post("/admin/reviewers/<user_id>")
@needs_role(REVIEWER_ROLES)
def change_reviewer(user_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        person = _found(session, as_id(user_id))
        form = _form(person)
        if not form.validate():
            return render_template("reviews/reviewer.html", person=person, form=form), 422
        save_profile(session, person.id, answers_of(form))
    flash(_("Die Angaben sind gespeichert und zählen ab dem nächsten Vorschlag."), "success")
    return redirect(url_for("reviews.reviewer_list"))
