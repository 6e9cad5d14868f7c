"""Saving the answers of a process from its pages: opened, saved by section, closed meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, jsonify, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.builder import AnswerForm, answers_of
from forms.schema import FormSchema, Section
from funding_app.access import Person
from funding_app.engine import UnknownProcess
from funding_app.engine.storage.statements import row_of
from funding_app.models import Process
from funding_app.services.applications.answers import form_of, save_section
from funding_app.services.applications.edit_right import NotEditable, open_for_writing
from funding_app.services.applications.presence import note_present
from funding_app.web.file_transfer import Incoming
from funding_app.web.filters import clock_time
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import as_id, number_of, portal


def lock_for_writing(session: Session, process_id: uuid.UUID, person: Person) -> None:
    """Locks the case for a change of its answers, or 404."""
    try:
        open_for_writing(session, portal().machinery, process_id, person.id)
    except (NotEditable, UnknownProcess):
        abort(404)


def writable(session: Session, person: Person, process_id: str) -> tuple[Process, FormSchema]:
    """A process whose form the person may fill in now, or 404."""
    process = visible_process(session, person, as_id(process_id))
    form = form_of(session, row_of(process))
    if form is None or not rights_on(process, person).may_write:
        abort(404)
    return process, form


def save_sections(
    process: Process,
    sections: Mapping[str, Mapping[str, Any]],
    person: Person,
    files: Mapping[str, Incoming] | None = None,
) -> dict[str, int]:
    """Saves sections against the version each had when the page was shown, files with them.

    Returns their new versions; raises `StaleAnswers` and `NotEditable`.
    """
    versions = {}
    with portal().database.write() as session:
        open_for_writing(session, portal().machinery, process.id, person.id)
        lists = {
            name: each.record(session, process, person) for name, each in (files or {}).items()
        }
        for name, typed in sections.items():
            answers = {field: lists.get(field, value) for field, value in typed.items()}
            expected = request.form.get(f"version-{name}", "0")
            note_present(session, process.id, name, person.id, portal().now())
            versions[name] = save_section(
                session,
                process.id,
                name,
                answers,
                expected_version=number_of(expected) or 0,
                saved_by=person.id,
                when=portal().now(),
            )
    return versions


def put_aside(process: Process, person: Person, incoming: Mapping[str, Incoming]) -> None:
    """Keeps files that came with an outdated form as earlier versions. Raises `NotEditable`."""
    with portal().database.write() as session:
        open_for_writing(session, portal().machinery, process.id, person.id)
        for each in incoming.values():
            each.keep_aside(session, process, person)


def closed_meanwhile(process: Process, sections: Sequence[Section], form: AnswerForm) -> str:
    """What was typed, to be copied: the right to save it ended while it was on its way.

    A script that saves by itself is told as of a page that is closed.
    """
    if request.form.get("go") == "auto":
        abort(404)
    return render_template(
        "applications/closed.html", process=process, sections=sections, answers=answers_of(form)
    )


def saved_quietly(versions: Mapping[str, int]) -> Response:
    """The answer to the script that saves while somebody types."""
    return jsonify(versions=versions, text=told_saved())


def told_saved() -> str:
    """When it was saved, in words."""
    return str(_("Gespeichert um %(at)s Uhr.", at=clock_time(portal().now())))
