"""Uploaded files: downloaded, and shown as small pictures."""

from __future__ import annotations

from flask import abort, make_response, send_file
from werkzeug.wrappers import Response

from funding_app.models import Thumbnail
from funding_app.queries.files.attachments import READABLE
from funding_app.services.reviews.readable_file import readable_file
from funding_app.web.file_transfer import send_stored, stored_at
from funding_app.web.files.blueprint import blueprint
from funding_app.web.request import as_id, needs_person, portal, signed_in


@blueprint.get("/attachments/<attachment_id>")
@needs_person
def attachment(attachment_id: str) -> Response:
    """An uploaded file: always as a download, never shown by the browser."""
    with portal().database.read() as session:
        found = readable_file(session, portal().machinery, signed_in(), as_id(attachment_id))
    if found is None:
        abort(404)
    return send_stored(found) if found.scan in READABLE else abort(409)


@blueprint.get("/attachments/<attachment_id>/thumbnail")
@needs_person
def thumbnail(attachment_id: str) -> Response:
    """The small picture of a file, for whoever may read it; not where a case is reviewed blind."""
    with portal().database.read() as session:
        found = readable_file(session, portal().machinery, signed_in(), as_id(attachment_id))
        drawn = session.get(Thumbnail, as_id(attachment_id))
    readable = found is not None and found.scan in READABLE and not found.is_blind
    if not readable or drawn is None or drawn.sha256 is None:
        abort(404)
    return make_response(send_file(stored_at(drawn.sha256), mimetype="image/png"))
