"""How far the reviews of a call are apart: drawn, as a table, and who scores differently."""

from __future__ import annotations

from flask import abort, render_template, request

from funding_app.access.lists import ASSIGN_ROLES, RANKING_ROLES
from funding_app.queries.calls.calls import any_call
from funding_app.queries.operations.parameters import value_on
from funding_app.queries.reviews.scores import scores_of
from funding_app.web.request import needs_role, number_of, portal, signed_in
from funding_app.web.reviews.blueprint import blueprint

SHOWN = 40


@blueprint.get("/calls/<ref>/scores")
@needs_role(RANKING_ROLES)
def scores(ref: str) -> str:
    first = number_of(request.args.get("from")) or 0
    with portal().database.read() as session:
        call = any_call(session, ref)
        if call is None:
            abort(404)
        found = scores_of(session, portal().machinery.definitions, call, signed_in())
        limit = value_on(session, "review_spread", portal().now().date())
    return render_template(
        "reviews/scores.html",
        call=call,
        found=found,
        shown=found.spreads[first : first + SHOWN],
        first=first,
        following=first + SHOWN if len(found.spreads) > first + SHOWN else None,
        limit=limit,
        may_assign=bool(signed_in().roles & ASSIGN_ROLES),
    )
