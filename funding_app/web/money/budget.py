"""The budget by ministry, title and year."""

from __future__ import annotations

from flask import abort, render_template

from funding_app.access.lists import BUDGET_ROLES
from funding_app.queries.money.budget import budget_overview
from funding_app.web.money.blueprint import blueprint
from funding_app.web.request import needs_person, portal, signed_in


@blueprint.get("/budget")
@needs_person
def budget() -> str:
    if not signed_in().roles & BUDGET_ROLES:
        abort(404)
    with portal().database.read() as session:
        return render_template("money/budget.html", lines=budget_overview(session))
