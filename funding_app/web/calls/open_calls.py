"""Calls: the list, and one call with everything it asks."""

from __future__ import annotations

from flask import render_template

from funding_app.queries.calls import calls
from funding_app.queries.calls.eligibility import eligibility_of
from funding_app.queries.calls.forms import find_form
from funding_app.web.access import for_everyone
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.calls.eligibility import conditions
from funding_app.web.filters import financing_types
from funding_app.web.published import published_call
from funding_app.web.request import portal


@blueprint.get("/calls")
@for_everyone
def call_list() -> str:
    with portal().database.read() as session:
        found = calls.calls_by_time(session, portal().now())
        return render_template(
            "calls/calls.html", open=found.open, upcoming=found.upcoming, closed=found.closed
        )


@blueprint.get("/calls/<ref>")
@for_everyone
def call_page(ref: str) -> str:
    with portal().database.read() as session:
        call = published_call(session, ref)
        return render_template(
            "calls/call.html",
            call=call,
            programme=calls.programme_of(session, call),
            conditions=conditions(eligibility_of(call, portal().now())),
            funders=calls.funders_of(session, call),
            form=find_form(session, call.form_key, call.form_version),
            financing=financing_types(),
        )
