"""Lists: tasks and cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from funding_app.access import OFFICE_ROLES
from funding_app.access.lists import ASSIGN_ROLES
from funding_app.queries.applications import cases
from funding_app.queries.calls import calls
from funding_app.queries.reviews.past_invitations import declined_in
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.request import needs_person, portal, signed_in

MOST_TASKS = 100


@blueprint.get("/tasks")
@needs_person
def tasks() -> str:
    with portal().database.read() as session:
        page = cases.open_tasks_for(
            session, signed_in(), MOST_TASKS, request.args.get("after") or None
        )
        cases_shown = [task.process_id for task in page.rows]
        declined = declined_in(session, signed_in(), cases_shown)
    return render_template(
        "applications/tasks.html",
        groups=_by_urgency(page.rows, portal().now()),
        later=bool(request.args.get("after")),
        following=page.next,
        declined=declined,
        definitions=portal().machinery.definitions,
    )


def _by_urgency(tasks: Any, now: datetime) -> list[tuple[str, list[Any]]]:
    """The tasks in groups, the most urgent first; groups without a task are left out."""
    late = [task for task in tasks if task.due_at and task.due_at <= now]
    soon = [task for task in tasks if task.due_at and now < task.due_at <= now + cases.SOON]
    rest = [task for task in tasks if not task.due_at or task.due_at > now + cases.SOON]
    titled = (
        (_("Überfällig"), late),
        (_("In den nächsten sieben Tagen"), soon),
        (_("Später"), rest),
    )
    return [(title, group) for title, group in titled if group]


@blueprint.get("/cases")
@needs_person
def case_list() -> str:
    wanted = cases.CaseFilter(
        state=request.args.get("state", ""),
        definition=request.args.get("kind", ""),
        call=request.args.get("call", ""),
        search=request.args.get("q", "").strip()[:100],
        sort=request.args.get("sort", ""),
        after=request.args.get("after"),
    )
    with portal().database.read() as session:
        page = cases.list_cases(session, signed_in(), wanted)
        known = calls.all_refs(session)
    return render_template(
        "applications/cases.html",
        own_procedures=bool(signed_in().roles & OFFICE_ROLES),
        may_assign=bool(signed_in().roles & ASSIGN_ROLES),
        page=page,
        wanted=wanted,
        calls=known,
        sorts=_sorts(),
        definitions=portal().machinery.definitions,
    )


def _sorts() -> list[tuple[str, str]]:
    return [
        ("", _("zuletzt geändert")),
        ("due", _("Frist")),
        ("amount", _("Betrag, höchster zuerst")),
        ("reference", _("Nummer")),
    ]
