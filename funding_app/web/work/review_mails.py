"""What is sent to a call's reviewers: to be seen, stopped, gone on with, and sent at once."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from funding_app.queries.calls import any_call
from funding_app.queries.review_mails import AT_ONCE, next_mail, open_reviews, review_task
from funding_app.services import holds
from funding_app.services.reminders import stages
from funding_app.web.desk import as_id, needs_role, portal, signed_in, typed
from funding_app.web.rights import ASSIGN_ROLES
from funding_app.web.work.blueprint import work

LONGEST_REASON = 1000


def _stage_names() -> dict[int, str]:
    return {
        -1: _("Erinnerung von Hand"),
        0: _("Einladung oder Hinweis auf die Aufgabe"),
        1: _("Erinnerung drei Arbeitstage vor der Frist"),
        2: _("Erinnerung am Ende der Frist"),
        3: _("Eskalation drei Arbeitstage nach der Frist"),
    }


@work.get("/calls/<ref>/review-mails")
@needs_role(ASSIGN_ROLES)
def review_mails(ref: str) -> str:
    return _page(ref)


def _page(ref: str, problem: str = "") -> str:
    first = max(request.args.get("from", 0, type=int), 0)
    with portal().database.read() as session:
        call = any_call(session, ref)
        if call is None:
            abort(404)
        found = open_reviews(session, signed_in(), call, first)
        return render_template(
            "work/review_mails.html",
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
            problem=problem,
            definitions=portal().machinery.definitions,
        )


@work.post("/review-mails/<task_id>/<action>")
@needs_role(ASSIGN_ROLES)
def change_review_mails(task_id: str, action: str) -> Response | tuple[str, int]:
    if action not in ("stop", "resume", "send"):
        abort(404)
    reason, now = typed(request.form, "reason").strip()[:LONGEST_REASON], portal().now()
    with portal().database.write() as session:
        found = review_task(session, signed_in(), as_id(task_id))
        if found is None:
            abort(404)
        task, ref = found[0], found[1].ref
        if action == "resume":
            holds.resume(session, task, signed_in().id, now)
            said = _("Es geht weiter mit der nächsten Erinnerung.")
        elif action == "send":
            sent = holds.send_now(session, task, signed_in().id, now)
            said = (
                _("Die Erinnerung wird gesendet.")
                if sent
                else _("Angehalten: bitte erst fortsetzen.")
            )
        elif reason:
            leaving = holds.stop(session, task, signed_in().id, reason, now)
            said = _("Angehalten. Es wird nichts mehr gesendet.")
            if leaving:
                said = _(
                    "Angehalten. Eine Mail war schon unterwegs und lässt sich nicht zurückholen."
                )
    if action == "stop" and not reason:
        return _page(ref, task_id), 422
    flash(said, "success")
    return redirect(url_for("work.review_mails", ref=ref))
