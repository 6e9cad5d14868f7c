"""One's own organisation: its data, its people and their rights, and asking somebody to join."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access import APPLICANT_ROLES
from funding_app.documents.mails import compose
from funding_app.models import Organisation, new_id
from funding_app.queries.mails.recipients import Recipient
from funding_app.queries.people import people
from funding_app.services.mails.notices import write_mail
from funding_app.services.people import members as service
from funding_app.web.people.blueprint import blueprint
from funding_app.web.request import as_id, language, needs_person, portal, signed_in, typed
from workflows.vocabulary import ROLE_TITLES

FORM = schema.get("own_organisation")


def _form(section: str, data: dict[str, Any] | None = None) -> AnswerForm:
    fields = FORM.section(section).fields
    return form_class(fields, language())(formdata=None, data=data or {})


def _sent(section: str) -> AnswerForm:
    return form_class(FORM.section(section).fields, language())()


def _own(session: Session, organisation_id: str, roles: Sequence[str]) -> Organisation:
    """One's own organisation, where one has such a right in it; else it is not there."""
    found = as_id(organisation_id)
    if found not in signed_in().organisations(roles):
        abort(404)
    return session.get_one(Organisation, found)


@blueprint.get("/organisation")
@needs_person
def own_organisations() -> Response:
    """Leads to one's organisation; who has none is asked to make an account for one."""
    own = sorted(signed_in().organisations(APPLICANT_ROLES))
    if not own:
        abort(404)
    return redirect(url_for("people.own_organisation", organisation_id=own[0]))


@blueprint.get("/organisation/<organisation_id>")
@needs_person
def own_organisation(organisation_id: str) -> str:
    with portal().database.read() as session:
        found = _own(session, organisation_id, sorted(APPLICANT_ROLES))
        return _page(session, found)


def _page(
    session: Session,
    found: Organisation,
    data: AnswerForm | None = None,
    invitation: AnswerForm | None = None,
) -> str:
    own = signed_in().organisations(APPLICANT_ROLES)
    values = {name: getattr(found, name) for name in service.OWN_DATA}
    members = people.members_of(session, own)
    return render_template(
        "people/own_organisation.html",
        found=found,
        others=people.organisation_names(session, own - {found.id}),
        members=[each for each in members if each.organisation_id == found.id],
        invited=people.invited_to(session, found.id, portal().now()),
        rights=service.RIGHTS,
        roles=ROLE_TITLES,
        signs=found.id in signed_in().organisations([service.SIGNS]),
        schema=FORM,
        data=data or _form("address", values),
        invitation=invitation or _form("invitation"),
    )


@blueprint.post("/organisation/<organisation_id>")
@needs_person
def save_organisation(organisation_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        found = _own(session, organisation_id, [service.SIGNS])
        form = _sent("address")
        if not form.validate():
            return _page(session, found, data=form), 422
        service.write_own_data(session, found.id, answers_of(form))
    flash(_("Gespeichert. Neue Anträge beginnen mit diesen Angaben."), "success")
    return redirect(url_for("people.own_organisation", organisation_id=organisation_id))


@blueprint.post("/organisation/<organisation_id>/invitations")
@needs_person
def invite(organisation_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        found = _own(session, organisation_id, [service.SIGNS])
        form = _sent("invitation")
        if not form.validate() or not _invited(session, found, form):
            return _page(session, found, invitation=form), 422
    flash(_("Die Einladung ist unterwegs. Der Link darin gilt eine Stunde."), "success")
    return redirect(url_for("people.own_organisation", organisation_id=organisation_id))


def _invited(session: Session, found: Organisation, form: AnswerForm) -> bool:
    """Invites and writes the mail; tells the form where the person is a member already."""
    answers = answers_of(form)
    now = portal().now()
    try:
        secret = service.invite(
            session,
            organisation_id=found.id,
            email=answers["member_email"],
            role=answers["right"],
            invited_by=signed_in().id,
            now=now,
        )
    except service.AlreadyMember:
        form.tell({"member_email": [_("Diese Person gehört schon zu Ihrer Organisation.")]})
        return False
    settings = portal().settings
    words = {
        "inviter": signed_in().name,
        "organisation": found.name_de,
        "right": ROLE_TITLES[answers["right"]][language()],
        "link": f"{settings.base_url}/account/invitation/{secret}",
        "site": settings.site_name,
    }
    recipient = Recipient(new_id(), answers["member_email"], "", language())
    host = urlsplit(settings.base_url).hostname or "localhost"
    mail = compose("invitation", language(), words)
    write_mail(session, f"invitation:{found.id}", recipient, mail, host, now)
    return True


@blueprint.post("/organisation/<organisation_id>/people/<user_id>")
@needs_person
def change_right(organisation_id: str, user_id: str) -> Response:
    """Gives a member another right, or takes all of them."""
    wanted = typed(request.form, "right")
    if wanted not in (*service.RIGHTS, "none"):
        abort(400)
    role = None if wanted == "none" else wanted
    member = as_id(user_id)
    try:
        with portal().database.write() as session:
            found = _own(session, organisation_id, [service.SIGNS])
            if not _is_in(session, found.id, member):
                abort(404)
            service.change_right(
                session, found.id, member, role, changed_by=signed_in().id, now=portal().now()
            )
    except service.LastSignatory:
        flash(
            _("Eine Person muss zeichnen können. Geben Sie dieses Recht zuerst jemand anderem."),
            "error",
        )
        return redirect(url_for("people.own_organisation", organisation_id=organisation_id))
    flash(_("Das Recht gilt ab sofort."), "success")
    if member == signed_in().id and role is None:
        return redirect(url_for("applications.tasks"))
    return redirect(url_for("people.own_organisation", organisation_id=organisation_id))


def _is_in(session: Session, organisation_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    return any(each.id == user_id for each in people.members_of(session, [organisation_id]))
