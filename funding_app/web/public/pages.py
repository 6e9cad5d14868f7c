"""What everyone sees: the start page, projects, what is genuine, whether the server lives."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy import text

from funding_app.queries import calls
from funding_app.queries import impact as figures
from funding_app.queries.exports import indicators
from funding_app.queries.issued import DECISIONS, RECEIPTS, by_hash
from funding_app.web.desk import portal
from funding_app.web.public.blueprint import public


@public.get("/")
def start() -> str:
    with portal().database.read() as session:
        return render_template(
            "public/start.html",
            calls=calls.open_calls(session, portal().now()),
            projects=calls.funded_projects(session, limit=6),
            totals=calls.totals_of_projects(session),
        )


@public.get("/projects")
def projects() -> str:
    with portal().database.read() as session:
        return render_template(
            "public/projects.html",
            projects=calls.funded_projects(session),
            totals=calls.totals_of_projects(session),
        )


@public.get("/impact")
def impact() -> str:
    definitions = portal().machinery.definitions
    with portal().database.read() as session:
        durations = [
            (definitions.get(key).title, figures.until_decision(session, key))
            for key in ("grant_case", "micro_grant")
        ]
        return render_template(
            "public/impact.html",
            totals=calls.totals_of_projects(session),
            rows=list(indicators(session)),
            ministries=figures.granted_by_ministry(session),
            durations=durations,
            signature=figures.until_signature(session),
        )


@public.get("/verify")
def verify() -> str:
    return render_template("public/verify.html", asked=False, issued=None, error="")


@public.post("/verify")
def do_verify() -> str | tuple[str, int]:
    """Whether exactly this file was issued here; its bytes are hashed and not kept."""
    file = request.files.get("file")
    if file is None or not file.filename:
        error = _("Bitte wählen Sie eine PDF-Datei aus.")
        return render_template("public/verify.html", asked=False, issued=None, error=error), 422
    sha256 = hashlib.sha256(file.read()).hexdigest()
    with portal().database.read() as session:
        issued = by_hash(session, sha256, DECISIONS + RECEIPTS)
    return render_template("public/verify.html", asked=True, issued=issued, sha256=sha256, error="")


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
