"""Rule values: what holds from when and by which source, the next value, and its confirmation."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access.lists import PARAMETER_ROLES
from funding_app.models import RuleValue
from funding_app.queries.operations.parameters import decision_count, every_value, parameters
from funding_app.services.operations.parameters import ValueRefused, add_value, confirm_value
from funding_app.services.operations.redating import order_redating
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal, signed_in

FORM = schema.get("rule_value")
FIELDS = {"key": "parameter"}


def _problems() -> dict[str, str]:
    return {
        "unknown": _("Diesen Parameter gibt es nicht."),
        "taken": _("Ab diesem Tag gibt es schon einen Wert."),
        "needed_for_the_past": _(
            "Ab diesem Tag ist schon entschieden worden. Bitte begründen Sie den Wert; "
            "eine zweite Person muss ihn bestätigen."
        ),
        "no_number": _("Bitte geben Sie eine Zahl an, die zur Einheit passt."),
        "half_year": _("Ein Halbjahr beginnt am 1. Januar oder am 1. Juli."),
        "missing": _("Bitte nennen Sie die Fundstelle."),
        "nothing_to_confirm": _("Dieser Wert wartet nicht auf eine Bestätigung."),
        "four_eyes_violation": _("Eine andere Person muss bestätigen."),
    }


def _form() -> AnswerForm:
    choices = [Choice(one.key, dict(one.title)) for one in parameters().values()]
    return form_class(FORM.fields, language(), choices={"parameters": choices})()


def _page(session: Session, form: AnswerForm) -> str:
    values = every_value(session)
    waiting = [one for found in values.values() for one in found if one.waits]
    reaches = {one.valid_from: decision_count(session, one.valid_from) for one in waiting}
    return render_template(
        "operations/parameters.html",
        parameters=parameters().values(),
        values=values,
        reaches=reaches,
        form=form,
    )


def _redate(session: Session, row: RuleValue) -> None:
    """What waits for a date that hangs on rule values is dated anew, with the source as reason."""
    title = parameters()[row.key].title["de"]
    reason = f"{title}: {row.value} ab {row.valid_from.isoformat()} ({row.source})"
    order_redating(session, portal().machinery.definitions, reason, portal().now())


@blueprint.get("/admin/parameters")
@needs_role(PARAMETER_ROLES)
def rule_values() -> str:
    with portal().database.read() as session:
        return _page(session, _form())


@blueprint.post("/admin/parameters")
@needs_role(PARAMETER_ROLES)
def add_rule_value() -> Response | tuple[str, int]:
    with portal().database.write() as session:
        form = _form()
        if not form.validate():
            return _page(session, form), 422
        answers = answers_of(form)
        try:
            row = add_value(
                session,
                answers["parameter"],
                date.fromisoformat(answers["valid_from"]),
                answers["value"],
                answers["source"],
                reason=answers.get("reason") or "",
                actor_id=signed_in().id,
                now=portal().now(),
            )
        except ValueRefused as refused:
            form.tell({FIELDS.get(refused.field, refused.field): [_problems()[refused.code]]})
            return _page(session, form), 422
        waits = row.confirmed_at is None
        if not waits:
            _redate(session, row)
    pending = _("Vorgeschlagen. Eine zweite Person muss noch bestätigen.")
    flash(pending if waits else _("Der Wert ist gespeichert."), "success")
    return redirect(url_for("operations.rule_values"))


@blueprint.post("/admin/parameters/<key>/<day>/confirm")
@needs_role(PARAMETER_ROLES)
def confirm_rule_value(key: str, day: str) -> Response:
    try:
        valid_from = date.fromisoformat(day)
    except ValueError:
        abort(404)
    try:
        with portal().database.write() as session:
            row = confirm_value(
                session, key, valid_from, actor_id=signed_in().id, now=portal().now()
            )
            _redate(session, row)
    except ValueRefused as refused:
        flash(_problems()[refused.code], "error")
    else:
        flash(_("Der Wert gilt jetzt."), "success")
    return redirect(url_for("operations.rule_values"))
