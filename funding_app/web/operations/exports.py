"""Exports for those who may, and open data for everyone, sent while they are being read."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from funding_app.exports import EXPORTS, NoSuchExport, may_export
from funding_app.exports.giving360 import LICENCE
from funding_app.queries.calls import calls
from funding_app.queries.operations.exports import calls_for
from funding_app.web.export_stream import streamed
from funding_app.web.request import needs_person, portal, signed_in

exports = Blueprint("exports", __name__)
open_data = Blueprint("open_data", __name__, url_prefix="/open-data")
USUAL_FORMAT = "xlsx"


@exports.get("/exports")
@needs_person
def choice() -> str:
    person = signed_in()
    if not may_export(person):
        abort(404)
    with portal().database.read() as session:
        refs = calls_for(session, person)
    return render_template(
        "operations/exports.html", exports=EXPORTS.values(), calls=refs, usual=USUAL_FORMAT
    )


@exports.get("/exports/<name>")
@needs_person
def download(name: str) -> Response:
    person = signed_in()
    if not may_export(person):
        abort(404)
    wanted = request.args.get("format") or USUAL_FORMAT
    try:
        return streamed(name, wanted, person=person, call_ref=request.args.get("call") or None)
    except NoSuchExport:
        abort(404)


@open_data.get("/")
def start() -> str:
    with portal().database.read() as session:
        totals = calls.totals_of_projects(session)
    return render_template("operations/open_data.html", licence=LICENCE, totals=totals)


def _for_everyone(name: str, format: str) -> Response:
    """Open data may be read by the pages of others, too."""
    answer = streamed(name, format, person=None)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@open_data.get("/grants.json")
def grants_json() -> Response:
    return _for_everyone("grants", "360giving")


@open_data.get("/grants.csv")
def grants_csv() -> Response:
    return _for_everyone("grants", "csv")


@open_data.get("/indicators.csv")
def indicators_csv() -> Response:
    return _for_everyone("indicators", "csv")
