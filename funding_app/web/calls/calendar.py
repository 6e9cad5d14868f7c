"""The deadline of a call for one's own calendar."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from flask import abort, make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from funding_app.documents.calendar import Deadline, calendar_file
from funding_app.models import Call
from funding_app.web.access import for_everyone
from funding_app.web.calls.blueprint import blueprint
from funding_app.web.filters import deadline, deadline_meaning, in_language, is_whole_day, last_date
from funding_app.web.published import published_call
from funding_app.web.request import language, portal


@blueprint.get("/calls/<ref>/deadline.ics")
@for_everyone
def call_calendar(ref: str) -> Response:
    with portal().database.read() as session:
        call = published_call(session, ref)
    if call.closes_at is None:
        abort(404)
    answer = make_response(calendar_file(_deadline(call, call.closes_at)))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{call.ref}.ics"'
    return answer


def _deadline(call: Call, at: datetime) -> Deadline:
    address = portal().settings.base_url.rstrip("/")
    when: date | datetime = last_date(at) if is_whole_day(call) else at
    page = f"{address}/calls/{call.ref}"
    text = f"{_('Frist:')} {deadline(call)}. {deadline_meaning(call)}\n{page}"
    return Deadline(
        uid=f"{call.id}.deadline@{urlsplit(address).hostname}",
        when=when,
        title=_("Frist: %(call)s", call=in_language(call, "title")),
        text=text,
        page=page,
        language=language(),
        revision=call.version,
        made_at=portal().now(),
    )
