"""Budget lines: what a ministry's title has available in a year."""

from __future__ import annotations

import uuid
from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access.lists import BUDGET_LINE_ROLES
from funding_app.queries.money.budget import budget_overview
from funding_app.services.money.budget import set_available
from funding_app.web.choices import ministry_choices
from funding_app.web.money.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal, signed_in

LINE = schema.get("budget_line")


@blueprint.get("/admin/budget")
@needs_role(BUDGET_LINE_ROLES)
def budget_lines() -> str:
    with portal().database.read() as session:
        return _page(session, _form(session))


def _own_ministries(session: Session) -> list[Choice]:
    """All ministries for the joint office, their own for budget officers."""
    person = signed_in()
    every = ministry_choices(session)
    if "office_clerk" in person.roles:
        return every
    own = {str(each) for each in person.organisations(["budget_officer"])}
    return [choice for choice in every if choice.value in own]


def _form(session: Session) -> AnswerForm:
    choices = {"ministries": _own_ministries(session)}
    return form_class(LINE.fields, language(), choices=choices)()


def _page(session: Session, form: AnswerForm) -> str:
    lines = budget_overview(session)
    return render_template("money/budget_lines.html", lines=lines, form=form)


@blueprint.post("/admin/budget")
@needs_role(BUDGET_LINE_ROLES)
def set_budget_line() -> Response | tuple[str, int]:
    with portal().database.write() as session:
        form = _form(session)
        if not form.validate():
            return _page(session, form), 422
        answers = answers_of(form)
        done = set_available(
            session,
            uuid.UUID(answers["ministry"]),
            answers["title"].strip(),
            answers["year"],
            answers["kind"],
            Decimal(answers["available"]),
        )
        if not done:
            problem = _("In diesem Titel ist schon mehr vorgemerkt und festgelegt.")
            form.tell({"available": [problem]})
            return _page(session, form), 422
    flash(_("Der Titel ist gespeichert."), "success")
    return redirect(url_for("money.budget_lines"))
