"""The forms of calls: their versions, what differs, and how one is published by two persons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.editor.compare import compare
from forms.schema import FormSchema
from funding_app.access.lists import FORM_ROLES
from funding_app.models import FormVersion
from funding_app.queries.calls.forms import calls_by_form
from funding_app.queries.people.people import names_of
from funding_app.services.calls import form_versions as service
from funding_app.services.calls.form_contract import application_forms
from funding_app.services.calls.form_versions import DraftChanged, FormRefused
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.calls.form_preview import found_form, number_of
from funding_app.web.request import language, needs_role, portal, signed_in, typed

LARGEST_FILE = 1_000_000


def words(code: str) -> str:
    """Why something was refused."""
    texts: dict[str, str] = {
        "key_unreadable": _("Bitte 3 bis 40 Zeichen: Kleinbuchstaben, Ziffern, Unterstriche."),
        "key_taken": _("Dieses Kennzeichen gehört zu einem Formular des Systems."),
        "draft_exists": _("Für dieses Formular gibt es schon einen Entwurf."),
        "file_unreadable": _("Diese Datei enthält kein Formular."),
        "file_wrong": _("Das Formular in dieser Datei hat Fehler. Bitte geben Sie es neu aus."),
        "published": _("Diese Fassung ist veröffentlicht und ändert sich nicht mehr."),
        "has_problems": _("Bitte beheben Sie zuerst alle Mängel."),
        "not_proposed": _("Diese Fassung wartet nicht auf eine Veröffentlichung."),
        "four_eyes_violation": _("Eine andere Person muss veröffentlichen."),
    }
    return texts[code]


def own_keys() -> set[str]:
    """The shipped forms that applications are written with."""
    return application_forms(portal().machinery.definitions)


def _listed(session: Session) -> list[dict[str, Any]]:
    """Every version of every form for applications, with the calls that name it."""
    using: dict[tuple[str, int], list[Any]] = {}
    for call in calls_by_form(session):
        using.setdefault((call.form_key, call.form_version), []).append(call)
    stored = {(row.key, row.version): row for row in service.stored_versions(session)}
    shipped = {(form.key, form.version): form for form in map(schema.get, sorted(own_keys()))}
    return [
        {
            "key": place[0],
            "version": place[1],
            "title": stored[place].content["title"] if place in stored else shipped[place].title,
            "row": stored.get(place),
            "calls": using.get(place, []),
        }
        for place in sorted({*stored, *shipped}, key=lambda place: (place[0], -place[1]))
    ]


def _list_page(error: str = "", key: str = "", chosen: str = "") -> str:
    with portal().database.read() as session:
        versions = _listed(session)
    return render_template(
        "calls/forms.html", versions=versions, error=error, key=key, chosen=chosen
    )


@blueprint.get("/admin/forms")
@needs_role(FORM_ROLES)
def form_list() -> str:
    return _list_page(chosen=request.args.get("from", ""))


@blueprint.post("/admin/forms")
@needs_role(FORM_ROLES)
def begin_form() -> Response | tuple[str, int]:
    """A draft from an existing version: its next version, or the first under a new key."""
    chosen, wanted = typed(request.form, "from"), typed(request.form, "key").strip().lower()
    try:
        with portal().database.write() as session:
            source = _source(session, chosen)
            draft = service.begin_draft(
                session,
                source,
                wanted or source.key,
                own_keys=own_keys(),
                actor_id=signed_in().id,
                now=portal().now(),
            )
            key, number = draft.key, draft.version
    except FormRefused as refused:
        return _list_page(words(refused.code), wanted, chosen), 422
    flash(_("Der Entwurf ist angelegt."), "success")
    return redirect(url_for("calls.form_version", key=key, version=number))


def _source(session: Session, chosen: str) -> FormSchema:
    """What the draft begins with: a file of another installation, or the chosen version."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return service.form_in(file.stream.read(LARGEST_FILE))
    key, _at, version = chosen.partition("@")
    return found_form(session, key, version)


@blueprint.get("/admin/forms/<key>/<version>/file")
@needs_role(FORM_ROLES)
def form_file(key: str, version: str) -> Response:
    with portal().database.read() as session:
        form = found_form(session, key, version)
    name = f"{form.key}-{form.version}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return FlaskResponse(service.file_of(form), mimetype="application/json", headers=headers)


@blueprint.get("/admin/forms/<key>")
@needs_role(FORM_ROLES)
def form_versions(key: str) -> str:
    with portal().database.read() as session:
        found = [one for one in _listed(session) if one["key"] == key]
        if not found:
            abort(404)
        people = {one["row"].published_by for one in found if one["row"]}
        names = names_of(session, people - {None})
    return render_template("calls/form.html", key=key, versions=found, names=names)


@blueprint.get("/admin/forms/<key>/<version>/differences")
@needs_role(FORM_ROLES)
def form_differences(key: str, version: str) -> str:
    with portal().database.read() as session:
        new = found_form(session, key, version)
        places = [one for one in _listed(session) if (one["key"], one["version"]) != _place(new)]
        stored = session.get(FormVersion, _place(new))
        wanted = request.args.get("with") or _origin(stored, places)
        old_key, _at, old_version = wanted.partition("@")
        old = found_form(session, old_key, old_version) if wanted else None
    return render_template(
        "calls/form_differences.html",
        new=new,
        old=old,
        places=places,
        chosen=wanted,
        lines=compare(old, new, language()) if old else [],
    )


def _origin(stored: FormVersion | None, places: list[dict[str, Any]]) -> str:
    """The version it began as; nothing where that is one of another installation."""
    origin = stored.based_on.replace(" ", "@") if stored else ""
    return origin if origin in {f"{one['key']}@{one['version']}" for one in places} else ""


def _place(form: FormSchema) -> tuple[str, int]:
    return form.key, form.version


@blueprint.post("/admin/forms/<key>/<version>/publication")
@needs_role(FORM_ROLES)
def decide_form(key: str, version: str) -> Response:
    """Proposes the draft, takes the proposal back, publishes it for good, or throws it away."""
    wanted = typed(request.form, "do")
    target = url_for("calls.form_version", key=key, version=version)
    try:
        with portal().database.write() as session:
            draft = service.locked_draft(session, key, number_of(version), edition())
            if wanted == "discard":
                session.delete(draft)
                target = url_for("calls.form_list")
            else:
                _decide(draft, wanted)
    except KeyError:
        abort(404)
    except DraftChanged:
        flash(_("Der Entwurf wurde inzwischen geändert. Bitte sehen Sie ihn neu an."), "error")
    except FormRefused as refused:
        flash(words(refused.code), "error")
    else:
        flash(_done(wanted), "success")
    return redirect(target)


def _decide(draft: FormVersion, wanted: str) -> None:
    who, now = signed_in().id, portal().now()
    if wanted == "propose":
        service.propose(draft, actor_id=who, now=now)
    elif wanted == "withdraw":
        service.withdraw(draft)
    elif wanted == "publish":
        service.publish(draft, actor_id=who, now=now)
    else:
        abort(400)


def _done(wanted: str) -> str:
    texts: dict[str, str] = {
        "propose": _("Vorgeschlagen. Eine zweite Person muss noch veröffentlichen."),
        "withdraw": _("Der Vorschlag ist zurückgenommen."),
        "publish": _("Die Fassung ist veröffentlicht. Aufrufe können sie jetzt wählen."),
        "discard": _("Der Entwurf ist verworfen."),
    }
    return texts[wanted]


def edition() -> int:
    """Which edition of the draft was shown to whoever sends this."""
    shown = typed(request.form, "edition")
    return int(shown) if shown.isdecimal() and len(shown) < 10 else 0


def people_of(session: Session, rows: Iterable[FormVersion | None]) -> Any:
    """The names of everyone who edited, proposed or published."""
    ids = {
        person
        for row in rows
        if row is not None
        for person in (row.edited_by, row.proposed_by, row.published_by)
        if person is not None
    }
    return names_of(session, ids)
