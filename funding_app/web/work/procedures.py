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
from funding_app.engine import Creation
from funding_app.queries.calls import call_names
from funding_app.queries.running import root_procedures
from funding_app.services.procedures import begin_procedure
from funding_app.web.desk import language, needs_role, portal, signed_in
from funding_app.web.work.blueprint import work
from workflows.definition import Definition

FORM = schema.get("procedure")


def _kinds(person: Person) -> list[Definition]:
    """What the person may begin that belongs to no case."""
    newest = portal().machinery.definitions.newest()
    return [one for one in newest if one.stands_alone and person.roles & set(one.create_roles)]


def _form(session: Session, person: Person) -> AnswerForm:
    kinds = [Choice(one.key, dict(one.title)) for one in _kinds(person)]
    calls = [
        Choice(str(call.id), {"de": call.title_de, "en": call.title_en})
        for call in call_names(session)
    ]
    return form_class(FORM.fields, language(), choices={"kinds": kinds, "calls": calls})()


def _page(session: Session, person: Person, form: AnswerForm) -> str:
    return render_template(
        "work/procedures.html",
        rows=root_procedures(session, person),
        definitions=portal().machinery.definitions,
        kinds=_kinds(person),
        form=form,
    )


@work.get("/procedures")
@needs_role(OFFICE_ROLES)
def procedures() -> str:
    with portal().database.read() as session:
        return _page(session, signed_in(), _form(session, signed_in()))


@work.post("/procedures")
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
    return redirect(url_for("work.case", process_id=process_id))


def _begin(session: Session, person: Person, answers: dict[str, Any]) -> uuid.UUID:
    columns: dict[str, Any] = {"title": answers["title"]}
    if answers.get("call"):
        chosen = uuid.UUID(answers["call"])
        (call,) = (one for one in call_names(session) if one.id == chosen)
        columns |= {"call_id": call.id, "ministry_id": call.lead_ministry_id}
    creation = Creation(answers["kind"], person.id, portal().now(), columns=columns)
    return begin_procedure(session, portal().machinery, creation).id
