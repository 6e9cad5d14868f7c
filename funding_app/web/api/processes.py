"""A process as it stands, its events, its log."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import jsonify
from sqlalchemy.orm import Session

from forms import schema
from forms.checks import Errors, check
from forms.schema import Field
from funding_app import services
from funding_app.engine import Command, Refused, StaleVersion, UnknownProcess
from funding_app.engine.storage import statements
from funding_app.models import Process
from funding_app.queries.applications import cases
from funding_app.queries.applications.answers import section_versions
from funding_app.queries.applications.history import log_of
from funding_app.queries.applications.possibilities import Step
from funding_app.queries.files.attachments import Files, files_of
from funding_app.queries.reviews.readable import is_own_review
from funding_app.refusals import field_of, words
from funding_app.services.applications.answers import answers_of, form_of
from funding_app.services.applications.steps import steps_for
from funding_app.services.files.scans import problems_in
from funding_app.web.api.blueprint import (
    Problem,
    api,
    as_id,
    body_of_request,
    caller,
    idempotency_key,
    if_match,
    page,
    visible,
)
from funding_app.web.api.description import LIST, described
from funding_app.web.applications.case import application_beside, seen_actor
from funding_app.web.files.downloads import sees_drafts
from funding_app.web.process import answers_seen, may_read_answers, may_read_reasons
from funding_app.web.received_at import arrived
from funding_app.web.request import language, portal
from funding_app.web.reviews.declaration import invitation_of

STATUS = {"not_permitted": 403, "unknown_event": 404}


def _event_field(field: Field, lang: str) -> dict[str, Any]:
    return {
        "name": field.id,
        "type": field.type,
        "required": field.required,
        "choices": [{"value": each.value, "label": each.label[lang]} for each in field.choices],
    }


def _event(step: Step, lang: str) -> dict[str, Any]:
    return {
        "event": step.event,
        "label": step.label,
        "allowed": step.allowed,
        "refusals": [{"code": code, "text": text} for code, text in step.refusals],
        "fields": [_event_field(field, lang) for field in step.fields],
    }


def process_as_json(process_id: uuid.UUID) -> dict[str, Any]:
    """A process as the caller may see it; raises `Problem` 404."""
    with portal().database.read() as session:
        process = visible(session, process_id)
        return _as_json(session, process)


def _as_json(session: Session, process: Process) -> dict[str, Any]:
    row, lang = statements.load(session, process.id), language()
    definition = portal().machinery.definition_of(row)
    steps = steps_for(session, portal().machinery, row, caller(), now=portal().now(), language=lang)
    children = cases.children_of(session, caller(), process.id)
    shown = may_read_answers(process, caller())
    return {
        "id": str(process.id),
        "kind": process.definition_key,
        "definition": {"key": definition.key, "version": definition.version},
        "state": process.state,
        "phase": definition.states[process.state].phase,
        "version": process.row_version,
        "reference": process.reference,
        "parent": str(process.parent_id) if process.parent_id else None,
        "children": [
            {"id": str(each.id), "kind": each.definition_key, "state": each.state}
            for each in children
        ],
        "deadline": process.due_at.isoformat() if process.due_at else None,
        **_of_review(session, process),
        "events": [_event(step, lang) for step in steps],
        "data": _answers(session, process) if shown else {},
        "answers_version": sum(section_versions(session, process.id).values()),
    }


def _of_review(session: Session, process: Process) -> dict[str, Any]:
    """What a review says beside its scores: to whom it is asked of, and why it was declined."""
    if process.definition_key != "review_assignment":
        return {}
    if is_own_review(caller(), process) and process.state == "invited":
        asked = invitation_of(session, process)
        due = asked["review_due"]
        return {"invitation": asked | {"review_due": due.isoformat() if due else None}}
    record = cases.record_beside(session, process)
    if not record.declined_for or not may_read_reasons(process, caller()):
        return {}
    return {"declined": {"for": record.declined_for, "words": record.declined_words}}


def _answers(session: Session, process: Process) -> dict[str, Any]:
    """The answers, each file in them with what the virus scan has said."""
    answers = answers_seen(session, process, caller())
    return files_of(session, process.id, drafts=sees_drafts(process, caller())).in_answers(answers)


@api.get("/processes/<process_id>")
@described("A process: state, possible events, answers", "Process", errors=(404,))
def process(process_id: str) -> Any:
    return jsonify(process_as_json(as_id(process_id)))


@api.post("/processes/<process_id>/events/<event>")
@described(
    "Fires an event",
    "Fired",
    body="EventBody",
    errors=(403, 404, 409, 422, 428),
    parameters=("If-Match", "Idempotency-Key"),
)
def fire(process_id: str, event: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        visible(session, found)
    expected, key, body = if_match(), idempotency_key(), body_of_request()
    data, reason = body.get("data") or {}, body.get("reason") or ""
    if not isinstance(data, dict) or not isinstance(reason, str):
        raise Problem(422, "invalid_data", errors={"data": ["an object"], "reason": ["a text"]})
    if errors := _wrong_data(found, event, data):
        raise Problem(422, "invalid_data", errors=errors)
    command = Command(
        found, event, caller().id, portal().now(), data=data, reason=reason,
        expected_version=expected, key=key, door="api", received_at=arrived(),
    )  # fmt: skip
    return jsonify(_fired(command))


def _wrong_data(process_id: uuid.UUID, event: str, data: Mapping[str, Any]) -> Errors:
    """What is wrong with the data of an event that the caller may fire, as its page says it."""
    with portal().database.read() as session:
        row = statements.load(session, process_id)
        steps = steps_for(
            session, portal().machinery, row, caller(), now=portal().now(), language=language()
        )
        step = next((each for each in steps if each.event == event and each.allowed), None)
    if step is None:
        return {}
    unknown = data.keys() - {field.id for field in step.fields}
    return {**check(step.fields, data, language()), **{name: ["unknown"] for name in unknown}}


def _fired(command: Command) -> dict[str, Any]:
    try:
        with portal().database.write() as session:
            return services.fire(session, portal().machinery, command).as_json()
    except Refused as refused:
        raise _refusal(refused, command) from refused
    except StaleVersion as stale:
        raise Problem(409, "stale", expected=stale.expected, current=stale.current) from stale
    except UnknownProcess as unknown:
        raise Problem(404, "not_found") from unknown


def _refusal(refused: Refused, command: Command) -> Problem:
    first = refused.refusals[0]
    texts = [{"code": each.code, "text": words(each, language())} for each in refused.refusals]
    more: dict[str, Any] = {"refusals": texts}
    if field := field_of(first):
        more["errors"] = {field: [words(first, language())]}
        return Problem(422, first.code, words(first, language()), **more)
    if first.code == "incomplete":
        more["errors"] = _problems(command.process_id)
    return Problem(STATUS.get(first.code, 409), first.code, words(first, language()), **more)


def _problems(process_id: uuid.UUID) -> dict[str, list[str]]:
    """What is missing or wrong in a process's form, by field."""
    with portal().database.read() as session:
        form = form_of(session, statements.load(session, process_id))
        answers = answers_of(session, process_id)
        return problems_in(session, process_id, form, answers, language()) if form else {}


@api.get("/processes/<process_id>/log")
@described("The log, newest first", "Log", errors=(404, 422), parameters=LIST)
def log(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        seen = visible(session, found)
        only = seen_actor(session, caller(), seen)
        records, after = page(log_of(session, found, only), lambda row: str(row[0].seq))
        items = [
            {
                "seq": record.seq,
                "event": record.event,
                "from": record.from_state,
                "to": record.to_state,
                "actor": name,
                "proposer": proposer,
                "at": record.at.isoformat(),
                "hash": record.hash,
            }
            for record, name, _payload, proposer in records
        ]
    return jsonify(items=items, next=after)


@api.get("/processes/<process_id>/application")
@described("The application that a review or signature is about", "Judged", errors=(404,))
def judged(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        about = visible(session, found)
        shown = may_read_answers(about, caller())
        seen = application_beside(session, about, caller()) if shown else None
        if seen is None:
            raise Problem(404, "not_found")
        files = (
            Files()
            if is_own_review(caller(), about)
            else files_of(session, about.root_id, drafts=False)
        )
    return jsonify(form=schema.as_json(seen[0], language()), answers=files.in_answers(seen[1]))
