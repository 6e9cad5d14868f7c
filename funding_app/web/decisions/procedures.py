"""Procedures of their own, without an application: panels, calls, programmes, data protection."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access import OFFICE_ROLES, Person
from funding_app.models import Call
from funding_app.queries.calls.calls import call_names
from funding_app.queries.operations.case_counts import own_kinds, root_procedures
from funding_app.services.decisions.procedures import begin_own
from funding_app.web.decisions.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal, signed_in
from workflows.definition import Definition

FORM = schema.get("procedure")


def _kinds(person: Person) -> list[Definition]:
    """What the person may begin that belongs to no case."""
    return own_kinds(portal().machinery.definitions, person.roles)


def _form(session: Session, person: Person) -> AnswerForm:
    kinds = [Choice(one.key, dict(one.title)) for one in _kinds(person)]
    calls = [
        Choice(str(call.id), {"de": call.title_de, "en": call.title_en})
        for call in call_names(session)
    ]
    return form_class(FORM.fields, language(), choices={"kinds": kinds, "calls": calls})()


def _page(session: Session, person: Person, form: AnswerForm) -> str:
    return render_template(
        "decisions/procedures.html",
        rows=root_procedures(session, person),
        definitions=portal().machinery.definitions,
        kinds=_kinds(person),
        form=form,
    )


@blueprint.get("/procedures")
@needs_role(OFFICE_ROLES)
def procedures() -> str:
    with portal().database.read() as session:
        return _page(session, signed_in(), _form(session, signed_in()))


@blueprint.post("/procedures")
@needs_role(OFFICE_ROLES)
def begin_own_procedure() -> Response | tuple[str, int]:
    person = signed_in()
    if not _kinds(person):
        abort(404)
    with portal().database.write() as session:
        form = _form(session, person)
        if not form.validate():
            return _page(session, person, form), 422
        process_id = _begin(session, person, answers_of(form))
    return redirect(url_for("applications.case", process_id=process_id))


def _begin(session: Session, person: Person, answers: dict[str, Any]) -> uuid.UUID:
    chosen = session.get(Call, uuid.UUID(answers["call"])) if answers.get("call") else None
    return begin_own(
        session,
        portal().machinery,
        answers["kind"],
        answers["title"],
        chosen,
        actor_id=person.id,
        when=portal().now(),
    )
