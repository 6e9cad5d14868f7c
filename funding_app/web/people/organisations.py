"""Ministries, offices and agencies, and the programmes they lead."""

from __future__ import annotations

import re

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access.lists import ORGANISATION_ROLES
from funding_app.models import Organisation
from funding_app.queries.people.people import every_organisation, programmes
from funding_app.rules.periods import GERMAN_REGIONS
from funding_app.services.people import organisations as service
from funding_app.web.choices import ministry_choices
from funding_app.web.people.blueprint import blueprint
from funding_app.web.request import as_id, language, needs_role, portal

FORM, PROGRAMME = schema.get("organisation"), schema.get("programme")
REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")


def _form(session: Session, found: Organisation | None = None) -> AnswerForm:
    choices = {
        "successors": ministry_choices(session),
        "regions": [Choice(key, {"de": name, "en": name}) for key, name in GERMAN_REGIONS.items()],
    }
    data = (
        service.answers_of_organisation(found)
        if found
        else {"kind": "ministry", "seat_region": "DE-BE", "issuer": "supreme_authority"}
    )
    return form_class(FORM.fields, language(), choices=choices)(data=data)


def _programme_form(session: Session) -> AnswerForm:
    choices = {"ministries": ministry_choices(session)}
    return form_class(PROGRAMME.fields, language(), choices=choices)(prefix="programme-")


def _page(session: Session, form: AnswerForm, programme_form: AnswerForm) -> str:
    return render_template(
        "people/organisations.html",
        organisations=every_organisation(session),
        programmes=programmes(session),
        form=form,
        programme_form=programme_form,
        schema=FORM,
    )


@blueprint.get("/admin/organisations")
@needs_role(ORGANISATION_ROLES)
def organisations() -> str:
    with portal().database.read() as session:
        return _page(session, _form(session), _programme_form(session))


@blueprint.post("/admin/organisations")
@needs_role(ORGANISATION_ROLES)
def create_organisation() -> Response | tuple[str, int]:
    with portal().database.write() as session:
        form = _form(session)
        if not _written(session, form):
            return _page(session, form, _programme_form(session)), 422
    flash(_("Die Organisation ist angelegt."), "success")
    return redirect(url_for("people.organisations"))


def _written(session: Session, form: AnswerForm, found: Organisation | None = None) -> bool:
    """Writes what the form says; tells it what does not go together."""
    if not form.validate():
        return False
    try:
        service.write_organisation(session, answers_of(form), found.id if found else None)
    except service.WrongOrder:
        form.tell(
            {"valid_to": [_("Das Ende liegt vor dem Anfang, oder der Nachfolger ist sie selbst.")]}
        )
        return False
    return True


@blueprint.get("/admin/organisations/<organisation_id>")
@needs_role(ORGANISATION_ROLES)
def organisation(organisation_id: str) -> str:
    with portal().database.read() as session:
        found = _found(session, organisation_id)
        return render_template(
            "people/organisation.html", found=found, form=_form(session, found), schema=FORM
        )


def _found(session: Session, organisation_id: str) -> Organisation:
    found = session.get(Organisation, as_id(organisation_id))
    if found is None or found.kind == "applicant":
        abort(404)
    return found


@blueprint.post("/admin/organisations/<organisation_id>")
@needs_role(ORGANISATION_ROLES)
def change_organisation(organisation_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        found = _found(session, organisation_id)
        form = _form(session, found)
        if not _written(session, form, found):
            page = "people/organisation.html"
            return render_template(page, found=found, form=form, schema=FORM), 422
    flash(_("Die Organisation ist gespeichert."), "success")
    return redirect(url_for("people.organisations"))


@blueprint.post("/admin/programmes")
@needs_role(ORGANISATION_ROLES)
def create_programme() -> Response | tuple[str, int]:
    with portal().database.write() as session:
        form = _programme_form(session)
        if form.validate():
            answers = answers_of(form)
            if not REFERENCE.fullmatch(answers["key"]):
                text = _("Bitte 3 bis 40 Zeichen: Kleinbuchstaben, Ziffern, Bindestriche.")
                form.tell({"key": [text]})
            else:
                try:
                    service.create_programme(session, answers)
                except service.Taken:
                    form.tell({"key": [_("Dieses Kennzeichen ist vergeben.")]})
        if form.problems:
            return _page(session, _form(session), form), 422
    flash(_("Das Programm ist angelegt. Legen Sie jetzt seinen ersten Aufruf an."), "success")
    return redirect(url_for("calls.calls"))
