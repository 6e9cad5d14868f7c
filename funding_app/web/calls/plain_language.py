"""The portal in plain language (Leichte Sprache, § 4 BITV 2.0): German only, on its own pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, g, render_template

from funding_app.queries.calls.calls import open_calls
from funding_app.web.access import for_everyone
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.published import published_call
from funding_app.web.request import portal

Arguments = ParamSpec("Arguments")


def in_german(view: Callable[Arguments, str]) -> Callable[Arguments, str]:
    """Everything on such a page is German, whatever language the visitor has chosen."""

    @wraps(view)
    def german(*args: Arguments.args, **kwargs: Arguments.kwargs) -> str:
        g.only_language = "de"
        return view(*args, **kwargs)

    return german


@blueprint.get("/leichte-sprache")
@for_everyone
@in_german
def plain_start() -> str:
    with portal().database.read() as session:
        calls = [call for call in open_calls(session, portal().now()) if call.title_plain]
    return render_template("calls/plain_start.html", calls=calls)


@blueprint.get("/calls/<ref>/leichte-sprache")
@for_everyone
@in_german
def plain_call(ref: str) -> str:
    with portal().database.read() as session:
        call = published_call(session, ref)
    if not call.title_plain:
        abort(404)
    parts = [part.splitlines() for part in call.description_plain.split("\n\n") if part.strip()]
    return render_template("calls/plain_call.html", call=call, parts=parts)
