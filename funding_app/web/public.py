"""What everyone sees: calls, funded projects, open data, and whether the server lives."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template
from sqlalchemy import text

from funding_app.queries import calls
from funding_app.web.desk import portal

public = Blueprint("public", __name__)


@public.get("/")
def start() -> str:
    with portal().database.read() as session:
        return render_template(
            "pages/start.html",
            calls=calls.open_calls(session, portal().now()),
            projects=calls.funded_projects(session, limit=6),
        )


@public.get("/calls")
def call_list() -> str:
    with portal().database.read() as session:
        found = calls.open_calls(session, portal().now())
        return render_template("pages/calls.html", calls=found)


@public.get("/calls/<ref>")
def call_page(ref: str) -> str:
    with portal().database.read() as session:
        call = calls.find_call(session, ref)
        if call is None:
            abort(404)
        return render_template(
            "pages/call.html",
            call=call,
            programme=calls.programme_of(session, call),
            funders=calls.funders_of(session, call),
        )


@public.get("/projects")
def projects() -> str:
    with portal().database.read() as session:
        return render_template("pages/projects.html", projects=calls.funded_projects(session))


@public.get("/accessibility")
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@public.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html")


@public.get("/healthz")
def healthz() -> Any:
    return jsonify(status="ok")


@public.get("/readyz")
def readyz() -> Any:
    with portal().database.read() as session:
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return jsonify(status="ready", schema=version)
