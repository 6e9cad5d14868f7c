"""The discussion of an application: the reviews beside each other, and what is said about them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.models import Process
from funding_app.queries.reviews.discussions import discussion_seen
from funding_app.services.reviews.discussions import NamesApplicant, NotOpen, Speaking
from funding_app.web.process import visible_process
from funding_app.web.request import as_id, language, needs_person, portal, signed_in
from funding_app.web.review_words import naming, speaker
from funding_app.web.reviews.blueprint import blueprint

FORM = schema.get("discussion")


def _form(section: str) -> AnswerForm:
    return form_class(FORM.section(section).fields, language())()


def _page(session: Session, process: Process, form: AnswerForm | None = None) -> str:
    talk = discussion_seen(session, portal().machinery.definitions, signed_in(), process)
    if talk is None:
        abort(404)
    return render_template(
        "reviews/discussion.html",
        process=process,
        talk=talk,
        form=form or _form("contribution"),
        moderation=_form("moderation"),
        speakers=[speaker(each, talk) for each in talk.said],
    )


@blueprint.get("/cases/<process_id>/discussion")
@needs_person
def discussion(process_id: str) -> str:
    with portal().database.read() as session:
        return _page(session, visible_process(session, signed_in(), as_id(process_id)))


@blueprint.post("/cases/<process_id>/discussion")
@needs_person
def contribute(process_id: str) -> Response | tuple[str, int]:
    form = _form("contribution")
    with portal().database.write() as session:
        process = visible_process(session, signed_in(), as_id(process_id))
        if not form.validate():
            return _page(session, process, form), 422
        try:
            _speaking(session).say(process.id, answers_of(form)["contribution_text"])
        except NotOpen:
            form.tell({"contribution_text": [_("Zurzeit ist hier kein Beitrag möglich.")]})
            return _page(session, process, form), 409
        except NamesApplicant as named:
            form.tell({"contribution_text": [naming(named)]})
            return _page(session, process, form), 422
    flash(_("Ihr Beitrag ist da."), "success")
    return redirect(url_for("reviews.discussion", process_id=process_id))


@blueprint.post("/cases/<process_id>/discussion/<decision>")
@needs_person
def moderate_discussion(process_id: str, decision: str) -> Response | tuple[str, int]:
    if decision not in ("open", "close"):
        abort(404)
    form = _form("moderation")
    with portal().database.write() as session:
        process = visible_process(session, signed_in(), as_id(process_id))
        if not form.validate():
            return _page(session, process), 422
        reason = answers_of(form).get("moderation_reason") or ""
        try:
            _speaking(session).decide(process.id, is_open=decision == "open", reason=reason)
        except NotOpen:
            abort(409)
    is_open = decision == "open"
    flash(_("Die Aussprache ist geöffnet.") if is_open else _("Die Aussprache ist geschlossen."),
          "success")  # fmt: skip
    return redirect(url_for("reviews.discussion", process_id=process_id))


def _speaking(session: Session) -> Speaking:
    return Speaking(session, portal().machinery, signed_in(), portal().now())
