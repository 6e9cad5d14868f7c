"""Single files that the page's script sends: kept at once, without the rest of the form."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.builder import AnswerForm, form_class
from funding_app.services.applications.answers import StaleAnswers
from funding_app.services.applications.edit_right import NotEditable
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.applications.sections import Desk, desk_of
from funding_app.web.file_transfer import receive_files, show_files
from funding_app.web.request import language, needs_person, portal, signed_in
from funding_app.web.saving import put_aside, save_sections, told_saved

PATH = "/cases/<process_id>/form/<section_id>/files/<field_id>"


@blueprint.get(PATH)
@needs_person
def field_files(process_id: str, section_id: str, field_id: str) -> Response:
    """What a field holds now: the script asks while a file waits for the virus scan."""
    desk, form = _opened(process_id, section_id, field_id)
    return jsonify(html=_shown(desk, form))


@blueprint.post(PATH)
@needs_person
def add_file(process_id: str, section_id: str, field_id: str) -> Response | tuple[Response, int]:
    """Keeps one file for a field against the version that the page shows.

    An outdated page is told so with 409; the file is then kept among the earlier versions.
    """
    person = signed_in()
    desk, form = _opened(process_id, section_id, field_id)
    incoming, refused = receive_files(form)
    if refused:
        return jsonify(text=" ".join(refused[field_id])), 422
    answers = dict(desk.saved_section.answers) if desk.saved_section else {}
    sections = {section_id: {**answers, field_id: desk.saved.get(field_id)}}
    try:
        versions = save_sections(desk.process, sections, person, incoming)
    except StaleAnswers:
        put_aside(desk.process, person, incoming)
        text = _(
            "Inzwischen wurde dieser Abschnitt woanders gespeichert. Ihre Datei liegt unter "
            "„Frühere Fassungen“ und lässt sich von dort wiederherstellen."
        )
        desk, form = _opened(process_id, section_id, field_id)
        return jsonify(text=text, html=_shown(desk, form, changed=True)), 409
    except NotEditable:
        abort(404)
    desk, form = _opened(process_id, section_id, field_id)
    return jsonify(versions=versions, text=told_saved(), html=_shown(desk, form))


def _opened(process_id: str, section_id: str, field_id: str) -> tuple[Desk, AnswerForm]:
    """The section and a form of this one field, or 404."""
    with portal().database.read() as session:
        desk = desk_of(session, signed_in(), process_id, section_id)
    spec = next((each for each in desk.section.fields if each.id == field_id), None)
    if spec is None or spec.type != "file":
        abort(404)
    return desk, form_class([spec], language())(data=dict(desk.saved))


def _shown(desk: Desk, form: AnswerForm, *, changed: bool = False) -> str:
    show_files(form, desk.saved)
    field: Any = next(iter(form.answers()))
    field.was_changed = changed
    return render_template("applications/kept_files.html", field=field, files=desk.files)
