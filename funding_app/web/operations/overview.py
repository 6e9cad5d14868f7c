"""The first page of the administration: where a person may go."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from funding_app.access.lists import (
    ADMIN_ROLES,
    CALL_ROLES,
    DEFINITION_ROLES,
    FORM_ROLES,
    JOB_ROLES,
    ORGANISATION_ROLES,
    PARAMETER_ROLES,
    PEOPLE_ROLES,
    REVIEWER_ROLES,
)
from funding_app.engine import outbox
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import needs_role, portal, signed_in


@blueprint.get("/admin/")
@needs_role(ADMIN_ROLES)
def overview() -> str:
    with portal().database.read() as session:
        waiting = outbox.status(session)
    return render_template("operations/overview.html", places=_places(), waiting=waiting)


def _places() -> list[dict[str, Any]]:
    """Where the person may go, with what is done there."""
    places = (
        (CALL_ROLES, "calls.calls", _("Aufrufe"),
         _("Aufrufe aus bestehenden anlegen, bearbeiten, veröffentlichen und verlängern.")),
        (FORM_ROLES, "calls.form_list", _("Formulare"),
         _("Was Antragstellende gefragt werden: Fassungen bearbeiten, ansehen, veröffentlichen.")),
        (CALL_ROLES, "money.budget_lines", _("Haushaltstitel"),
         _("Was in welchem Titel und Jahr zur Verfügung steht.")),
        (CALL_ROLES, "operations.barriers", _("Gemeldete Barrieren"),
         _("Was jemand nicht lesen, sehen oder bedienen konnte.")),
        (ORGANISATION_ROLES, "people.organisations", _("Organisationen und Programme"),
         _("Ministerien, Bewilligungsbehörden und die Programme, die sie verantworten.")),
        (REVIEWER_ROLES, "reviews.reviewer_list", _("Gutachterinnen und Gutachter"),
         _("Fachgebiete, Sitz und Auslastung, nach denen wir Begutachtungen vorschlagen.")),
        (PEOPLE_ROLES, "people.people", _("Personen und Rollen"),
         _("Konten anlegen und sperren, Rollen geben und nehmen.")),
        (PARAMETER_ROLES, "operations.rule_values", _("Parameter des Rechts"),
         _("Fristen, Sätze und Grenzen mit ihrem ersten Tag und ihrer Fundstelle.")),
        (DEFINITION_ROLES, "operations.definitions", _("Abläufe"),
         _("Jedes Verfahren lesen, zeichnen, durchspielen und prüfen; wer was darf.")),
        (JOB_ROLES, "operations.jobs", _("Aufträge"),
         _("Was an Briefen und Mails wartet, läuft oder gescheitert ist.")),
    )  # fmt: skip
    held = signed_in().roles
    return [
        {"href": url_for(name), "title": title, "text": text}
        for roles, name, title, text in places
        if held & roles
    ]
