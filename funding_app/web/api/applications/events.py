"""Firing an event, and a refusal as a problem document."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import jsonify

from forms.checks import Errors, check
from funding_app import services
from funding_app.engine import Command, Refused, StaleVersion, UnknownProcess
from funding_app.engine.storage import statements
from funding_app.queries.applications.answers import answers_of
from funding_app.refusals import words
from funding_app.services.applications.answers import form_of
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
    visible,
)
from funding_app.web.api.description import described
from funding_app.web.received_at import arrived
from funding_app.web.request import language, portal

STATUS = {"not_permitted": 403, "unknown_event": 404}


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
    if first.at:
        more["errors"] = {first.at: [words(first, language())]}
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
