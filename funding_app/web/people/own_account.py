"""The own account: name and language, what to hear of, the password, where one is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Field
from funding_app.access import APPLICANT_ROLES
from funding_app.adapters.clock import system_clock
from funding_app.documents.mails import compose
from funding_app.models import UserAccount, new_id
from funding_app.queries.mails.preferences import topics_for, ways_of
from funding_app.queries.mails.recipients import recipient_of
from funding_app.services.mails import preferences
from funding_app.services.mails.notices import write_mail
from funding_app.services.people import accounts
from funding_app.web.people.blueprint import blueprint
from funding_app.web.people.sessions import verify
from funding_app.web.request import language, needs_person, portal, signed_in, typed

FORM = schema.get("own_account")
FORMS = ("person", "notifications", "password")


def _fields(section: str) -> list[Field]:
    """The questions of a section; topics only as far as the person can hear of them."""
    asked = list(FORM.section(section).fields)
    if section != "notifications":
        return asked
    heard = topics_for(signed_in().roles)
    return [each for each in asked if each.id in heard]


def _made(section: str, **data: object) -> AnswerForm:
    return form_class(_fields(section), language())(**data)


def _page(db: Session, tried: Mapping[str, AnswerForm]) -> str:
    """The page; `tried` holds the form that was sent and could not be done, by its section."""
    who = db.get_one(UserAccount, signed_in().id)
    known = {"name": who.name, "own_language": who.language, **ways_of(db, who.id)}
    return render_template(
        "people/own_account.html",
        account=who,
        forms={each: tried.get(each) or _made(each, data=known, formdata=None)
               for each in FORMS},
        sessions=accounts.own_sessions(db, who.id, session["secret"], system_clock()),
        is_applicant=bool(signed_in().roles & APPLICANT_ROLES),
    )  # fmt: skip


def _again(section: str, form: AnswerForm, status: int = 422) -> tuple[str, int]:
    with portal().database.read() as db:
        return _page(db, {section: form}), status


@blueprint.get("/account")
@needs_person
def own() -> str:
    with portal().database.read() as db:
        return _page(db, {})


@blueprint.post("/account/person")
@needs_person
def save_person() -> Response | tuple[str, int]:
    form = _made("person")
    if not form.validate():
        return _again("person", form)
    answers = answers_of(form)
    with portal().database.write() as db:
        accounts.describe_self(
            db, signed_in().id, name=answers["name"], language=answers["own_language"]
        )
    session["language"] = answers["own_language"]
    return _done("#person")


@blueprint.post("/account/notifications")
@needs_person
def save_notifications() -> Response | tuple[str, int]:
    form = _made("notifications")
    if not form.validate():
        return _again("notifications", form)
    with portal().database.write() as db:
        preferences.choose(db, signed_in().id, answers_of(form))
    return _done("#notifications")


def _done(anchor: str = "") -> Response:
    flash(_("Gespeichert."), "success")
    return redirect(url_for("people.own") + anchor)


@blueprint.post("/account/password")
@needs_person
def change_password() -> Response | tuple[str, int]:
    """A new password for the old one; whoever is signed in elsewhere has to sign in again."""
    with portal().database.read() as db:
        email = db.get_one(UserAccount, signed_in().id).email
    form = _made("password")
    if not form.validate():
        return _again("password", form)
    found = verify(email, form.old_password.data)
    if isinstance(found, tuple):
        wrong = _("Das ist nicht Ihr jetziges Passwort.") if found[1] != 429 else found[0]
        form.tell({"old_password": [wrong]})
        return _again("password", form, found[1])
    hashed = accounts.hash_password(form.new_password.data)
    with portal().database.write() as db:
        accounts.change_password(db, found, hashed, session["secret"])
        _tell_of_password(db)
    flash(_("Ihr neues Passwort gilt. An anderen Geräten sind Sie abgemeldet."), "success")
    return redirect(url_for("people.own"))


def _tell_of_password(db: Session) -> None:
    """A mail nobody can switch off: who did not do it has to know."""
    settings = portal().settings
    person = recipient_of(db.get_one(UserAccount, signed_in().id))
    words = compose("password", person.language, {
        "name": person.name,
        "link": f"{settings.base_url}/account",
        "site": settings.site_name,
    })  # fmt: skip
    host = urlsplit(settings.base_url).hostname or "localhost"
    write_mail(db, f"password:{new_id()}", person, words, host, portal().now())


@blueprint.post("/account/sessions")
@needs_person
def end_sessions() -> Response:
    """Signs out one other browser, or all others."""
    wanted, person_id = typed(request.form, "end"), signed_in().id
    with portal().database.write() as db:
        if wanted == "others":
            count = accounts.end_other_sessions(db, person_id, session["secret"])
        else:
            count = int(accounts.end_session(db, person_id, wanted))
    told = ngettext("%(num)s Sitzung beendet.", "%(num)s Sitzungen beendet.", count)
    flash(told, "success")
    return redirect(url_for("people.own") + "#sessions")
