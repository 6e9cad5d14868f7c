"""What everyone sees: calls, funded projects, open data, and whether the server lives."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template
from sqlalchemy import text

from forms import schema
from funding_app.queries import calls
from funding_app.web.desk import portal
from funding_app.web.filters import financing_types

public = Blueprint("public", __name__)


@public.get("/")
def start() -> str:
    with portal().database.read() as session:
        return render_template(
            "public/start.html",
            calls=calls.open_calls(session, portal().now()),
            projects=calls.funded_projects(session, limit=6),
            totals=calls.totals_of_projects(session),
        )


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
        call = calls.find_call(session, ref)
        if call is None:
            abort(404)
        return render_template(
            "public/call.html",
            call=call,
            programme=calls.programme_of(session, call),
            funders=calls.funders_of(session, call),
            form=schema.get(call.form_key, call.form_version),
            financing=financing_types(),
        )


@public.get("/projects")
def projects() -> str:
    with portal().database.read() as session:
        return render_template(
            "public/projects.html",
            projects=calls.funded_projects(session),
            totals=calls.totals_of_projects(session),
        )


@public.get("/accessibility")
def accessibility() -> str:
    return render_template("public/accessibility.html")


@public.get("/privacy")
def privacy() -> str:
    return render_template("public/privacy.html")


@public.get("/healthz")
def healthz() -> Any:
    return jsonify(status="ok")


@public.get("/readyz")
def readyz() -> Any:
    with portal().database.read() as session:
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return jsonify(status="ready", schema=version)
