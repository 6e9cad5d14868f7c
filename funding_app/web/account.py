"""Signing in and out, and a new account for an applying organisation."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from funding_app.adapters.clock import system_clock
from funding_app.models import Organisation
from funding_app.services import accounts
from funding_app.web.desk import portal, typed

account = Blueprint("account", __name__, url_prefix="/account")
SHORTEST_PASSWORD = 10


def _safe_next(target: str) -> str:
    """Only a path of this server is a place to go on to."""
    parts = urlsplit(target)
    local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if local and not parts.netloc else url_for("work.tasks")


@account.get("/sign-in")
def sign_in() -> str:
    return render_template("account/sign_in.html", email="", next=request.args.get("next", ""))


def _again(email: str, message: str) -> str:
    """The page once more, with what was typed and the way the person was on."""
    flash(message, "error")
    way = typed(request.form, "next")
    return render_template("account/sign_in.html", email=email, next=way)


@account.post("/sign-in")
def do_sign_in() -> Response | tuple[str, int]:
    email, address, now = typed(request.form, "email"), request.remote_addr or "", system_clock()
    # the slow hash is computed outside the write, which on SQLite everybody waits for
    with portal().database.read() as db:
        try:
            accounts.check_attempts(db, email, address, now)
        except accounts.TooManyAttempts:
            return _again(email, _("Zu viele Versuche. Bitte warten Sie eine Viertelstunde.")), 429
        user_id = accounts.verified(db, email, typed(request.form, "password"))
    with portal().database.write() as db:
        if user_id is None:
            accounts.note_failed(db, email, address, now)
        else:
            secret = accounts.sign_in(db, user_id, now)
    if user_id is None:
        return _again(email, _("E-Mail-Adresse oder Passwort stimmen nicht.")), 422
    kept = session.get("language")
    session.clear()
    session["secret"] = secret
    if kept:
        session["language"] = kept
    return redirect(_safe_next(request.form.get("next", "")))


@account.post("/sign-out")
def sign_out() -> Response:
    secret = session.pop("secret", None)
    if secret:
        with portal().database.write() as db:
            accounts.sign_out(db, secret)
    return redirect(url_for("public.start"))


@account.get("/register")
def register() -> str:
    return render_template("account/register.html", values={}, errors={})


def _registration_errors(values: dict[str, str]) -> dict[str, str]:
    errors = {
        name: _("Bitte füllen Sie dieses Feld aus.")
        for name in ("name", "organisation", "city", "email")
        if not values[name].strip()
    }
    if "@" not in values["email"] and "email" not in errors:
        errors["email"] = _("Bitte geben Sie eine E-Mail-Adresse an.")
    if len(values["password"]) < SHORTEST_PASSWORD:
        errors["password"] = _("Bitte wählen Sie mindestens 10 Zeichen.")
    return errors


@account.post("/register")
def do_register() -> Response | tuple[str, int]:
    names = ("name", "organisation", "city", "email", "password")
    values = {name: typed(request.form, name) for name in names}
    errors = _registration_errors(values)
    if not errors and not _open_account(values):
        errors["email"] = _("Mit dieser Adresse gibt es schon ein Konto.")
    if errors:
        return render_template("account/register.html", values=values, errors=errors), 422
    flash(_("Ihr Konto ist angelegt. Bitte melden Sie sich an."), "success")
    return redirect(url_for("account.sign_in"))


def _open_account(values: dict[str, str]) -> bool:
    now = portal().now()
    with portal().database.write() as db:
        user_id = accounts.register(
            db, email=values["email"], name=values["name"], password=values["password"], now=now
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
