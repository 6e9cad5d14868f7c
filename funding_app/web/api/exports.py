"""The exports, the same as on the pages."""

from __future__ import annotations

from flask import Response, request

from funding_app.exports import NoSuchExport, may_export
from funding_app.web.api.blueprint import Problem, api, caller
from funding_app.web.api.description import described
from funding_app.web.operations.exports import streamed


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
