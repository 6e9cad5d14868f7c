"""Procedures that belong to no application, and the documents that were issued."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import jsonify, make_response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forms import schema
from forms.checks import check
from funding_app.engine import idempotency
from funding_app.engine.log.chain import digest
from funding_app.queries.applications import cases
from funding_app.queries.files.attachments import Stored
from funding_app.queries.operations.case_counts import own_kinds
from funding_app.services.decisions.decisions import is_retrieval, retrieve
from funding_app.services.decisions.procedures import begin_own
from funding_app.web.api.applications.process import process_as_json
from funding_app.web.api.blueprint import (
    Problem,
    api,
    as_id,
    body_of_request,
    caller,
    found_call,
    idempotency_key,
    page,
    visible,
)
from funding_app.web.api.description import LIST, described
from funding_app.web.file_transfer import send_stored, stored_at
from funding_app.web.request import language, portal

FIELDS = schema.get("procedure").section("procedure").fields


@api.post("/procedures")
@described(
    "Begins a procedure that belongs to no application",
    "Process",
    status=201,
    errors=(403, 404, 409, 422),
    body="Procedure",
    parameters=("Idempotency-Key",),
)
def begin_procedure() -> Any:
    wanted, key = body_of_request(), idempotency_key()
    try:
        process_id = _begun(wanted, key)
    except IntegrityError:  # the same key came twice at once: the first has it
        process_id = _begun(wanted, key)
    return make_response(jsonify(process_as_json(process_id)), 201)


def _begun(wanted: Mapping[str, Any], key: str | None) -> uuid.UUID:
    person, hashed = caller(), digest({"procedure": dict(wanted)})
    with portal().database.write() as session:
        first = idempotency.answered(session, person.id, key, hashed) if key else None
        if first:
            return uuid.UUID(first["id"])
        process_id = _create(session, wanted)
        if key:
            made = {"id": str(process_id)}
            idempotency.store(session, person.id, key, hashed, made, portal().now())
    return process_id


def _create(session: Session, wanted: Mapping[str, Any]) -> uuid.UUID:
    kind, ref = wanted.get("kind"), wanted.get("call") or ""
    known = {one.key for one in portal().machinery.definitions.newest() if one.stands_alone}
    errors = check(FIELDS, {**wanted, "call": ""}, language())
    if "kind" not in errors and kind not in known:
        errors |= {"kind": [f"One of {', '.join(sorted(known))}."]}
    if not isinstance(ref, str):
        errors |= {"call": ["The reference of a call."]}
    if errors:
        raise Problem(422, "invalid_data", errors=errors)
    if kind not in {one.key for one in own_kinds(portal().machinery.definitions, caller().roles)}:
        raise Problem(403, "not_permitted")
    return begin_own(
        session,
        portal().machinery,
        str(kind),
        str(wanted["title"]).strip(),
        found_call(session, ref) if ref else None,
        actor_id=caller().id,
        when=portal().now(),
        door="api",
    )


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
@described("A document as it was issued", None, errors=(404, 410), media="application/pdf")
def document(document_id: str) -> Any:
    with portal().database.read() as session:
        found = cases.find_document(session, caller(), as_id(document_id))
        if found is None or found.sha256 is None:
            raise Problem(404, "not_found")
        process = visible(session, found.process_id)
    stored_at(found.sha256)  # nobody has retrieved what can not be given out
    if is_retrieval(found, process, caller()):
        with portal().database.write() as session:
            retrieve(session, process.id, caller().id, portal().now())
    name = f"{process.reference}-{found.kind}.pdf"
    return send_stored(Stored(found.sha256, "application/pdf", name))
