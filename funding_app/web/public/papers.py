"""The blank form of a call, to read and to prepare away from the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import abort, current_app, make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.paper import paper_of
from forms.schema import FormSchema
from funding_app.documents import RendererFailed
from funding_app.documents.blank_forms import BlankForms, Busy
from funding_app.models import Call
from funding_app.queries.forms import find_form
from funding_app.web.desk import language, portal
from funding_app.web.filters import deadline, funding, in_language
from funding_app.web.public.blueprint import public, published_call

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@public.get("/calls/<ref>/form.pdf")
def blank_pdf(ref: str) -> Response:
    return _blank(ref, "pdf")


@public.get("/calls/<ref>/form.docx")
def blank_docx(ref: str) -> Response:
    return _blank(ref, "docx")


def _blank(ref: str, format: str) -> Response:
    with portal().database.read() as session:
        call = published_call(session, ref)
        form = find_form(session, call.form_key, call.form_version)
    files = cast(BlankForms, current_app.extensions["blank_forms"])
    try:
        content = files.file(format, _values(call, form))
    except (Busy, RendererFailed):
        abort(503)
    answer = make_response(content)
    answer.headers["Content-Type"] = MEDIA_TYPES[format]
    name = f"{call.ref}-{language()}.{format}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _values(call: Call, form: FormSchema) -> Mapping[str, Any]:
    """What stands on the paper; its dates are the call's, so that the bytes stay the same."""
    page = f"{portal().settings.base_url.rstrip('/')}/calls/{call.ref}"
    ends = deadline(call) if call.closes_at else _("Laufend geöffnet")
    return {
        "kind": "blank_form",
        "language": language(),
        "portal": portal().settings.site_name,
        "title": in_language(call, "title"),
        "form": form.title[language()],
        "requested_at": call.opens_at.isoformat(),
        "facts": [
            [_("Frist"), ends],
            [_("Förderung"), funding(call)],
            [_("Antrag stellen"), page],
        ],
        "notice": _(
            "Dieses Blatt hilft beim Vorbereiten. Es zählt nur, was Sie im Portal absenden."
        ),
        "agree": _("Ja, das erklären wir."),
        "upload": _("Diese Datei laden Sie im Portal hoch."),
        "sections": paper_of(form, language()),
    }
