"""Taking answers over from an earlier case of the same organisation."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from funding_app.queries.applications import answers as queries
from funding_app.queries.applications.answers import answers_of as saved_answers
from funding_app.services.applications.prefill import fill_in
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.process import visible_process
from funding_app.web.request import as_id, needs_person, portal, signed_in, typed
from funding_app.web.saving import lock_for_writing, writable


@blueprint.get("/cases/<process_id>/take-over")
@needs_person
def earlier(process_id: str) -> str:
    with portal().database.read() as session:
        process, _form = writable(session, signed_in(), process_id)
        found = queries.earlier_cases(session, process)
        return render_template("applications/earlier.html", process=process, earlier=found)


@blueprint.post("/cases/<process_id>/take-over")
@needs_person
def take_over(process_id: str) -> Response:
    """Answers what is still empty as in an earlier case of the same organisation."""
    person = signed_in()
    with portal().database.write() as session:
        lock_for_writing(session, as_id(process_id), person)
        process, form = writable(session, person, process_id)
        source = visible_process(session, person, as_id(typed(request.form, "earlier")))
        if source.organisation_id != process.organisation_id:
            abort(404)
        answers = saved_answers(session, source.id)
        filled = fill_in(session, process.id, form, answers, by=person.id, when=portal().now())
    told = ngettext(
        "%(num)s Antwort übernommen. Bitte prüfen Sie sie.",
        "%(num)s Antworten übernommen. Bitte prüfen Sie sie.",
        filled,
    )
    flash(told, "success")
    return redirect(url_for("applications.case", process_id=process_id))
