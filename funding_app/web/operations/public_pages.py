"""What everyone sees: the start page, projects, what is genuine, whether the server lives."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy import text

from funding_app.queries.calls import calls
from funding_app.queries.decisions.issued_documents import DECISIONS, RECEIPTS, by_hash
from funding_app.queries.money import impact as figures
from funding_app.queries.operations.exports import indicators
from funding_app.web.access import for_everyone
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import portal
from workflows.vocabulary.tags import Tag


@blueprint.get("/")
@for_everyone
def start() -> str:
    with portal().database.read() as session:
        return render_template(
            "operations/start.html",
            calls=calls.open_calls(session, portal().now()),
            projects=calls.funded_projects(session, limit=6),
            totals=calls.totals_of_projects(session),
        )


@blueprint.get("/projects")
@for_everyone
def projects() -> str:
    with portal().database.read() as session:
        return render_template(
            "operations/projects.html",
            projects=calls.funded_projects(session),
            totals=calls.totals_of_projects(session),
        )


@blueprint.get("/impact")
@for_everyone
def impact() -> str:
    definitions = portal().machinery.definitions
    with portal().database.read() as session:
        durations = [
            (each.title, figures.until_decision(session, each.key))
            for each in definitions.newest()
            if Tag.DURATION_PUBLISHED in each.tags
        ]
        return render_template(
            "operations/impact.html",
            totals=calls.totals_of_projects(session),
            rows=list(indicators(session)),
            ministries=figures.granted_by_ministry(session),
            durations=durations,
            signature=figures.until_signature(session),
        )


@blueprint.get("/verify")
@for_everyone
def verify() -> str:
    return render_template("operations/verify.html", asked=False, issued=None, error="")


@blueprint.post("/verify")
@for_everyone
def do_verify() -> str | tuple[str, int]:
    """Whether exactly this file was issued here; its bytes are hashed and not kept."""
    file = request.files.get("file")
    if file is None or not file.filename:
        error = _("Bitte wählen Sie eine PDF-Datei aus.")
        return render_template("operations/verify.html", asked=False, issued=None, error=error), 422
    sha256 = hashlib.sha256(file.read()).hexdigest()
    with portal().database.read() as session:
        issued = by_hash(session, sha256, DECISIONS + RECEIPTS)
    return render_template(
        "operations/verify.html", asked=True, issued=issued, sha256=sha256, error=""
    )


@blueprint.get("/privacy")
@for_everyone
def privacy() -> str:
    return render_template("operations/privacy.html")


@blueprint.get("/healthz")
@for_everyone
def healthz() -> Any:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@for_everyone
def readyz() -> Any:
    with portal().database.read() as session:
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return jsonify(status="ready", schema=version)
