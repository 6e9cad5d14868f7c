"""What waits for the caller."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request

from funding_app.queries.applications import cases
from funding_app.web.api.blueprint import Problem, api, asked_limit, caller
from funding_app.web.api.description import LIST, described
from funding_app.web.request import language, portal


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
