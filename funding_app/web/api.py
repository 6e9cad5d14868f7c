"""The JSON API, version 1: tokens in, problem documents out (RFC 9457)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, make_response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from forms import schema
from forms.schema import Field, FormSchema
from funding_app import services
from funding_app.access import Person
from funding_app.engine import (
    Command,
    KeyReused,
    Refused,
    StaleVersion,
    UnknownProcess,
    rows,
)
from funding_app.engine.idempotency import MAXIMUM_LENGTH
from funding_app.models import AnswerSection, Call, Process
from funding_app.queries import calls, cases
from funding_app.refusals import words
from funding_app.services import accounts
from funding_app.services.answers import StaleAnswers, answers_of, form_of, save_section
from funding_app.services.applications import create_application
from funding_app.services.steps import steps_for
from funding_app.web.desk import language, portal

api = Blueprint("api", __name__, url_prefix="/api/v1")
OPEN = ("api.openapi", "api.call_list", "api.call_page", "api.call_form")


class Problem(Exception):
    """An answer that is an error: status, code and words."""

    def __init__(self, status: int, code: str, detail: str = "", **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.more = status, code, detail, more


@api.errorhandler(Problem)
def problem(error: Problem) -> Response:
    body = {"type": "about:blank", "status": error.status, "code": error.code}
    answer = jsonify(body | {"title": error.code, "detail": error.detail} | error.more)
    answer.status_code, answer.mimetype = error.status, "application/problem+json"
    return answer


@api.errorhandler(HTTPException)
def http_problem(error: HTTPException) -> Response:
    code = (error.name or "error").lower().replace(" ", "_")
    return problem(Problem(error.code or 500, code, error.description or ""))


@api.before_request
def authenticate() -> None:
    if request.endpoint in OPEN:
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and secret:
        with portal().database.read() as session:
            found = accounts.person_of_token(session, secret.strip(), portal().now())
    if found is None:
        raise Problem(401, "token_missing", "A valid bearer token is needed.")
    g.person = found


def caller() -> Person:
    found: Person = g.person
    return found


def as_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem(404, "not_found") from None


@api.get("/me")
def me() -> Any:
    person = caller()
    roles = [
        {"role": grant.role, "organisation": str(grant.organisation_id or "")}
        for grant in sorted(person.grants, key=lambda grant: grant.role)
    ]
    return jsonify(id=str(person.id), name=person.name, roles=roles)


@api.get("/tasks")
def tasks() -> Any:
    with portal().database.read() as session:
        found = cases.open_tasks_for(session, caller())
    definitions = portal().machinery.definitions
    items = []
    for task in found:
        state = definitions.get(task.definition_key, task.definition_version).states[task.state]
        items.append(
            {
                "kind": task.definition_key,
                "process": str(task.process_id),
                "due_at": task.due_at.isoformat() if task.due_at else None,
                "title": (state.task or state.title)[language()],
            }
        )
    return jsonify(items=items, next=None)


def _call(call: Call) -> dict[str, Any]:
    english = language() == "en"
    return {
        "ref": call.ref,
        "title": call.title_en if english else call.title_de,
        "programme": str(call.programme_id),
        "opens_at": call.opens_at.isoformat(),
        "closes_at": call.closes_at.isoformat() if call.closes_at else None,
        "definition": call.definition_key,
        "funding": {
            "min": str(call.minimum_amount),
            "max": str(call.maximum_amount),
            "financing_type": call.financing_type,
            "own_share_percent": call.own_share_percent,
        },
        "links": {"form": f"/api/v1/calls/{call.ref}/form"},
    }


@api.get("/calls")
def call_list() -> Any:
    with portal().database.read() as session:
        found = calls.open_calls(session, portal().now())
        return jsonify(items=[_call(call) for call in found], next=None)


def _found_call(session: Session, ref: str) -> Call:
    call = calls.find_call(session, ref)
    if call is None:
        raise Problem(404, "not_found")
    return call


@api.get("/calls/<ref>")
def call_page(ref: str) -> Any:
    with portal().database.read() as session:
        return jsonify(_call(_found_call(session, ref)))


def _field(field: Field, lang: str) -> dict[str, Any]:
    return {
        "id": field.id,
        "type": field.type,
        "label": field.label[lang],
        "help": field.help.get(lang, ""),
        "required": field.required,
        "choices": [{"value": c.value, "label": c.label[lang]} for c in field.choices],
        "max_words": field.max_words,
        "max_length": field.max_length,
        "min": field.min,
        "max": field.max,
        "columns": [_field(column, lang) for column in field.columns],
    }


def _form(form: FormSchema, lang: str) -> dict[str, Any]:
    sections = [
        {
            "id": section.id,
            "title": section.title[lang],
            "fields": [_field(field, lang) for field in section.fields],
        }
        for section in form.sections
    ]
    return {"version": form.version, "sections": sections}


@api.get("/calls/<ref>/form")
def call_form(ref: str) -> Any:
    with portal().database.read() as session:
        call = _found_call(session, ref)
    return jsonify(_form(schema.get(call.form_key), language()))


@api.post("/calls/<ref>/applications")
def begin(ref: str) -> Any:
    person = caller()
    own = sorted(person.organisations(("applicant_signatory", "applicant_editor")))
    if not own:
        raise Problem(403, "not_permitted")
    with portal().database.write() as session:
        call = _found_call(session, ref)
        process = create_application(
            session,
            portal().machinery,
            call,
            organisation_id=own[0],
            actor_id=person.id,
            when=portal().now(),
            door="api",
        )
    return make_response(jsonify(_process(process.id)), 201)


def _visible(session: Session, process_id: uuid.UUID) -> Process:
    found = cases.find_process(session, caller(), process_id)
    if found is None:
        raise Problem(404, "not_found")
    return found


def _process(process_id: uuid.UUID) -> dict[str, Any]:
    lang = language()
    with portal().database.read() as session:
        process = _visible(session, process_id)
        row = rows.load(session, process_id)
        definition = portal().machinery.definition_of(row)
        state = definition.states[process.state]
        steps = steps_for(
            session, portal().machinery, row, caller(), now=portal().now(), language=lang
        )
        children = cases.children_of(session, caller(), process_id)
        hidden = process.definition_key == "review_assignment" and process.state == "invited"
        return {
            "id": str(process.id),
            "kind": process.definition_key,
            "definition": {"key": definition.key, "version": definition.version},
            "state": process.state,
            "phase": state.phase,
            "version": process.row_version,
            "reference": process.reference,
            "parent": str(process.parent_id) if process.parent_id else None,
            "children": [
                {"id": str(c.id), "kind": c.definition_key, "state": c.state} for c in children
            ],
            "deadline": process.due_at.isoformat() if process.due_at else None,
            "events": [
                {
                    "event": step.event,
                    "label": step.label,
                    "allowed": step.allowed,
                    "refusals": [{"code": code, "text": text} for code, text in step.refusals],
                    "fields": [_field(field, lang) for field in step.fields],
                }
                for step in steps
            ],
            "data": {} if hidden else answers_of(session, process_id),
        }


@api.get("/processes/<process_id>")
def process(process_id: str) -> Any:
    return jsonify(_process(as_id(process_id)))


def _body() -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Problem(422, "invalid_json", "A JSON object is needed.")
    return body


@api.post("/processes/<process_id>/events/<event>")
def fire(process_id: str, event: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        _visible(session, found)
    expected = _if_match()
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= MAXIMUM_LENGTH:
        raise Problem(422, "invalid_idempotency_key")
    body = _body()
    data = body.get("data") or {}
    if not isinstance(data, dict):
        raise Problem(422, "invalid_data", errors={"data": ["object"]})
    command = Command(
        found, event, caller().id, portal().now(), data=data, reason=str(body.get("reason") or ""),
        expected_version=expected, key=key, door="api",
    )  # fmt: skip
    return jsonify(_fired(command))


def _if_match() -> int:
    text = request.headers.get("If-Match")
    if text is None:
        raise Problem(428, "if_match_missing", "Send the version you have seen as If-Match.")
    bare = text.removeprefix("W/").strip('"')
    if not bare.isdigit():
        raise Problem(422, "invalid_if_match")
    return int(bare)


def _fired(command: Command) -> dict[str, Any]:
    try:
        with portal().database.write() as session:
            return services.fire(session, portal().machinery, command).as_json()
    except Refused as refused:
        raise _refusal(refused) from refused
    except StaleVersion as stale:
        raise Problem(409, "stale", expected=stale.expected, current=stale.current) from stale
    except KeyReused as reused:
        raise Problem(422, "idempotency_key_reused") from reused
    except UnknownProcess as unknown:
        raise Problem(404, "not_found") from unknown


def _refusal(refused: Refused) -> Problem:
    status = {"not_permitted": 403, "invalid_data": 422, "unknown_event": 404}
    first = refused.refusals[0]
    texts = [{"code": r.code, "text": words(r, language())} for r in refused.refusals]
    more: dict[str, Any] = {"refusals": texts}
    if first.code == "invalid_data":
        more["errors"] = {str(first.params.get("field", "")): [words(first, language())]}
    return Problem(status.get(first.code, 409), first.code, words(first, language()), **more)


@api.patch("/applications/<process_id>/answers")
@api.patch("/processes/<process_id>/answers")
def save(process_id: str) -> Any:
    """Saves answers, complete or not: `{section: {field: value}}` or one flat mapping."""
    found, expected = as_id(process_id), _if_match()
    answers = _body()
    with portal().database.write() as session:
        target = _visible(session, found)
        row = rows.load(session, found)
        state = portal().machinery.definition_of(row).states[target.state]
        actor = rows.actor_on(session, caller().id, row)
        form = form_of(session, row)
        if form is None or not actor.roles & set(state.editable):
            raise Problem(409, "not_editable")
        version = _save_all(session, found, form, answers, expected)
    return jsonify(version=version, answers=_answers(found))


def _answers(process_id: uuid.UUID) -> dict[str, Any]:
    with portal().database.read() as session:
        return answers_of(session, process_id)


def _save_all(
    session: Session,
    process_id: uuid.UUID,
    form: FormSchema,
    answers: Mapping[str, Any],
    expected: int,
) -> int:
    """Saves each section touched; the answers' version is the sum of their sections' versions."""
    unknown = set(answers) - {field.id for field in form.fields}
    if unknown:
        raise Problem(422, "unknown_field", errors={name: ["unknown"] for name in unknown})
    saved: dict[str, AnswerSection] = {
        section.section: section
        for section in session.scalars(
            select(AnswerSection).where(AnswerSection.process_id == process_id)
        )
    }
    current = sum(section.version for section in saved.values())
    if current != expected:
        raise Problem(409, "stale", expected=expected, current=current,
                      answers=answers_of(session, process_id))  # fmt: skip
    for section in form.sections:
        touched = {f.id: answers[f.id] for f in section.fields if f.id in answers}
        if not touched:
            continue
        row = saved.get(section.id)
        merged = (dict(row.answers) if row else {}) | touched
        try:
            save_section(
                session, process_id, section.id, merged,
                expected_version=row.version if row else 0,
                saved_by=caller().id, when=portal().now(),
            )  # fmt: skip
        except StaleAnswers as stale:
            raise Problem(409, "stale", current=stale.current) from stale
        current += 1
    return current


@api.get("/processes/<process_id>/log")
def log(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        _visible(session, found)
        items = [
            {
                "seq": record.seq,
                "event": record.event,
                "from": record.from_state,
                "to": record.to_state,
                "actor": name,
                "at": record.at.isoformat(),
                "hash": record.hash,
            }
            for record, name, _payload in cases.log_of(session, found)
        ]
    return jsonify(items=items, next=None)


@api.get("/processes/<process_id>/documents")
def documents(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        _visible(session, found)
        items = [
            {
                "id": str(document.id),
                "kind": document.kind,
                "title": document.title,
                "sha256": document.sha256,
                "size": document.size,
            }
            for document in cases.documents_of(session, found)
        ]
    return jsonify(items=items, next=None)


@api.get("/openapi.json")
def openapi() -> Any:
    """The routes of this API; schemas of bodies are not described yet."""
    paths: dict[str, Any] = {}
    for rule in current_app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            view = current_app.view_functions[rule.endpoint]
            path = rule.rule.replace("<", "{").replace(">", "}")
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                paths.setdefault(path, {})[method.lower()] = {
                    "operationId": rule.endpoint.removeprefix("api."),
                    "summary": (view.__doc__ or view.__name__).strip(),
                    "responses": {"default": {"description": "The answer, or a problem document"}},
                }
    info = {"title": "Förderportal", "version": "1"}
    return jsonify(openapi="3.1.0", info=info, paths=paths)
