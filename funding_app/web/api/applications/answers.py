"""Answers: saved complete or not, against the version that was seen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import jsonify
from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.schema import Field, FormSchema
from funding_app.engine.storage.statements import row_of
from funding_app.models import AnswerSection, Process
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.files.attachments import files_of
from funding_app.services.applications.answers import form_of, save_section
from funding_app.services.applications.edit_right import NotEditable, open_for_writing
from funding_app.services.files.attachments import FileRefused, choose
from funding_app.web.api.blueprint import (
    Problem,
    api,
    as_id,
    body_of_request,
    caller,
    if_match,
    rights_on,
    visible,
)
from funding_app.web.api.description import described
from funding_app.web.request import language, portal

CLOSED = "In this state the caller can not change answers."


def editable_form(session: Session, process: Process) -> FormSchema:
    """The form the caller may fill in now; raises `Problem` 409."""
    form = form_of(session, row_of(process))
    if form is None or not rights_on(process).may_write:
        raise Problem(409, "not_editable", CLOSED)
    return form


def locked_form(session: Session, process_id: uuid.UUID) -> FormSchema:
    """The same, with the case locked so that nobody hands it in meanwhile; as the pages do."""
    try:
        open_for_writing(session, portal().machinery, process_id, caller().id)
    except NotEditable:
        raise Problem(409, "not_editable", CLOSED) from None
    return editable_form(session, visible(session, process_id))


@api.patch("/applications/<process_id>/answers", endpoint="save_application")
@api.patch("/processes/<process_id>/answers")
@described(
    "Saves answers by field id; the version counts all sections",
    "Answers",
    body="AnswersBody",
    errors=(404, 409, 422, 428),
    parameters=("If-Match",),
)
def save(process_id: str) -> Any:
    found = as_id(process_id)
    with portal().database.read() as session:
        visible(session, found)
    expected, answers = if_match(), body_of_request()
    with portal().database.write() as session:
        form = locked_form(session, found)
        version = save_answers(session, found, form, answers, expected)
        answers = answers_of(session, found)
        return jsonify(version=version, answers=_with_scans(session, found, answers))


def _with_scans(
    session: Session, process_id: uuid.UUID, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers, each file with what the virus scan has said."""
    return files_of(session, process_id, drafts=True).in_answers(answers)


def save_answers(
    session: Session,
    process_id: uuid.UUID,
    form: FormSchema,
    answers: Mapping[str, Any],
    expected: int | None,
) -> int:
    """Saves each section touched; returns the version, the sum of the sections' versions.

    Without an expected version the present one is meant. Raises `Problem`.
    """
    unknown = set(answers) - {field.id for field in form.fields}
    if unknown:
        raise Problem(422, "unknown_field", errors={name: ["unknown"] for name in unknown})
    saved = _sections(session, process_id)
    current = sum(section.version for section in saved.values())
    if expected is not None and current != expected:
        present = _with_scans(session, process_id, answers_of(session, process_id))
        raise Problem(
            409, "stale", expected=expected, current=current, answers=present, yours=dict(answers)
        )
    for section in form.sections:
        touched = {
            each.id: _chosen(session, process_id, each, answers[each.id])
            for each in section.fields
            if each.id in answers
        }
        if touched:
            row = saved.get(section.id)
            save_section(
                session, process_id, section.id, {**(row.answers if row else {}), **touched},
                expected_version=row.version if row else 0,
                saved_by=caller().id, when=portal().now(),
            )  # fmt: skip
            current += 1
    return current


def _chosen(session: Session, process_id: uuid.UUID, field: Field, value: Any) -> Any:
    """An answer as it is kept: of files those that were uploaded for the field."""
    if field.type != "file":
        return value
    try:
        return choose(session, process_id, field, value, portal().now())
    except FileRefused as refused:
        text = refused.words(language())
        raise Problem(422, refused.code, text, errors={field.id: [text]}) from refused


def _sections(session: Session, process_id: uuid.UUID) -> dict[str, AnswerSection]:
    found = session.scalars(
        select(AnswerSection).where(AnswerSection.process_id == process_id).with_for_update()
    )
    return {section.section: section for section in found}
