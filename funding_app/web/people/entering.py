"""Signing in and out, and a new account for an applying organisation."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.parsing import is_address
from forms.values import LONGEST_LINE
from funding_app.models import Invitation, Organisation
from funding_app.services.people import accounts, members
from funding_app.web import re_authentication
from funding_app.web.people.blueprint import blueprint
from funding_app.web.people.sessions import SHORTEST_PASSWORD, begin_session, verify
from funding_app.web.request import language, portal, text_problem, typed
from workflows.vocabulary import ROLE_TITLES


def _safe_next(target: str) -> str:
    return target if re_authentication.is_local(target) else url_for("applications.tasks")


@blueprint.get("/account/sign-in")
def sign_in() -> str:
    return render_template("people/sign_in.html", email="", next=request.args.get("next", ""))


def _enter(email: str, password: str) -> tuple[str, int] | None:
    """Signs in; otherwise says why not, with the status."""
    found = verify(email, password)
    if isinstance(found, tuple):
        return found
    with portal().database.write() as db:
        begin_session(db, found)
    return None


@blueprint.post("/account/sign-in")
def do_sign_in() -> Response | tuple[str, int]:
    email, way = typed(request.form, "email"), typed(request.form, "next")
    refused = _enter(email, typed(request.form, "password"))
    if refused is None:
        return redirect(_safe_next(way))
    flash(refused[0], "error")
    return render_template("people/sign_in.html", email=email, next=way), refused[1]


@blueprint.post("/account/resume")
def resume() -> str | tuple[str, int]:
    """Signs in again with what was typed at hand; then one press sends it where it was to go."""
    email, kept = typed(request.form, "email"), re_authentication.carried()
    refused = _enter(email, typed(request.form, "password"))
    if refused is None:
        return re_authentication.page(kept, signed_in=True)
    flash(refused[0], "error")
    return re_authentication.page(kept, signed_in=False, email=email), refused[1]


@blueprint.post("/account/sign-out")
def sign_out() -> Response:
    secret = session.pop("secret", None)
    if secret:
        with portal().database.write() as db:
            accounts.sign_out(db, secret)
    return redirect(url_for("operations.start"))


@blueprint.get("/account/register")
def register() -> str:
    return render_template("people/register.html", values={}, errors={})


def _registration_errors(values: dict[str, str]) -> dict[str, str]:
    errors = {
        name: _("Bitte füllen Sie dieses Feld aus.")
        for name in ("name", "organisation", "city", "email")
        if not values[name].strip()
    }
    for name in ("name", "organisation", "city"):
        if problem := text_problem(values[name], LONGEST_LINE):
            errors[name] = problem
    if "email" not in errors and not is_address(values["email"]):
        errors["email"] = _("Bitte geben Sie eine E-Mail-Adresse an.")
    if len(values["password"]) < SHORTEST_PASSWORD:
        errors["password"] = _("Bitte wählen Sie mindestens 10 Zeichen.")
    return errors


@blueprint.post("/account/register")
def do_register() -> Response | tuple[str, int]:
    names = ("name", "organisation", "city", "email", "password")
    values = {name: typed(request.form, name) for name in names}
    errors = _registration_errors(values)
    if not errors and not _open_account(values):
        errors["email"] = _("Mit dieser Adresse gibt es schon ein Konto.")
    if errors:
        return render_template("people/register.html", values=values, errors=errors), 422
    flash(_("Ihr Konto ist angelegt. Bitte melden Sie sich an."), "success")
    return redirect(url_for("people.sign_in"))


def _open_account(values: dict[str, str]) -> bool:
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
            kind="applicant", name_de=values["organisation"].strip(), city=values["city"].strip()
        )
        db.add(organisation)
        db.flush()
        accounts.grant_role(db, user_id, "applicant_signatory", now, organisation.id)
    return True


@blueprint.get("/account/invitation/<secret>")
def invitation(secret: str) -> str:
    with portal().database.read() as db:
        found = _open_invitation(db, secret)
        return _invitation_page(db, found, {})


def _open_invitation(db: Session, secret: str) -> Invitation:
    """The invitation; one that was used or is over is gone."""
    found = members.open_invitation(db, secret, portal().now())
    if found is None:
        abort(410)
    return found


def _invitation_page(db: Session, found: Invitation, errors: dict[str, str]) -> str:
    return render_template(
        "people/invitation.html",
        organisation=db.get_one(Organisation, found.organisation_id).name_de,
        right=ROLE_TITLES[found.role][language()],
        email=found.email,
        known=accounts.account_of(db, found.email) is not None,
        name=typed(request.form, "name"),
        errors=errors,
    )


@blueprint.post("/account/invitation/<secret>")
def accept_invitation(secret: str) -> Response | tuple[str, int]:
    """Joins with the account of the address invited, which is made where there is none yet."""
    password = typed(request.form, "password")
    with portal().database.read() as db:
        found = _open_invitation(db, secret)
        email, known = found.email, accounts.account_of(db, found.email) is not None
        errors = {} if known else _newcomer_errors(password)
        if errors:
            return _invitation_page(db, found, errors), 422
    if known and (refused := _enter(email, password)):
        with portal().database.read() as db:
            return _invitation_page(db, found, {"password": refused[0]}), refused[1]
    with portal().database.write() as db:
        found, now = _open_invitation(db, secret), portal().now()
        user_id = accounts.account_of(db, email) or accounts.register(
            db,
            email=email,
            name=typed(request.form, "name"),
            password=password,
            now=now,
            language=language(),
        )
        assert user_id is not None, "the address is free, or has an account"
        members.join(db, found, user_id, now)
        if not known:
            begin_session(db, user_id)
    flash(_("Willkommen! Hier sehen Sie die Anträge Ihrer Organisation."), "success")
    return redirect(url_for("applications.case_list"))


def _newcomer_errors(password: str) -> dict[str, str]:
    errors = {}
    if not typed(request.form, "name").strip():
        errors["name"] = _("Bitte füllen Sie dieses Feld aus.")
    elif problem := text_problem(typed(request.form, "name"), LONGEST_LINE):
        errors["name"] = problem
    if len(password) < SHORTEST_PASSWORD:
        errors["password"] = _("Bitte wählen Sie mindestens 10 Zeichen.")
    return errors
