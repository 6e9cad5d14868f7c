"""Whom to ask for reviews: the proposal of a call, changed by hand and confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import code_list
from funding_app.access.lists import ASSIGN_ROLES, REVIEWER_ROLES
from funding_app.models import AssignmentPlan, Call
from funding_app.queries.calls.calls import any_call
from funding_app.queries.operations.batches import under_way
from funding_app.queries.reviews.assignment import Candidate, situation, with_details
from funding_app.queries.reviews.past_invitations import asked_before
from funding_app.queries.reviews.proposals import (
    Line,
    Option,
    Proposal,
    lines_of,
    planned_for,
    proposal_of,
)
from funding_app.rules.periods import GERMAN_REGIONS
from funding_app.services.reviews import assignment as service
from funding_app.web.choices import region_choices
from funding_app.web.request import as_id, language, needs_role, number_of, portal, signed_in
from funding_app.web.review_words import suspicions
from funding_app.web.reviews.blueprint import blueprint

FORM = schema.get("reviewer_profile")
LINES = 25


def _call(session: Session, ref: str) -> Call:
    found = any_call(session, ref)
    if found is None:
        abort(404)
    return found


def _proposal(session: Session, call: Call) -> Proposal:
    found = situation(session, portal().machinery.definitions, call)
    return proposal_of(session, call.id, found)


def words() -> dict[str, Any]:
    """What the templates of assignments say for codes."""
    return {
        "fields": {choice.value: choice.label[language()] for choice in code_list("expertise")},
        "regions": GERMAN_REGIONS,
        "suspicions": suspicions(),
    }


@blueprint.get("/calls/<ref>/assignment")
@needs_role(ASSIGN_ROLES)
def assignment(ref: str) -> str:
    first = number_of(request.args.get("from")) or 0
    with portal().database.read() as session:
        call = _call(session, ref)
        proposal = _proposal(session, call)
        candidates = proposal.candidates
        plan = session.get(AssignmentPlan, call.id)
        return render_template(
            "reviews/assignment.html",
            call=call,
            plan=plan,
            proposal=proposal,
            lines=lines_of(session, call, proposal, candidates[first : first + LINES]),
            first=first,
            following=first + LINES if len(candidates) > first + LINES else None,
            keeps_reviewers=bool(signed_in().roles & REVIEWER_ROLES),
            waiting=under_way(session, service.key_of(call.id)),
            words=words(),
        )


@blueprint.post("/calls/<ref>/assignment")
@needs_role(ASSIGN_ROLES)
def order_assignment(ref: str) -> Response:
    with portal().database.write() as session:
        call = _call(session, ref)
        service.order_proposal(session, call, signed_in().id, portal().now())
    flash(_("Der Vorschlag wird berechnet."), "info")
    return redirect(url_for("reviews.assignment", ref=ref))


@blueprint.post("/calls/<ref>/assignment/confirm")
@needs_role(ASSIGN_ROLES)
def confirm_assignment(ref: str) -> Response:
    with portal().database.write() as session:
        call = _call(session, ref)
        plan = session.get(AssignmentPlan, call.id, with_for_update=True)
        if plan is None or plan.made_at is None or plan.confirmed_at is not None:
            abort(409)
        found = situation(session, portal().machinery.definitions, call)
        count = service.confirm_proposal(session, found, plan, signed_in().id, portal().now())
    flash(_("Bestätigt. Gutachten, die jetzt eröffnet werden: %(count)s", count=count), "success")
    return redirect(url_for("reviews.assignment", ref=ref))


def _candidate(
    session: Session, call: Call, proposal: Proposal, process_id: uuid.UUID
) -> Candidate:
    for each in proposal.situation.candidates:
        if each.id == process_id:
            return with_details(session, call, [each])[0]
    abort(404)


def _note_form(candidate: Candidate) -> AnswerForm:
    note = candidate.note
    data = {"note_region": note.region, "note_fields": list(note.fields)} if note else {}
    choices = {"regions": region_choices()}
    return form_class(FORM.section("note").fields, language(), choices=choices)(data=data)


def _choice_page(
    session: Session,
    call: Call,
    process_id: uuid.UUID,
    *,
    error: str = "",
    form: AnswerForm | None = None,
) -> str:
    proposal = _proposal(session, call)
    candidate = _candidate(session, call, proposal, process_id)
    planned = planned_for(session, [candidate])
    options = proposal.options(candidate, planned[candidate.id])
    line = proposal.line(candidate, options)
    return render_template(
        "reviews/assignment_case.html",
        call=call,
        candidate=candidate,
        line=line,
        options=options,
        slots=_slots(line, options),
        error=error,
        asked=asked_before(session, candidate.id),
        definitions=portal().machinery.definitions,
        form=form or _note_form(candidate),
        words=words(),
    )


def _slots(line: Line, options: Sequence[Option]) -> list[str]:
    """Who is chosen for each review: those planned, then empty places.

    One more on request, for which the best who is free and not suspected is put forward.
    """
    planned = [str(each.person.id) for each in line.options if not each.opened]
    empty = [""] * max(line.candidate.needed - len(planned), 0)
    if "more" not in request.args:
        return [*planned, *empty] or [""]
    free = (each for each in options if not (each.planned or each.full or each.suspected))
    return [*planned, *empty, next((str(each.person.id) for each in free), "")]


@blueprint.get("/calls/<ref>/assignment/<process_id>")
@needs_role(ASSIGN_ROLES)
def assignment_case(ref: str, process_id: str) -> str:
    with portal().database.read() as session:
        return _choice_page(session, _call(session, ref), as_id(process_id))


@blueprint.post("/calls/<ref>/assignment/<process_id>")
@needs_role(ASSIGN_ROLES)
def choose_reviewers(ref: str, process_id: str) -> Response | tuple[str, int]:
    chosen = [as_id(each) for each in request.form.getlist("reviewer") if each]
    with portal().database.write() as session:
        call = _call(session, ref)
        proposal = _proposal(session, call)
        candidate = _candidate(session, call, proposal, as_id(process_id))
        try:
            plan = service.plan_by_hand(session, call, signed_in().id, portal().now())
            service.replace_reviewers(session, plan, proposal.situation, candidate, chosen)
        except service.StillComputing:
            error = _("Der Vorschlag wird gerade berechnet. Bitte warten Sie einen Moment.")
            return _choice_page(session, call, candidate.id, error=error), 409
        except service.NotFree:
            error = _("Bitte wählen Sie lauter verschiedene Personen, die noch frei sind.")
            return _choice_page(session, call, candidate.id, error=error), 422
    flash(_("Der Vorschlag ist geändert. Bitte bestätigen Sie ihn, wenn er vollständig ist."),
          "success")  # fmt: skip
    return redirect(url_for("reviews.assignment", ref=ref))


@blueprint.post("/calls/<ref>/assignment/<process_id>/note")
@needs_role(ASSIGN_ROLES)
def note_application(ref: str, process_id: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        call = _call(session, ref)
        candidate = _candidate(session, call, _proposal(session, call), as_id(process_id))
        form = _note_form(candidate)
        if not form.validate():
            return _choice_page(session, call, candidate.id, form=form), 422
        service.save_note(session, candidate.id, answers_of(form))
    flash(_("Der Vermerk ist gespeichert und zählt ab dem nächsten Vorschlag."), "success")
    return redirect(url_for("reviews.assignment_case", ref=ref, process_id=process_id))
