"""The statement on accessibility (§ 12b BGG), and the way to report a barrier."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.services.operations.accessibility_reports import TooManyReports, report_barrier
from funding_app.web.access import for_everyone
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import language, portal

FORM = schema.get("barrier")


def _form() -> AnswerForm:
    return form_class(FORM.fields, language())()


@blueprint.get("/accessibility")
@for_everyone
def accessibility() -> str:
    return render_template("operations/accessibility.html", form=_form())


@blueprint.post("/accessibility")
@for_everyone
def report() -> Response | tuple[str, int]:
    form = _form()
    if not form.validate():
        return render_template("operations/accessibility.html", form=form), 422
    try:
        with portal().database.write() as session:
            report_barrier(session, answers_of(form), portal().now())
    except TooManyReports:
        text = _("Gerade kommen sehr viele Meldungen an. Bitte versuchen Sie es in einer Stunde.")
        form.tell({"barrier": [text]})
        return render_template("operations/accessibility.html", form=form), 429
    flash(_("Danke. Die Geschäftsstelle sieht sich die Barriere an."), "success")
    return redirect(url_for("operations.accessibility"))
