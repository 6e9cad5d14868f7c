"""Applications that are begun, and drafts that are deleted."""

from __future__ import annotations

import uuid
from typing import Any

from flask import jsonify, make_response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from funding_app.access.lists import APPLYING_ROLES
from funding_app.engine import Refused, StaleVersion, idempotency
from funding_app.engine.log.chain import digest
from funding_app.queries.calls import calls
from funding_app.refusals import words
from funding_app.services.applications.cases import create_application
from funding_app.services.applications.drafts import delete_draft
from funding_app.web.api.applications.process import process_as_json
from funding_app.web.api.blueprint import (
    Problem,
    api,
    as_id,
    caller,
    found_call,
    idempotency_key,
    if_match,
    visible,
)
from funding_app.web.api.description import described
from funding_app.web.request import language, portal


@api.post("/calls/<ref>/applications")
@described(
    "Begins an application",
    "Process",
    status=201,
    errors=(403, 404, 409, 422),
    parameters=("Idempotency-Key",),
)
def begin(ref: str) -> Any:
    key = idempotency_key()
    try:
        process_id = _begun(ref, key)
    except IntegrityError:  # the same key came twice at once: the first has it
        process_id = _begun(ref, key)
    return make_response(jsonify(process_as_json(process_id)), 201)


def _begun(ref: str, key: str | None) -> uuid.UUID:
    person, wanted = caller(), digest({"call": ref})
    with portal().database.write() as session:
        first = idempotency.answered(session, person.id, key, wanted) if key else None
        if first:
            return uuid.UUID(first["id"])
        process_id = _create(session, ref)
        if key:
            made = {"id": str(process_id)}
            idempotency.store(session, person.id, key, wanted, made, portal().now())
    return process_id


def _create(session: Session, ref: str) -> uuid.UUID:
    person, call = caller(), found_call(session, ref)
    own = sorted(person.organisations(APPLYING_ROLES))
    if not own:
        raise Problem(403, "not_permitted", "Only an applying organisation can begin.")
    if not calls.is_open(call, portal().now()):
        raise Problem(409, "call_not_open", "The call is not open.")
    process = create_application(
        session,
        portal().machinery,
        call,
        organisation_id=own[0],
        actor_id=person.id,
        when=portal().now(),
        door="api",
    )
    return process.id


@api.delete("/applications/<process_id>")
@described(
    "Deletes a draft that was never handed in, with its files, against the answers' version",
    "Deleted",
    errors=(403, 404, 409, 422, 428),
    parameters=("If-Match",),
)
def delete(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        if not visible(session, found).is_root:
            raise Problem(404, "not_found")
    expected = if_match()
    try:
        with portal().database.write() as session:
            delete_draft(
                session, portal().machinery, found, caller(),
                expected_version=expected, when=portal().now(), door="api",
            )  # fmt: skip
    except Refused as refused:
        [refusal] = refused.refusals
        status = 403 if refusal.code == "not_permitted" else 409
        raise Problem(status, refusal.code, words(refusal, language())) from refused
    except StaleVersion as stale:
        raise Problem(409, "stale", expected=stale.expected, current=stale.current) from stale
    return jsonify(id=str(found))
