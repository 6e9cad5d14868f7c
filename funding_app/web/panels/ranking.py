"""The ranking of a call, and what another line would mean; trying one changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask import abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from forms.builder import AnswerForm, answers_of, form_class
from funding_app.access.lists import RANKING_ROLES
from funding_app.models import Call
from funding_app.queries.calls.calls import find_call, funders_of
from funding_app.queries.panels.ranking import (
    Line,
    Place,
    line_of,
    panel_of_call,
    rankings_seen,
    totals,
)
from funding_app.queries.panels.ranking_what_if import FIELDS, answers_for, line_from
from funding_app.queries.reviews.scores import knock_outs_of
from funding_app.rules.money import split
from funding_app.web.panels.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal, signed_in


@blueprint.get("/calls/<ref>/ranking")
@needs_role(RANKING_ROLES)
def ranking(ref: str) -> str | tuple[str, int]:
    with portal().database.read() as session:
        call = find_call(session, ref)
        if call is None:
            abort(404)
        line = line_of(session, call)
        typed = request.args if "budget" in request.args else None
        form = _line_form(line, typed)
        is_wrong = typed is not None and bool(form.tell(form.check(complete=True)))
        tried = None if typed is None or is_wrong else line_from(answers_of(form))
        page = _page(session, call, line, tried, form)
    return (page, 422) if is_wrong else page


def _line_form(line: Line, typed: MultiDict[str, str] | None) -> AnswerForm:
    """The line as it was typed into the address; without one, the call's own."""
    # nothing is changed by looking, so there is nothing to protect from a foreign page
    made = form_class(FIELDS, language())
    return made(typed, data=answers_for(line), meta={"csrf": False})


def _page(session: Session, call: Call, line: Line, tried: Line | None, form: AnswerForm) -> str:
    lines = [line] if tried is None else [line, tried]
    definitions = portal().machinery.definitions
    own, *others = rankings_seen(session, definitions, call, signed_in(), *lines)
    shown = others[0] if others else own
    sums, present = totals(shown), tried or line
    funders = funders_of(session, call)
    outcomes = {each.case.id: each.outcome for each in own}
    parts = split(sums["funded"].requested, [each.percent for each in funders])
    return render_template(
        "panels/ranking.html",
        call=call,
        panel=panel_of_call(definitions, call),
        form=form,
        line=line,
        tried=tried,
        ranked=shown,
        own_outcomes=outcomes,
        knock_outs=knock_outs_of(session, call, outcomes),
        moved=sum(outcomes[each.case.id] != each.outcome for each in shown),
        totals=sums,
        left=present.budget - sums["funded"].requested,
        shares=list(zip(funders, parts, strict=True)),
        scale=_scale(shown, present.budget),
    )


def _scale(places: Sequence[Place], budget: Decimal) -> Decimal:
    """The sum (euro) that the drawing is wide; funds far beyond all that is asked for end it."""
    asked = max((each.upto for each in places), default=Decimal(0))
    return max(asked, min(budget, asked * Decimal("1.25")), Decimal("0.01"))
