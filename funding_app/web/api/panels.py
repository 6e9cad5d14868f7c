"""The ranking of a call, under its own line or one to try."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request

from forms.checks import check
from funding_app.access.lists import RANKING_ROLES
from funding_app.queries.panels.ranking import Line, Place, line_of, rankings_seen
from funding_app.queries.panels.ranking_what_if import FIELDS, answers_for, line_from
from funding_app.web.api.blueprint import Problem, amount, api, caller, found_call, page
from funding_app.web.api.description import LIST, described
from funding_app.web.request import language, portal

YES_NO = {"true": True, "false": False}


def _place(row: Place, own_outcome: str) -> dict[str, Any]:
    case = row.case
    return {
        "place": row.place,
        "process": str(case.id),
        "reference": case.reference,
        "title": case.title,
        "score": amount(case.Application.score),
        "requested": amount(case.Application.requested),
        "outcome": row.outcome,
        "own_outcome": own_outcome,
    }


@api.get("/calls/<ref>/ranking")
@described(
    "The ranking of a call, under its own line or under one to try",
    "Ranking",
    errors=(404, 422),
    parameters=("budget", "threshold", "allow_skip_fill", *LIST),
)
def ranking(ref: str) -> Any:
    with portal().database.read() as session:
        call = found_call(session, ref)
        if not caller().roles & RANKING_ROLES:
            raise Problem(404, "not_found")
        own_line = line_of(session, call)
        tried = _tried(own_line)
        own, shown = rankings_seen(
            session, portal().machinery.definitions, call, caller(), own_line, tried
        )
        found, after = page(shown, lambda row: str(row.case.id))
        outcomes = {row.case.id: row.outcome for row in own}
        return jsonify(
            items=[_place(row, outcomes[row.case.id]) for row in found],
            next=after,
            line=answers_for(tried),
        )


def _tried(own: Line) -> Line:
    """The line asked for; what is not named is the call's own. Raises `Problem`."""
    answers = answers_for(own)
    for name in ("budget", "threshold"):
        if name in request.args:
            answers[name] = request.args[name].strip() or None
    if "allow_skip_fill" in request.args:
        text = request.args["allow_skip_fill"]
        answers["allow_skip_fill"] = YES_NO.get(text, text)
    errors = check(FIELDS, answers, language())
    if errors:
        raise Problem(422, "invalid_data", errors=errors)
    return line_from(answers)
