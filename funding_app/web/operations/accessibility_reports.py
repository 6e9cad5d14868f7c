"""Reports of barriers: read, and marked as seen to."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from funding_app.access.lists import CALL_ROLES
from funding_app.queries.operations.accessibility_reports import barrier_reports
from funding_app.services.operations.accessibility_reports import see_to
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import as_id, needs_role, portal, signed_in


@blueprint.get("/admin/barriers")
@needs_role(CALL_ROLES)
def barriers() -> str:
    with portal().database.read() as session:
        return render_template(
            "operations/accessibility_reports.html", reports=barrier_reports(session)
        )


@blueprint.post("/admin/barriers/<report_id>")
@needs_role(CALL_ROLES)
def see_to_barrier(report_id: str) -> Response:
    with portal().database.write() as session:
        if see_to(session, as_id(report_id), signed_in().id, portal().now()):
            flash(_("Als erledigt vermerkt."), "success")
    return redirect(url_for("operations.barriers"))
