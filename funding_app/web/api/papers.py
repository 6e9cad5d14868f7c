"""Letters, receipts and uploaded files."""

from __future__ import annotations

from typing import Any

from flask import jsonify, make_response, request

from forms.schema import Field, FormSchema
from funding_app.queries import cases
from funding_app.services.attachments import FileRefused, attach, kept_files
from funding_app.services.decisions import is_retrieval, retrieve
from funding_app.web.api.answers import editable_form, save_answers
from funding_app.web.api.blueprint import Problem, api, as_id, caller, page, visible
from funding_app.web.api.description import LIST, described
from funding_app.web.desk import language, portal
from funding_app.web.work.files import Stored, readable_file, received_file, send_stored


@api.get("/processes/<process_id>/documents")
@described("Issued documents, newest first", "Documents", errors=(404, 422), parameters=LIST)
def documents(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        visible(session, found)
        issued, after = page(
            cases.documents_of(session, found, caller()), lambda each: str(each.id)
        )
        items = [
            {
                "id": str(each.id),
                "kind": each.kind,
                "title": each.title,
                "sha256": each.sha256,
                "size": each.size,
            }
            for each in issued
        ]
    return jsonify(items=items, next=after)


@api.get("/documents/<document_id>")
@described("A document as it was issued", None, errors=(404,), media="application/pdf")
def document(document_id: str) -> Any:
    with portal().database.read() as session:
        found = cases.find_document(session, caller(), as_id(document_id))
        if found is None or found.sha256 is None:
            raise Problem(404, "not_found")
        process = visible(session, found.process_id)
    if is_retrieval(found, process, caller()):
        with portal().database.write() as session:
            retrieve(session, process.id, caller().id, portal().now())
    name = f"{process.reference}-{found.kind}.pdf"
    return send_stored(Stored(found.sha256, "application/pdf", name))


@api.get("/attachments/<attachment_id>")
@described("An uploaded file", None, errors=(404,), media="application/octet-stream")
def attachment(attachment_id: str) -> Any:
    with portal().database.read() as session:
        found = readable_file(session, caller(), as_id(attachment_id))
    if found is None:
        raise Problem(404, "not_found")
    return send_stored(found)


@api.put("/applications/<process_id>/attachments/<field>")
@described(
    "Uploads a file for a field", "Attachment", status=201, body="File",
    errors=(404, 409, 413, 422),
)  # fmt: skip
def upload(process_id: str, field: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        form = editable_form(session, visible(session, found))
    spec = _file_field(form, field)
    file = next(iter(request.files.values()), None)
    if file is None:
        raise Problem(422, "file_missing", "Send the file as multipart/form-data.")
    try:
        received = received_file(spec, file)
    except FileRefused as refused:
        text = refused.words(language())
        raise Problem(422, refused.code, text, errors={field: [text]}) from refused
    with portal().database.write() as session:
        form = editable_form(session, visible(session, found))
        answer = attach(
            session, found, spec, kept_files(session, found, field), [received],
            actor_id=caller().id, when=portal().now(),
        )  # fmt: skip
        version = save_answers(session, found, form, {field: answer}, None)
    return make_response(jsonify({**answer[-1], "version": version}), 201)


def _file_field(form: FormSchema, name: str) -> Field:
    spec = next((each for each in form.fields if each.id == name and each.type == "file"), None)
    if spec is None:
        raise Problem(404, "not_found")
    return spec
