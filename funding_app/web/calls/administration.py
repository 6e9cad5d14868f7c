"""Calls: made from an existing one, written, published, prolonged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access.lists import CALL_ROLES
from funding_app.models import Call
from funding_app.queries.calls.calls import any_call, every_call
from funding_app.queries.calls.forms import find_form
from funding_app.queries.money.budget import budget_overview
from funding_app.queries.people.people import organisations, programmes
from funding_app.services.calls import calls as service
from funding_app.services.calls.form_contract import forms_for
from funding_app.services.people.organisations import Taken
from funding_app.services.people.organisations import create_call as create_new_call
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.choices import ministry_choices, region_choices, titled
from funding_app.web.request import language, needs_role, number_of, portal, typed

FORM, NEW, COPIED = (schema.get(key) for key in ("call", "new_call", "copied_call"))
REFERENCE = re.compile(r"(?!find$)[a-z0-9][a-z0-9-]{2,39}")  # /calls/find is a page of its own
PROLONGING = ("closes_on", "closes_time")


def _words() -> Mapping[str, str]:
    return {
        "shares_not_whole": _("Die Anteile ergeben nicht zusammen 100 Prozent."),
        "ministry_twice": _("Ein Ressort steht zweimal in der Tabelle."),
        "weights_not_whole": _("Die Gewichte ergeben nicht zusammen 100."),
        "criterion_twice": _("Ein Kurzname steht zweimal in der Tabelle."),
        "anchor_twice": _("Dieselbe Punktzahl eines Kriteriums steht zweimal in der Tabelle."),
        "anchor_of_no_criterion": _(
            "Ein Kurzname in dieser Tabelle steht nicht bei den Kriterien."
        ),
        "reviews_without_criteria": _("Gutachten brauchen mindestens ein Kriterium."),
        "form_tells_no_identity": _(
            "Das Formular dieses Aufrufs sagt von keinem Feld, dass es erkennen lässt, wer den "
            "Antrag stellt. Anonym begutachtet werden kann erst, wenn solche Felder markiert sind."
        ),
        "nothing_to_give": _(
            "Ohne Geld gibt der Aufruf etwas anderes. Bitte wählen Sie, was es ist."
        ),
        "amounts_reversed": _("Der höchste Betrag liegt unter dem kleinsten."),
        "time_unreadable": _("Bitte geben Sie die Uhrzeit so an: 12:00."),
        "time_ambiguous": _(
            "Diese Uhrzeit gibt es an dem Tag wegen der Zeitumstellung nicht oder zweimal."
        ),
        "deadline_over": _("Die Frist ist schon vorbei. Bitte setzen Sie erst eine spätere."),
        "deadline_not_later": _("Eine Frist kann nur verlängert werden."),
    }


@blueprint.get("/admin/calls")
@needs_role(CALL_ROLES)
def calls() -> str:
    with portal().database.read() as session:
        return _list_page(session)


def _list_page(
    session: Session, *, form: AnswerForm | None = None, copied: AnswerForm | None = None
) -> str:
    return render_template(
        "calls/administration.html",
        calls=every_call(session),
        copied=copied or _copied_form(session, formdata=None),
        form=form or _new_form(session, formdata=None),
        programmes=programmes(session),
    )


def _copied_form(session: Session, **data: Any) -> AnswerForm:
    """From which call a new one is made, and what it is called by."""
    calls = [
        Choice(row.Call.ref, {"de": row.Call.title_de, "en": row.Call.title_en})
        for row in every_call(session)
    ]
    return form_class(COPIED.fields, language(), choices={"calls": calls})(**data)


def _new_form(session: Session, **data: Any) -> AnswerForm:
    """What a call needs that is not made from another one."""
    newest = portal().machinery.definitions.newest()
    authorities = organisations(session, "ministry", "managing_agency")
    choices = {
        "programmes": [
            Choice(
                str(row.Programme.id), {"de": row.Programme.title_de, "en": row.Programme.title_en}
            )
            for row in programmes(session)
        ],
        "definitions": [
            Choice(one.key, dict(one.title)) for one in newest if one.record == "application"
        ],
        "authorities": [
            Choice(str(row.id), {"de": row.name_de, "en": row.name_de}) for row in authorities
        ],
    }
    return form_class(NEW.fields, language(), choices=choices)(**data)


@blueprint.post("/admin/calls/new")
@needs_role(CALL_ROLES)
def create_call() -> Response | tuple[str, int]:
    with portal().database.write() as session:
        form = _new_form(session)
        if not form.validate():
            return _list_page(session, form=form), 422
        answers = answers_of(form)
        if not REFERENCE.fullmatch(answers["new_ref"]):
            text = _("Bitte 3 bis 40 Zeichen: Kleinbuchstaben, Ziffern, Bindestriche.")
            form.tell({"new_ref": [text]})
            return _list_page(session, form=form), 422
        workflow = portal().machinery.definitions.get(answers["definition"])
        try:
            found = create_new_call(session, answers, workflow.form or "", portal().now())
        except Taken:
            form.tell({"new_ref": [_("Dieses Kennzeichen ist vergeben.")]})
            return _list_page(session, form=form), 422
        ref = found.ref
    flash(_("Der neue Aufruf ist angelegt und noch nicht veröffentlicht."), "success")
    return redirect(url_for("calls.call", ref=ref))


@blueprint.post("/admin/calls")
@needs_role(CALL_ROLES)
def copy_call() -> Response | tuple[str, int]:
    with portal().database.write() as session:
        form = _copied_form(session)
        answers = answers_of(form)
        source, ref = _call(session, answers["from"]), answers["ref"].lower()
        if form.validate() and not REFERENCE.fullmatch(ref):
            text = _("Bitte 3 bis 40 Zeichen: Kleinbuchstaben, Ziffern, Bindestriche.")
            form.tell({"ref": [text]})
        elif not form.problems and service.copy_call(session, source, ref) is None:
            form.tell({"ref": [_("Dieses Kennzeichen ist vergeben.")]})
        if form.problems:
            return _list_page(session, copied=form), 422
    flash(_("Der neue Aufruf ist angelegt und noch nicht veröffentlicht."), "success")
    return redirect(url_for("calls.call", ref=ref))


def _call(session: Session, ref: str) -> Call:
    found = any_call(session, ref)
    if found is None:
        abort(404)
    return found


@blueprint.get("/admin/calls/<ref>")
@needs_role(CALL_ROLES)
def call(ref: str) -> str:
    with portal().database.read() as session:
        found = _call(session, ref)
        return _page(session, found, _form(session, found))


def _is_fixed(session: Session, call: Call) -> bool:
    return call.is_published or service.has_applications(session, call)


def _form(session: Session, call: Call) -> AnswerForm:
    """The whole form; of a published call only what prolongs it."""
    fields = FORM.fields
    if _is_fixed(session, call):
        fields = tuple(FORM.field(name) for name in PROLONGING)
    choices = {
        "ministries": ministry_choices(session),
        "forms": _forms(session, call),
        "regions": region_choices(),
    }
    answers = service.answers_of_call(session, call)
    return form_class(fields, language(), choices=choices)(data=answers)


def _forms(session: Session, call: Call) -> list[Choice]:
    """The forms that fit the call's workflow, and the one it names now."""
    definitions = portal().machinery.definitions
    own = definitions.get(call.definition_key).form or call.form_key
    found = {
        service.form_place(form.key, form.version): form
        for form in (
            *forms_for(session, definitions, own),
            find_form(session, call.form_key, call.form_version),
        )
    }
    return [Choice(place, titled(form)) for place, form in found.items()]


def _page(
    session: Session, call: Call, form: AnswerForm, *, stale: bool = False, version: int = 0
) -> str:
    begun = service.has_applications(session, call)
    return render_template(
        "calls/edit.html",
        call=call,
        schema=FORM,
        form=form,
        fixed=call.is_published or begun,
        begun=begun,
        lines=budget_overview(session, call),
        definition=portal().machinery.definitions.get(call.definition_key),
        stale=stale,
        version=version or call.version,
    )


@blueprint.post("/admin/calls/<ref>")
@needs_role(CALL_ROLES)
def write(ref: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        found = _call(session, ref)
        form = _form(session, found)
        if form.changes_rows:
            return _page(session, found, form, version=_version()), 200
        if not form.validate():
            return _page(session, found, form, version=_version()), 422
        refused = _try(session, found, form)
        if refused is not None:
            session.rollback()
            return refused
    flash(_("Gespeichert."), "success")
    return redirect(url_for("calls.call", ref=ref))


def _version() -> int:
    shown = typed(request.form, "version")
    return number_of(shown) or 0


def _try(session: Session, call: Call, form: AnswerForm) -> tuple[str, int] | None:
    """Writes or prolongs the call; the page with the reasons where that can not be."""
    answers: Mapping[str, Any] = answers_of(form)
    try:
        if _is_fixed(session, call):
            service.prolong(session, call, answers)
        else:
            service.write_call(session, call, answers, _version())
    except service.InvalidCall as invalid:
        words = _words()
        form.tell({name: [words[code]] for name, code in invalid.problems.items()})
        return _page(session, call, form, version=_version()), 422
    except (service.CallChanged, service.CallFixed):
        return _page(session, call, form, stale=True), 409
    return None


@blueprint.post("/admin/calls/<ref>/publication")
@needs_role(CALL_ROLES)
def publication(ref: str) -> Response:
    """Publishes the call, or takes it back while nobody has begun an application."""
    wanted = typed(request.form, "do")
    with portal().database.write() as session:
        found = _call(session, ref)
        try:
            if wanted == "publish":
                service.publish(session, found, portal().now())
                flash(_("Der Aufruf ist veröffentlicht."), "success")
            else:
                service.withdraw(session, found)
                flash(_("Der Aufruf ist nicht mehr öffentlich."), "success")
        except service.InvalidCall as invalid:
            flash(_words()[next(iter(invalid.problems.values()))], "error")
        except service.CallFixed:
            flash(_("Es gibt schon Anträge; der Aufruf bleibt öffentlich."), "error")
    return redirect(url_for("calls.call", ref=ref))
