"""A process as it stands, and its log."""

from __future__ import annotations

import uuid
from typing import Any

from flask import jsonify
from sqlalchemy.orm import Session

from forms.schema import Field
from funding_app.access import Rights
from funding_app.engine.storage import statements
from funding_app.models import Process
from funding_app.queries.applications import cases
from funding_app.queries.applications.answers import answers_seen, section_versions
from funding_app.queries.applications.history import log_of
from funding_app.queries.applications.possibilities import Step
from funding_app.queries.files.attachments import files_seen
from funding_app.queries.reviews.readable import only_name_seen
from funding_app.services.applications.steps import steps_for
from funding_app.services.reviews.own_review import invitation_of
from funding_app.web.api.blueprint import api, as_id, caller, page, rights_on, visible
from funding_app.web.api.description import LIST, described
from funding_app.web.request import language, portal
from workflows.vocabulary.tags import Record, Tag


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
    rights = rights_on(process)
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
        **_of_review(session, process, rights),
        "events": [_event(step, lang) for step in steps],
        "data": _answers(session, process, rights),
        "answers_version": sum(section_versions(session, process.id).values()),
    }


def _of_review(session: Session, process: Process, rights: Rights) -> dict[str, Any]:
    """What a review says beside its scores: to whom it is asked of, and why it was declined."""
    if process.record != Record.REVIEW:
        return {}
    if rights.is_reviewer and Tag.INVITED in process.tags:
        asked = invitation_of(session, portal().machinery, process, portal().now())
        due = asked["review_due"]
        return {"invitation": asked | {"review_due": due.isoformat() if due else None}}
    record = cases.record_beside(session, process)
    if not record.declined_for or not rights.reads_reasons:
        return {}
    return {"declined": {"for": record.declined_for, "words": record.declined_words}}


def _answers(session: Session, process: Process, rights: Rights) -> dict[str, Any]:
    """The answers, each file in them with what the virus scan has said."""
    answers = answers_seen(session, process.id, rights)
    return files_seen(session, process.id, rights).in_answers(answers)


@api.get("/processes/<process_id>")
@described("A process: state, possible events, answers", "Process", errors=(404,))
def process(process_id: str) -> Any:
    return jsonify(process_as_json(as_id(process_id)))


@api.get("/processes/<process_id>/log")
@described("The log, newest first", "Log", errors=(404, 422), parameters=LIST)
def log(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        seen = visible(session, found)
        only = only_name_seen(session, caller(), seen)
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
