"""The blank form of a call, to read and to prepare away from the screen."""

from __future__ import annotations

from typing import cast

from flask import abort, current_app, make_response
from werkzeug.wrappers import Response

from funding_app.documents import RendererFailed
from funding_app.documents.blank_forms import BlankForms, Busy
from funding_app.documents.blank_values import blank_values
from funding_app.queries.calls.forms import find_form
from funding_app.web.access import for_everyone
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.published import published_call
from funding_app.web.request import language, portal

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/calls/<ref>/form.pdf")
@for_everyone
def blank_pdf(ref: str) -> Response:
    return _blank(ref, "pdf")


@blueprint.get("/calls/<ref>/form.docx")
@for_everyone
def blank_docx(ref: str) -> Response:
    return _blank(ref, "docx")


def _blank(ref: str, format: str) -> Response:
    with portal().database.read() as session:
        call = published_call(session, ref)
        form = find_form(session, call.form_key, call.form_version)
    own = portal().settings
    values = blank_values(call, form, language(), portal=own.site_name, base_url=own.base_url)
    files = cast(BlankForms, current_app.extensions["blank_forms"])
    try:
        content = files.file(format, values)
    except (Busy, RendererFailed):
        abort(503)
    answer = make_response(content)
    answer.headers["Content-Type"] = MEDIA_TYPES[format]
    name = f"{call.ref}-{language()}.{format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
