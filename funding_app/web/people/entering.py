"""Signing in and out, and a new account for an applying organisation."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.models import Invitation, Organisation
from funding_app.services.people import accounts, members
from funding_app.web import re_authentication
from funding_app.web.people.blueprint import blueprint
from funding_app.web.people.sessions import begin_session, verify
from funding_app.web.re_authentication import SIGN_IN, sign_in_form
from funding_app.web.request import language, portal, typed
from workflows.vocabulary import ROLE_TITLES

REGISTRATION = schema.get("registration")


def _safe_next(target: str) -> str:
    return target if re_authentication.is_local(target) else url_for("applications.tasks")


@blueprint.get("/account/sign-in")
def sign_in() -> str:
    way = request.args.get("next", "")
    return render_template("people/sign_in.html", form=sign_in_form(), next=way)


def _enter(form: AnswerForm, email: str) -> int | None:
    """Signs in with the password of the form; otherwise it says why not, and the status tells."""
    found = verify(email, form.password.data)
    if isinstance(found, tuple):
        form.tell({"password": [found[0]]})
        return found[1]
    with portal().database.write() as db:
        begin_session(db, found)
    return None


def _enter_as_typed(form: AnswerForm) -> int | None:
    return _enter(form, answers_of(form)["email"]) if form.validate() else 422


@blueprint.post("/account/sign-in")
def do_sign_in() -> Response | tuple[str, int]:
    form, way = sign_in_form(), typed(request.form, "next")
    refused = _enter_as_typed(form)
    if refused is None:
        return redirect(_safe_next(way))
    return render_template("people/sign_in.html", form=form, next=way), refused


@blueprint.post("/account/resume")
def resume() -> str | tuple[str, int]:
    """Signs in again with what was typed at hand; then one press sends it where it was to go."""
    form, kept = sign_in_form(), re_authentication.carried()
    refused = _enter_as_typed(form)
    if refused is None:
        return re_authentication.page(kept)
    return re_authentication.page(kept, form), refused


@blueprint.post("/account/sign-out")
def sign_out() -> Response:
    secret = session.pop("secret", None)
    if secret:
        with portal().database.write() as db:
            accounts.sign_out(db, secret)
    return redirect(url_for("operations.start"))


def _registration() -> AnswerForm:
    return form_class(REGISTRATION.fields, language())()


@blueprint.get("/account/register")
def register() -> str:
    return render_template("people/register.html", form=_registration())


@blueprint.post("/account/register")
def do_register() -> Response | tuple[str, int]:
    form = _registration()
    if form.validate() and not _open_account(answers_of(form)):
        form.tell({"email": [_("Mit dieser Adresse gibt es schon ein Konto.")]})
    if form.problems:
        return render_template("people/register.html", form=form), 422
    flash(_("Ihr Konto ist angelegt. Bitte melden Sie sich an."), "success")
    return redirect(url_for("people.sign_in"))


def _open_account(values: Mapping[str, str]) -> bool:
    now = portal().now()
    with portal().database.write() as db:
        user_id = accounts.register(
            db,
            email=values["email"],
            name=values["name"],
            password=values["password"],
            now=now,
            language=language(),
        )
        if user_id is None:
            return False
        organisation = Organisation(
            kind="applicant", name_de=values["organisation"], city=values["city"]
        )
        db.add(organisation)
        db.flush()
        accounts.grant_role(db, user_id, "applicant_signatory", now, organisation.id)
    return True


@blueprint.get("/account/invitation/<secret>")
def invitation(secret: str) -> str:
    with portal().database.read() as db:
        found = _open_invitation(db, secret)
        return _invitation_page(db, found, _joining(_is_known(db, found)))


def _open_invitation(db: Session, secret: str) -> Invitation:
    """The invitation; one that was used or is over is gone."""
    found = members.open_invitation(db, secret, portal().now())
    if found is None:
        abort(410)
    return found


def _is_known(db: Session, found: Invitation) -> bool:
    return accounts.account_of(db, found.email) is not None


def _joining(known: bool) -> AnswerForm:
    """Who has an account proves it; who has none says the name and chooses a password."""
    newcomer = [REGISTRATION.field("name"), REGISTRATION.field("password")]
    fields = [SIGN_IN.field("password")] if known else newcomer
    return form_class(fields, language())()


def _invitation_page(db: Session, found: Invitation, form: AnswerForm) -> str:
    return render_template(
        "people/invitation.html",
        organisation=db.get_one(Organisation, found.organisation_id).name_de,
        right=ROLE_TITLES[found.role][language()],
        email=found.email,
        known=_is_known(db, found),
        form=form,
    )


@blueprint.post("/account/invitation/<secret>")
def accept_invitation(secret: str) -> Response | tuple[str, int]:
    """Joins with the account of the address invited, which is made where there is none yet."""
    with portal().database.read() as db:
        found = _open_invitation(db, secret)
        known = _is_known(db, found)
    form, refused = _joining(known), None
    if not form.validate():
        refused = 422
    elif known:
        refused = _enter(form, found.email)
    if refused is not None:
        with portal().database.read() as db:
            return _invitation_page(db, found, form), refused
    _join(secret, answers_of(form), known)
    flash(_("Willkommen! Hier sehen Sie die Anträge Ihrer Organisation."), "success")
    return redirect(url_for("applications.case_list"))


def _join(secret: str, answers: Mapping[str, str], known: bool) -> None:
    with portal().database.write() as db:
        found, now = _open_invitation(db, secret), portal().now()
        user_id = accounts.account_of(db, found.email) or accounts.register(
            db,
            email=found.email,
            name=answers["name"],
            password=answers["password"],
            now=now,
            language=language(),
        )
        assert user_id is not None, "the address is free, or has an account"
        members.join(db, found, user_id, now)
        if not known:
            begin_session(db, user_id)
