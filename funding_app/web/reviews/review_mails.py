"""What is sent to a call's reviewers: to be seen, stopped, gone on with, and sent at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access.lists import ASSIGN_ROLES
from funding_app.models import Task
from funding_app.queries.calls.calls import any_call
from funding_app.queries.reviews.review_mails import (
    AT_ONCE,
    Waiting,
    next_mail,
    open_reviews,
    review_task,
)
from funding_app.services.mails import stopping
from funding_app.services.mails.reminders import stages
from funding_app.web.request import as_id, language, needs_role, portal, signed_in
from funding_app.web.reviews.blueprint import blueprint

FORM = schema.get("holds")
ACTIONS = ("stop", "resume", "send")


def _stage_names() -> dict[int, str]:
    return {
        -1: _("Erinnerung von Hand"),
        0: _("Einladung oder Hinweis auf die Aufgabe"),
        1: _("Erinnerung drei Arbeitstage vor der Frist"),
        2: _("Erinnerung am Ende der Frist"),
        3: _("Eskalation drei Arbeitstage nach der Frist"),
    }


@dataclass(frozen=True, slots=True)
class Tried:
    """What was asked for about a task and could not be done, as it was typed."""

    task_id: str
    action: str
    form: AnswerForm


@blueprint.get("/calls/<ref>/review-mails")
@needs_role(ASSIGN_ROLES)
def review_mails(ref: str) -> str:
    return _page(ref)


def _form(task_id: uuid.UUID, action: str, tried: Tried | None = None) -> AnswerForm:
    if tried and (tried.task_id, tried.action) == (str(task_id), action):
        return tried.form
    made = form_class(FORM.section(action).fields, language())
    return made(formdata=None if tried else request.form or None, prefix=f"{action}-{task_id}-")


def _forms(waiting: Waiting, tried: Tried | None) -> dict[str, AnswerForm]:
    """The forms of what can be done about a review's mails, by action."""
    actions = ("resume",) if waiting.hold else ("send", "stop")
    return {action: _form(waiting.task.id, action, tried) for action in actions}


def _page(ref: str, tried: Tried | None = None) -> str:
    first = max(request.args.get("from", 0, type=int), 0)
    with portal().database.read() as session:
        call = any_call(session, ref)
        if call is None:
            abort(404)
        found = open_reviews(session, signed_in(), call, first)
        return render_template(
            "reviews/review_mails.html",
            call=call,
            reviews=found[:AT_ONCE],
            coming={
                each.task.id: next_mail(
                    each, stages(each.task.due_at, each.review.region) if each.task.due_at else {}
                )
                for each in found
            },
            names=_stage_names(),
            first=first,
            following=first + AT_ONCE if len(found) > AT_ONCE else None,
            forms={each.task.id: _forms(each, tried) for each in found[:AT_ONCE]},
            actions={each: FORM.section(each).title[language()] for each in ACTIONS},
            tried=tried,
            definitions=portal().machinery.definitions,
        )


@blueprint.post("/review-mails/<task_id>/<action>")
@needs_role(ASSIGN_ROLES)
def change_review_mails(task_id: str, action: str) -> Response | tuple[str, int]:
    if action not in ACTIONS:
        abort(404)
    form = _form(as_id(task_id), action)
    with portal().database.write() as session:
        found = review_task(session, signed_in(), as_id(task_id))
        if found is None:
            abort(404)
        task, ref = found[0], found[1].ref
        if not form.tell(form.check(complete=True)):
            reason = str(answers_of(form)[f"{action}_reason"] or "")
            flash(_done(session, task, action, reason), "success")
            return redirect(url_for("reviews.review_mails", ref=ref))
    return _page(ref, Tried(task_id, action, form)), 422


def _done(session: Session, task: Task, action: str, reason: str) -> str:
    """Does what was asked for; returns what is said about it."""
    actor, now = signed_in().id, portal().now()
    if action == "resume":
        stopping.resume(session, task, actor, reason, now)
        return str(_("Es geht weiter mit der nächsten Erinnerung."))
    if action == "send":
        if stopping.send_now(session, task, actor, reason, now):
            return str(_("Die Erinnerung wird gesendet."))
        return str(_("Angehalten: bitte erst fortsetzen."))
    if stopping.stop(session, task, actor, reason, now):
        return str(_("Angehalten. Eine Mail war schon unterwegs und lässt sich nicht zurückholen."))
    return str(_("Angehalten. Es wird nichts mehr gesendet."))
