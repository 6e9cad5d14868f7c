"""Uploaded files: listed with their versions, sent, and taken in."""

from __future__ import annotations

from typing import Any

from flask import jsonify, make_response, request

from forms.schema import Field, FormSchema
from funding_app.queries.files.attachments import READABLE, KeptFile, files_seen
from funding_app.services.files.attachments import FileRefused, attach, kept_files
from funding_app.services.reviews.readable_file import readable_file
from funding_app.web.api.applications.answers import editable_form, locked_form, save_answers
from funding_app.web.api.blueprint import Problem, api, as_id, caller, page, rights_on, visible
from funding_app.web.api.description import LIST, described
from funding_app.web.file_transfer import is_scanned, received_file, send_stored
from funding_app.web.request import language, portal

NOT_READABLE = {
    "pending": "The file waits for the virus scan.",
    "infected": "Malware was found in the file; nobody gets it.",
}


@api.get("/processes/<process_id>/attachments")
@described(
    "Uploaded files with earlier versions, in the order of their arrival", "Attachments",
    errors=(404, 422), parameters=LIST,
)  # fmt: skip
def attachments(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        process = visible(session, found)
        rights = rights_on(process)
        if not rights.reads_answers or rights.is_reviewer:
            raise Problem(404, "not_found")
        files = files_seen(session, process.id, rights)
        shown, after = page(files.all, lambda each: str(each.id))
    return jsonify(items=list(map(_version, shown)), next=after)


def _version(file: KeptFile) -> dict[str, Any]:
    return {
        "id": str(file.id),
        "field": file.field,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "scan": file.scan,
        "malware": file.malware,
        "uploaded_at": file.uploaded_at.isoformat(),
        "uploaded_by": file.uploaded_by,
        "removed_at": file.removed_at.isoformat() if file.removed_at else None,
    }


@api.get("/attachments/<attachment_id>")
@described("An uploaded file", None, errors=(404, 409, 410), media="application/octet-stream")
def attachment(attachment_id: str) -> Any:
    with portal().database.read() as session:
        found = readable_file(session, portal().machinery, caller(), as_id(attachment_id))
    if found is None:
        raise Problem(404, "not_found")
    if found.scan not in READABLE:
        raise Problem(409, f"file_{found.scan}", NOT_READABLE[found.scan])
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
        with portal().database.read() as session:
            held = len(kept_files(session, found, field))
        received = received_file(spec, file, held)
    except FileRefused as refused:
        text = refused.words(language())
        raise Problem(422, refused.code, text, errors={field: [text]}) from refused
    with portal().database.write() as session:
        form = locked_form(session, found)
        answer = attach(
            session, found, spec, kept_files(session, found, field), [received],
            actor_id=caller().id, when=portal().now(), is_scanned=is_scanned(),
        )  # fmt: skip
        version = save_answers(session, found, form, {field: answer}, None)
    told = {"scan": "pending" if is_scanned() else "skipped", "malware": ""}
    return make_response(jsonify({**answer[-1], **told, "version": version}), 201)


def _file_field(form: FormSchema, name: str) -> Field:
    spec = next((each for each in form.fields if each.id == name and each.type == "file"), None)
    if spec is None:
        raise Problem(404, "not_found")
    return spec
