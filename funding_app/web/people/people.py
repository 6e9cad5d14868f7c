"""Accounts and roles. Nobody changes their own."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access import APPLICANT_ROLES, MINISTRY_ROLES, SCOPED_ROLES
from funding_app.access.lists import PEOPLE_ROLES
from funding_app.adapters.clock import system_clock
from funding_app.queries.people.people import Listed, find_account, list_people, organisations
from funding_app.services.people import accounts
from funding_app.web.people.blueprint import blueprint
from funding_app.web.request import as_id, language, needs_role, portal, signed_in, typed
from workflows.vocabulary import ROLE_TITLES

log = structlog.get_logger()
PERSON = schema.get("person")


@blueprint.get("/admin/people")
@needs_role(PEOPLE_ROLES)
def people() -> str:
    return _people_page(_account_form())


def _account_form() -> AnswerForm:
    return form_class(PERSON.section("person").fields, language())()


def _people_page(form: AnswerForm) -> str:
    wanted = {name: request.args.get(name, "").strip()[:100] for name in ("q", "role", "after")}
    with portal().database.read() as session:
        page = list_people(session, search=wanted["q"], role=wanted["role"], after=wanted["after"])
    return render_template(
        "people/people.html",
        page=page, wanted=wanted, form=form, roles=ROLE_TITLES, section=PERSON.section("person"),
    )  # fmt: skip


@blueprint.post("/admin/people")
@needs_role(PEOPLE_ROLES)
def create_person() -> Response | tuple[str, int]:
    form = _account_form()
    if not form.validate():
        return _people_page(form), 422
    answers = answers_of(form)
    with portal().database.write() as session:
        user_id = accounts.register(
            session,
            email=answers["email"],
            name=answers["name"],
            password=uuid.uuid4().hex,
            now=system_clock(),
        )
        password = accounts.set_password(session, user_id) if user_id else ""
    if user_id is None:
        form.tell({"email": [_("Mit dieser Adresse gibt es schon ein Konto.")]})
        return _people_page(form), 422
    _note("account_created", user_id)
    _tell_password(password)
    return redirect(url_for("people.person", user_id=user_id))


def _tell_password(password: str) -> None:
    flash(
        _(
            "Das erste Passwort ist %(password)s. Es wird nur jetzt gezeigt; bitte übergeben Sie "
            "es auf sicherem Weg.",
            password=password,
        ),
        "success",
    )


@blueprint.get("/admin/people/<user_id>")
@needs_role(PEOPLE_ROLES)
def person(user_id: str) -> str:
    with portal().database.read() as session:
        found = _found(session, user_id)
        return _person_page(found, _role_form(session))


def _found(session: Session, user_id: str) -> Listed:
    found = find_account(session, as_id(user_id))
    if found is None:
        abort(404)
    return found


def _role_form(session: Session) -> AnswerForm:
    choices = {
        "roles": [Choice(name, text) for name, text in ROLE_TITLES.items()],
        "organisations": [
            Choice(str(row.id), {"de": row.name_de, "en": row.name_de})
            for row in organisations(session, "ministry", "applicant")
        ],
    }
    return form_class(PERSON.section("role").fields, language(), choices=choices)()


def _person_page(found: Listed, form: AnswerForm) -> str:
    own = found.account.id == signed_in().id
    return render_template("people/person.html", found=found, form=form, roles=ROLE_TITLES, own=own)


def _changeable(session: Session, user_id: str) -> Listed:
    """Another person's account; one's own is changed by somebody else."""
    found = _found(session, user_id)
    if found.account.id == signed_in().id:
        abort(403)
    return found


@blueprint.post("/admin/people/<user_id>/roles")
@needs_role(PEOPLE_ROLES)
def give_role(user_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        found = _changeable(session, user_id)
        form = _role_form(session)
        if not form.validate() or not _scope_fits(session, form):
            return _person_page(found, form), 422
        answers = answers_of(form)
        scope = uuid.UUID(answers["organisation"]) if answers["organisation"] else None
        given = accounts.grant_role(
            session, found.account.id, answers["role"], system_clock(), scope,
            granted_by=signed_in().id,
        )  # fmt: skip
    if given:
        _note("role_given", as_id(user_id), role=answers["role"])
        flash(_("Die Rolle ist gegeben und gilt ab sofort."), "success")
    else:
        flash(_("Diese Rolle hat die Person schon."), "info")
    return redirect(url_for("people.person", user_id=user_id))


def _scope_fits(session: Session, form: AnswerForm) -> bool:
    """Roles of ministries and applicants are for one organisation of that kind; others for none."""
    answers = answers_of(form)
    role, chosen = answers["role"], answers["organisation"]
    kinds = {str(row.id): row.kind for row in organisations(session, "ministry", "applicant")}
    wanted = "ministry" if role in MINISTRY_ROLES else "applicant"
    if role not in SCOPED_ROLES and chosen:
        problem = _("Diese Rolle gilt überall. Bitte lassen Sie die Organisation leer.")
    elif role in MINISTRY_ROLES and kinds.get(chosen) != wanted:
        problem = _("Bitte wählen Sie das Ministerium, für das die Rolle gilt.")
    elif role in APPLICANT_ROLES and kinds.get(chosen) != wanted:
        problem = _("Bitte wählen Sie die antragstellende Organisation.")
    else:
        return True
    form.tell({"organisation": [problem]})
    return False


@blueprint.post("/admin/people/<user_id>/roles/<assignment_id>/take")
@needs_role(PEOPLE_ROLES)
def take_role(user_id: str, assignment_id: str) -> Response:
    with portal().database.write() as session:
        found = _changeable(session, user_id)
        role = accounts.revoke_role(session, found.account.id, as_id(assignment_id))
    if role is not None:
        _note("role_taken", as_id(user_id), role=role)
        flash(_("Die Rolle ist genommen."), "success")
    return redirect(url_for("people.person", user_id=user_id))


@blueprint.post("/admin/people/<user_id>/account")
@needs_role(PEOPLE_ROLES)
def change_account(user_id: str) -> Response:
    """Locks the account, lets it in again, or sets a new password."""
    wanted = typed(request.form, "do")
    with portal().database.write() as session:
        found = _changeable(session, user_id)
        if wanted == "password":
            _tell_password(accounts.set_password(session, found.account.id))
        elif wanted in ("lock", "unlock"):
            accounts.set_active(session, found.account.id, wanted == "unlock")
        else:
            abort(400)
    _note(f"account_{wanted}", as_id(user_id))
    if wanted == "lock":
        flash(_("Das Konto ist gesperrt; alle Sitzungen sind beendet."), "success")
    elif wanted == "unlock":
        flash(_("Das Konto ist wieder offen."), "success")
    return redirect(url_for("people.person", user_id=user_id))


def _note(event: str, user_id: uuid.UUID, **more: Any) -> None:
    log.info(event, account=str(user_id), by=str(signed_in().id), **more)
