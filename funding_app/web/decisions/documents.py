"""Issued documents, byte for byte as they were issued."""

from __future__ import annotations

from flask import abort
from werkzeug.wrappers import Response

from funding_app.queries.applications import cases
from funding_app.queries.files.attachments import Stored
from funding_app.services.decisions.decisions import is_retrieval, retrieve
from funding_app.web.decisions.blueprint import blueprint
from funding_app.web.file_transfer import send_stored, stored_at
from funding_app.web.process import visible_process
from funding_app.web.request import as_id, needs_person, portal, signed_in


@blueprint.get("/documents/<document_id>")
@needs_person
def document(document_id: str) -> Response:
    person = signed_in()
    with portal().database.read() as session:
        found = cases.find_document(session, person, as_id(document_id))
        if found is None or found.sha256 is None:
            abort(404)
        process = visible_process(session, person, found.process_id)
    stored_at(found.sha256)  # nobody has retrieved what can not be given out
    if is_retrieval(found, process, person):
        with portal().database.write() as session:
            retrieve(session, process.id, person.id, portal().now())
    name = f"{process.reference}-{found.kind}.pdf"
    return send_stored(Stored(found.sha256, "application/pdf", name))
