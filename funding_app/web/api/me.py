"""Who am I, what have I to do, and what can this interface do."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, request

from funding_app.queries.applications import cases
from funding_app.queries.mails.preferences import topics_for, ways_of
from funding_app.web.api.blueprint import OPEN, Problem, api, asked_limit, caller
from funding_app.web.api.description import LIST, described, document
from funding_app.web.request import language, portal


@api.get("/me")
@described("Who calls, with all roles, and by mail of what they hear and how", "Me")
def me() -> Any:
    person = caller()
    roles = [
        {"role": grant.role, "organisation": str(grant.organisation_id or "")}
        for grant in sorted(
            person.grants, key=lambda each: (each.role, str(each.organisation_id or ""))
        )
    ]
    with portal().database.read() as session:
        ways = ways_of(session, person.id)
    heard = {topic: ways[topic] for topic in topics_for(person.roles)}
    return jsonify(
        id=str(person.id),
        name=person.name,
        language=person.language,
        roles=roles,
        notifications=heard,
    )


@api.get("/tasks")
@described("Open work items, the most urgent first", "Tasks", errors=(422,), parameters=LIST)
def tasks() -> Any:
    after = request.args.get("after") or None
    if after and cases.decode_cursor(after) is None:
        raise Problem(422, "invalid_cursor")
    with portal().database.read() as session:
        found = cases.open_tasks_for(session, caller(), asked_limit(), after)
    return jsonify(items=[_task(task) for task in found.rows], next=found.next)


def _task(task: Any) -> dict[str, Any]:
    definition = portal().machinery.definitions.get(task.definition_key, task.definition_version)
    state = definition.states[task.state]
    return {
        "id": str(task.id),
        "kind": task.definition_key,
        "process": str(task.process_id),
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "title": (state.task or state.title)[language()],
    }


@api.get("/openapi.json")
@described("This description", "OpenApi")
def openapi() -> Any:
    return jsonify(document(current_app, portal().settings.site_name, OPEN))
