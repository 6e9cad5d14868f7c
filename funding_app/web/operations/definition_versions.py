"""Raising the running cases of a definition to another version: seen before, decided by two."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice, Field
from funding_app.access.lists import VERSION_ROLES
from funding_app.models import VersionChange, new_id
from funding_app.queries.people.people import names_of
from funding_app.services.operations import definition_versions
from funding_app.services.operations.definition_versions import ChangeRefused, Standing
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import as_id, language, needs_role, portal, signed_in, typed
from workflows.definition import Definition
from workflows.words.differences import compare

FORM = schema.get("version_change")
STATE, REASON = FORM.field("state"), FORM.field("reason")
Pair = tuple[Definition, Definition]


def _problems() -> dict[str, str]:
    return {
        "same_version": _("Die Fälle laufen schon auf dieser Fassung."),
        "state_unknown": _(
            "Bitte wählen Sie für jeden Stand, den es nicht mehr gibt, einen neuen."
        ),
        "already_proposed": _(
            "Für diesen Ablauf wartet schon ein Vorschlag auf die zweite Person."
        ),
        "nothing_to_confirm": _("Dieser Vorschlag wartet nicht auf eine Bestätigung."),
        "four_eyes_violation": _("Eine andere Person muss bestätigen."),
    }


def _pair(key: str, version: str) -> Pair:
    """The version that the cases run on, and the newest one."""
    definitions = portal().machinery.definitions
    try:
        return definitions.get(key, int(version)), definitions.get(key)
    except (KeyError, ValueError):
        abort(404)


def _met(session: Session, pair: Pair) -> list[Standing]:
    """What the change would meet."""
    old, new = pair
    registry = portal().machinery.definitions
    return definition_versions.preview(session, registry, old.key, old.version, new.version)


def _name(state: str) -> str:
    """The name of the field that asks for a state's successor."""
    return f"state-{state}"


def _form(pair: Pair, lost: list[str]) -> AnswerForm:
    """The reason, and a new state for each that the newest version has lost."""
    old, new = pair

    def successor(state: str) -> Field:
        title = old.states[state].title
        label = {lang: f"{text} ({title[lang]})" for lang, text in STATE.label.items()}
        return replace(STATE, id=_name(state), label=label)

    states = [Choice(state.id, state.title) for state in new.states.values()]
    fields = (*map(successor, lost), REASON)
    return form_class(fields, language(), choices={"states": states})()


def _page(
    session: Session, pair: Pair, met: list[Standing], form: AnswerForm, error: str = ""
) -> str:
    old, new = pair
    waiting = definition_versions.waiting_changes(session, old.key)
    return render_template(
        "operations/definition_version.html",
        old=old,
        new=new,
        met=met,
        differences=compare(old, new, language()),
        waiting=waiting,
        names=names_of(session, {one.proposed_by for one in waiting}),
        form=form,
        error=error,
        person=signed_in(),
    )


def _lost(met: list[Standing]) -> list[str]:
    return [one.state for one in met if not one.maps]


@blueprint.get("/admin/workflows/<key>/<version>/newest")
@needs_role(VERSION_ROLES)
def version_change(key: str, version: str) -> str:
    pair = _pair(key, version)
    with portal().database.read() as session:
        met = _met(session, pair)
        return _page(session, pair, met, _form(pair, _lost(met)))


def _change(pair: Pair, form: AnswerForm, lost: list[str]) -> VersionChange:
    old, new = pair
    answers = answers_of(form)
    return VersionChange(
        id=new_id(),
        definition_key=old.key,
        from_version=old.version,
        to_version=new.version,
        states={state: answers[_name(state)] for state in lost},
        reason=answers[REASON.id],
        proposed_by=signed_in().id,
        proposed_at=portal().now(),
    )


@blueprint.post("/admin/workflows/<key>/<version>/newest")
@needs_role(VERSION_ROLES)
def propose_version(key: str, version: str) -> Response | tuple[str, int]:
    pair = _pair(key, version)
    with portal().database.write() as session:
        met = _met(session, pair)
        lost = _lost(met)
        form = _form(pair, lost)
        if not form.validate():
            return _page(session, pair, met, form), 422
        change = _change(pair, form, lost)
        try:
            definition_versions.propose_change(session, portal().machinery.definitions, change)
        except ChangeRefused as refused:
            return _page(session, pair, met, form, _problems()[refused.code]), 422
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
