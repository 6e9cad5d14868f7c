"""An export, sent while it is being read."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Response

from funding_app.access import Person
from funding_app.exports import export
from funding_app.web.request import language, portal


def streamed(
    name: str, format: str, *, person: Person | None, call_ref: str | None = None
) -> Response:
    """An export as an attachment; its session is closed with the answer.

    Raises `NoSuchExport`.
    """
    with ExitStack() as stack:
        session = stack.enter_context(portal().database.read())
        made = export(
            session,
            name,
            format=format,
            person=person,
            call_ref=call_ref,
            language=language(),
            definitions=portal().machinery.definitions,
        )
        answer = Response(made.chunks, content_type=made.media_type)
        answer.headers.set("Content-Disposition", "attachment", filename=made.file_name)
        answer.call_on_close(stack.pop_all().close)
    return answer
