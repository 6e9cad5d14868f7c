"""The exports, the same as on the pages, and what this interface can do."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, request

from funding_app.exports import NoSuchExport, may_export
from funding_app.web.api.blueprint import OPEN, Problem, api, caller
from funding_app.web.api.description import described, document
from funding_app.web.export_stream import streamed
from funding_app.web.request import portal


@api.get("/exports/<name>")
@described(
    "An export, by default as JSON",
    None,
    errors=(404,),
    media="*/*",
    parameters=("call", "format"),
)
def export(name: str) -> Response:
    call_ref = request.args.get("call") or None
    wanted = request.args.get("format") or "json"
    try:
        if not may_export(caller()):
            raise NoSuchExport(name)
        return streamed(name, wanted, person=caller(), call_ref=call_ref)
    except NoSuchExport:
        raise Problem(404, "not_found") from None


@api.get("/openapi.json")
@described("This description", "OpenApi")
def openapi() -> Any:
    return jsonify(document(current_app, portal().settings.site_name, OPEN))
