"""Calls: the list, and one call with everything it asks."""

from __future__ import annotations

from flask import render_template

from funding_app.queries import calls
from funding_app.queries.eligibility import eligibility_of
from funding_app.queries.forms import find_form
from funding_app.web.desk import portal
from funding_app.web.eligibility import conditions
from funding_app.web.filters import financing_types
from funding_app.web.public.blueprint import public, published_call


@public.get("/calls")
def call_list() -> str:
    with portal().database.read() as session:
        found = calls.calls_by_time(session, portal().now())
        return render_template(
            "public/calls.html", open=found.open, upcoming=found.upcoming, closed=found.closed
        )


@public.get("/calls/<ref>")
def call_page(ref: str) -> str:
    with portal().database.read() as session:
        call = published_call(session, ref)
        return render_template(
            "public/call.html",
            call=call,
            programme=calls.programme_of(session, call),
            conditions=conditions(eligibility_of(call, portal().now())),
            funders=calls.funders_of(session, call),
            form=find_form(session, call.form_key, call.form_version),
            financing=financing_types(),
        )
