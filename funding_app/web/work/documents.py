"""Issued documents, byte for byte as they were issued."""

from __future__ import annotations

from flask import abort, send_file
from werkzeug.wrappers import Response

from funding_app.queries import cases
from funding_app.services.decisions import is_retrieval, retrieve
from funding_app.web.desk import as_id, needs_person, portal, signed_in
from funding_app.web.work.blueprint import visible_process, work


@work.get("/documents/<document_id>")
@needs_person
def document(document_id: str) -> Response:
    person = signed_in()
    with portal().database.read() as session:
        found = cases.find_document(session, person, as_id(document_id))
        if found is None or found.sha256 is None:
            abort(404)
        process = visible_process(session, person, found.process_id)
    if is_retrieval(found, process, person):
        with portal().database.write() as session:
            retrieve(session, process.id, person.id, portal().now())
    path = portal().settings.storage_dir / found.sha256[:2] / found.sha256
    name = f"{process.reference}-{found.kind}.pdf"
    return send_file(
        path.resolve(), mimetype="application/pdf", as_attachment=True, download_name=name
    )
