"""The messages on a case: with the other side, and among the applicant's own people."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.engine.storage.statements import row_of
from funding_app.models import Process
from funding_app.queries.applications.messages import messages_of
from funding_app.services.applications.answers import form_of
from funding_app.services.applications.messages import write_message
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.filters import last_day
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import as_id, language, needs_person, portal, signed_in

FORM = schema.get("message")


def _place(session: Session, process_id: str) -> tuple[Process, tuple[str, ...]]:
    process = visible_process(session, signed_in(), as_id(process_id))
    seen = rights_on(process, signed_in()).audiences
    if not seen:
        abort(404)
    return process, seen


def _forms(session: Session, process: Process, seen: tuple[str, ...]) -> dict[str, AnswerForm]:
    if not rights_on(process, signed_in()).may_write_messages:
        return {}
    form = form_of(session, row_of(process))
    sections = [Choice(each.id, each.title) for each in form.sections] if form else []
    begun = {"about": request.args.get("section", ""), "message_text": _more_time(process)}
    return {
        audience: form_class(
            FORM.section(audience).fields, language(), choices={"sections": sections}
        )(data=begun)
        for audience in seen
    }


def _more_time(process: Process) -> str:
    """The beginning of a letter that asks for more time, where somebody wants to write one."""
    if "more_time" not in request.args or process.due_at is None:
        return ""
    day = last_day(process.due_at)
    return str(
        _("Bitte verlängern Sie die Frist, die am %(day)s endet, bis zum … Grund: …", day=day)
    )


def _page(
    session: Session, process: Process, seen: tuple[str, ...], forms: dict[str, AnswerForm]
) -> str:
    form = form_of(session, row_of(process))
    found = messages_of(session, process.id, seen)
    return render_template(
        "applications/messages.html",
        process=process,
        sections={each.id: each.title for each in form.sections} if form else {},
        threads={each: [row for row in found if row.Message.audience == each] for each in seen},
        forms=forms,
        problems=any(form.problems for form in forms.values()),
    )


@blueprint.get("/cases/<process_id>/messages")
@needs_person
def messages(process_id: str) -> str:
    with portal().database.read() as session:
        process, seen = _place(session, process_id)
        return _page(session, process, seen, _forms(session, process, seen))


@blueprint.post("/cases/<process_id>/messages/<audience>")
@needs_person
def send_message(process_id: str, audience: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        process, seen = _place(session, process_id)
        forms = _forms(session, process, seen)
        if audience not in forms:
            abort(404)
        if not forms[audience].validate():
            return _page(session, process, seen, forms), 422
        answers = answers_of(forms[audience])
        write_message(
            session,
            process.id,
            audience=audience,
            author_id=signed_in().id,
            text=answers.get("message_text") or answers["comment_text"],
            section=answers.get("about") or "",
            now=portal().now(),
        )
    flash(_("Ihre Nachricht ist da."), "success")
    return redirect(url_for("applications.messages", process_id=process_id))
