"""Raising the running cases of a definition to another version: seen before, decided by two."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from funding_app.access.lists import VERSION_ROLES
from funding_app.models import VersionChange, new_id
from funding_app.queries.people.people import names_of
from funding_app.refusals import words
from funding_app.services.operations import definition_versions
from funding_app.services.operations.definition_versions import ChangeRefused
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import as_id, language, needs_role, portal, signed_in, typed
from workflows.definition import Definition
from workflows.snapshot import Refusal
from workflows.words.differences import compare


def _problems() -> dict[str, str]:
    return {
        "same_version": _("Die Fälle laufen schon auf dieser Fassung."),
        "reason_missing": _("Bitte geben Sie eine Begründung an."),
        "reason_unreadable": words(Refusal("reason_unreadable"), language()),
        "state_unknown": _(
            "Bitte wählen Sie für jeden Stand, den es nicht mehr gibt, einen neuen."
        ),
        "already_proposed": _(
            "Für diesen Ablauf wartet schon ein Vorschlag auf die zweite Person."
        ),
        "nothing_to_confirm": _("Dieser Vorschlag wartet nicht auf eine Bestätigung."),
        "four_eyes_violation": _("Eine andere Person muss bestätigen."),
    }


def _pair(key: str, version: str) -> tuple[Definition, Definition]:
    """The version that the cases run on, and the newest one."""
    definitions = portal().machinery.definitions
    try:
        return definitions.get(key, int(version)), definitions.get(key)
    except (KeyError, ValueError):
        abort(404)


def _page(
    session: Session,
    pair: tuple[Definition, Definition],
    error: str = "",
    chosen: dict[str, str] | None = None,
) -> str:
    old, new = pair
    registry = portal().machinery.definitions
    waiting = definition_versions.waiting_changes(session, old.key)
    return render_template(
        "operations/definition_version.html",
        old=old,
        new=new,
        met=definition_versions.preview(session, registry, old.key, old.version, new.version),
        differences=compare(old, new, language()),
        waiting=waiting,
        names=names_of(session, {one.proposed_by for one in waiting}),
        chosen=chosen or {},
        reason=typed(request.form, "reason") if request.form else "",
        error=error,
        person=signed_in(),
    )


@blueprint.get("/admin/workflows/<key>/<version>/newest")
@needs_role(VERSION_ROLES)
def version_change(key: str, version: str) -> str:
    with portal().database.read() as session:
        return _page(session, _pair(key, version))


@blueprint.post("/admin/workflows/<key>/<version>/newest")
@needs_role(VERSION_ROLES)
def propose_version(key: str, version: str) -> Response | tuple[str, int]:
    old, new = _pair(key, version)
    chosen = {
        state: typed(request.form, f"state-{state}")
        for state in old.states
        if typed(request.form, f"state-{state}")
    }
    change = VersionChange(
        id=new_id(),
        definition_key=key,
        from_version=old.version,
        to_version=new.version,
        states=chosen,
        reason=typed(request.form, "reason").strip(),
        proposed_by=signed_in().id,
        proposed_at=portal().now(),
    )
    with portal().database.write() as session:
        try:
            definition_versions.propose_change(session, portal().machinery.definitions, change)
        except ChangeRefused as refused:
            return _page(session, (old, new), _problems()[refused.code], chosen), 422
    flash(_("Vorgeschlagen. Eine zweite Person muss noch bestätigen."), "success")
    return redirect(url_for("operations.version_change", key=key, version=version))


@blueprint.post("/admin/workflows/<key>/<version>/newest/<change_id>")
@needs_role(VERSION_ROLES)
def decide_version(key: str, version: str, change_id: str) -> Response:
    place = redirect(url_for("operations.version_change", key=key, version=version))
    try:
        with portal().database.write() as session:
            if typed(request.form, "do") == "withdraw":
                definition_versions.withdraw_change(session, as_id(change_id))
                flash(_("Der Vorschlag ist zurückgenommen."), "success")
                return place
            count = definition_versions.confirm_change(
                session, as_id(change_id), actor_id=signed_in().id, now=portal().now()
            )
    except ChangeRefused as refused:
        flash(_problems()[refused.code], "error")
    else:
        flash(_("Auf die neue Fassung gehoben werden Fälle: %(count)s", count=count), "success")
    return place
