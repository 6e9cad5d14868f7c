"""The blueprint of the administration, and its first page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from forms.schema import Choice, FormSchema
from funding_app.engine import outbox
from funding_app.queries.people import organisations
from funding_app.web.desk import needs_role, portal, signed_in
from funding_app.web.rights import (
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

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.get("/")
@needs_role(ADMIN_ROLES)
def overview() -> str:
    with portal().database.read() as session:
        waiting = outbox.status(session)
    return render_template("admin/overview.html", places=_places(), waiting=waiting)


def _places() -> list[dict[str, Any]]:
    """Where the person may go, with what is done there."""
    places = (
        (CALL_ROLES, "admin.calls", _("Aufrufe"),
         _("Aufrufe aus bestehenden anlegen, bearbeiten, veröffentlichen und verlängern.")),
        (FORM_ROLES, "admin.form_list", _("Formulare"),
         _("Was Antragstellende gefragt werden: Fassungen bearbeiten, ansehen, veröffentlichen.")),
        (CALL_ROLES, "admin.budget_lines", _("Haushaltstitel"),
         _("Was in welchem Titel und Jahr zur Verfügung steht.")),
        (CALL_ROLES, "admin.barriers", _("Gemeldete Barrieren"),
         _("Was jemand nicht lesen, sehen oder bedienen konnte.")),
        (ORGANISATION_ROLES, "admin.organisations", _("Organisationen und Programme"),
         _("Ministerien, Bewilligungsbehörden und die Programme, die sie verantworten.")),
        (REVIEWER_ROLES, "admin.reviewer_list", _("Gutachterinnen und Gutachter"),
         _("Fachgebiete, Sitz und Auslastung, nach denen wir Begutachtungen vorschlagen.")),
        (PEOPLE_ROLES, "admin.people", _("Personen und Rollen"),
         _("Konten anlegen und sperren, Rollen geben und nehmen.")),
        (PARAMETER_ROLES, "admin.rule_values", _("Parameter des Rechts"),
         _("Fristen, Sätze und Grenzen mit ihrem ersten Tag und ihrer Fundstelle.")),
        (DEFINITION_ROLES, "admin.definitions", _("Abläufe"),
         _("Jedes Verfahren lesen, zeichnen, durchspielen und prüfen; wer was darf.")),
        (JOB_ROLES, "admin.jobs", _("Aufträge"),
         _("Was an Briefen und Mails wartet, läuft oder gescheitert ist.")),
    )  # fmt: skip
    held = signed_in().roles
    return [
        {"href": url_for(name), "title": title, "text": text}
        for roles, name, title, text in places
        if held & roles
    ]


def ministry_choices(session: Session) -> list[Choice]:
    """The ministries to choose from, under their present names."""
    return [
        Choice(str(row.id), {"de": row.name_de, "en": row.name_de})
        for row in organisations(session, "ministry")
    ]


def titled(form: FormSchema) -> dict[str, str]:
    """A form as it is chosen: its title with key and version."""
    words = {"de": "Fassung", "en": "version"}
    return {
        lang: f"{form.title[lang]} ({form.key}, {word} {form.version})"
        for lang, word in words.items()
    }
