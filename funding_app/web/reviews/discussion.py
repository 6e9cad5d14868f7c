"""The discussion of an application: the reviews beside each other, and what is said about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access import Person, roles_on
from funding_app.models import Process
from funding_app.queries.reviews.discussions import (
    HANDED_IN,
    READERS,
    Said,
    Talk,
    discussion_of,
    seat_of,
)
from funding_app.queries.reviews.readable import is_own_review
from funding_app.services.reviews.discussions import NamesApplicant, NotOpen, Speaking
from funding_app.web.process import visible_process
from funding_app.web.request import as_id, language, needs_person, portal, signed_in
from funding_app.web.reviews.blueprint import blueprint

FORM = schema.get("discussion")


def talk_of(session: Session, process: Process, person: Person) -> Talk | None:
    """The discussion as the person may see it; without a seat none."""
    seat = seat_of(session, person, process)
    return discussion_of(session, portal().machinery.definitions, seat) if seat else None


def is_discussed(process: Process, person: Person, children: Sequence[Any]) -> bool:
    """Whether a case's or review's page leads to its discussion; who may read it says that page."""
    if is_own_review(person, process):
        return process.state in HANDED_IN
    asked = [row.Process.assignee_id for row in children
             if row.Process.definition_key == "review_assignment"]  # fmt: skip
    roles = roles_on(person.grants, person.id, process)
    return process.is_root and bool(asked and roles & READERS) and person.id not in asked


def _form(section: str) -> AnswerForm:
    return form_class(FORM.section(section).fields, language())()


def speaker(said: Said, talk: Talk) -> str:
    """Who spoke, as the reader may know it: reviewers by number, by name only for the office."""
    if said.number is None:
        role = _("Geschäftsstelle")
    elif talk.seat.review_id == said.row.review_id:
        return str(_("Sie"))
    else:
        number = said.number
        role = _("Gutachten %(number)s", number=number) if number else _("ausgeschieden")
    return str(role) if talk.seat.review_id else f"{role} ({said.author})"


def _page(session: Session, process: Process, form: AnswerForm | None = None) -> str:
    talk = talk_of(session, process, signed_in())
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


def naming(found: NamesApplicant) -> str:
    """What is said where a contribution would tell who applies."""
    names = ", ".join(f"„{name}“" for name in found.names)
    told: str = _(
        "Dieser Aufruf wird anonym begutachtet, und Ihr Beitrag nennt %(names)s. Bitte schreiben "
        "Sie so, dass niemand erfährt, wer den Antrag stellt.",
        names=names,
    )
    return told


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
