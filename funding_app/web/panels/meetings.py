"""Panel meetings of a call: listed, and called with the first of its ranking."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.schema import Choice
from funding_app.access.lists import MEETING_READERS, MEETING_ROLES, MEETING_WRITERS
from funding_app.models import Call
from funding_app.queries.calls.calls import any_call
from funding_app.queries.panels import meetings as queries
from funding_app.queries.panels.ranking import panel_of_call
from funding_app.rules.deadlines import AmbiguousLocalTime, cut_off
from funding_app.services.panels import meetings as service
from funding_app.services.panels.agendas import agenda_from_ranking
from funding_app.web.panels.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal, signed_in

FORM = schema.get("panel_meeting")


@blueprint.get("/meetings")
@needs_role(MEETING_ROLES)
def meetings() -> str:
    with portal().database.read() as session:
        return render_template(
            "panels/meetings.html",
            call=None,
            rows=queries.meetings_for(session, signed_in()),
            definitions=portal().machinery.definitions,
            form=None,
        )


@blueprint.get("/calls/<ref>/meetings")
@needs_role(MEETING_READERS)
def call_meetings(ref: str) -> str:
    with portal().database.read() as session:
        call = _call(session, ref)
        return _list_page(session, call, _form(session))


def _call(session: Session, ref: str) -> Call:
    """A call whose workflow has a phase before a panel; of others there are no meetings."""
    call = any_call(session, ref)
    if call is None or panel_of_call(portal().machinery.definitions, call) is None:
        abort(404)
    return call


def _form(session: Session) -> AnswerForm:
    people = queries.panel_people(session)
    choices = {
        "people": [_choice(user, name) for user, name, _chairs in people],
        "chairs": [_choice(user, name) for user, name, chairs in people if chairs],
    }
    return form_class(FORM.fields, language(), choices=choices)()


def _choice(user: uuid.UUID, name: str) -> Choice:
    return Choice(str(user), {"de": name, "en": name})


def _list_page(session: Session, call: Call, form: AnswerForm) -> str:
    return render_template(
        "panels/meetings.html",
        call=call,
        rows=queries.meetings_of(session, call),
        definitions=portal().machinery.definitions,
        form=form if signed_in().roles & MEETING_WRITERS else None,
    )


@blueprint.post("/calls/<ref>/meetings")
@needs_role(MEETING_WRITERS)
def call_meeting(ref: str) -> Response | tuple[str, int]:
    with portal().database.write() as session:
        call = _call(session, ref)
        form = _form(session)
        starts_at = _starts_at(answers_of(form)) if form.validate() else None
        if starts_at is None:
            if not form.problems:
                form.tell({"held_at": [_("Bitte geben Sie die Uhrzeit so an: 12:00.")]})
            return _list_page(session, call, form), 422
        plan = _plan(session, call, answers_of(form), starts_at)
        meeting_id = service.create_meeting(acting_in(session), call, plan)
    return redirect(url_for("panels.meeting", meeting_id=meeting_id))


def _starts_at(answers: Mapping[str, Any]) -> datetime | None:
    """The instant that a day and a local time mean; `None` for none or two."""
    try:
        clock = time.fromisoformat(answers["held_at"])
        local = datetime.combine(date.fromisoformat(answers["held_on"]), clock)
        return cut_off(local).instant.astimezone(UTC)
    except (AmbiguousLocalTime, ValueError):
        return None


def _plan(
    session: Session, call: Call, answers: Mapping[str, Any], starts_at: datetime
) -> service.Plan:
    definitions = portal().machinery.definitions
    return service.Plan(
        starts_at=starts_at,
        place=answers["place"],
        is_online=answers["is_online"],
        chair=uuid.UUID(answers["chair"]),
        chair_votes=answers["chair_votes"],
        members=[uuid.UUID(each) for each in answers["members"]],
        guests=[uuid.UUID(each) for each in answers.get("guests") or ()],
        agenda=agenda_from_ranking(session, definitions, call)[: int(answers["places"])],
    )


def acting_in(session: Session) -> service.Acting:
    """The person of this request, acting at a meeting."""
    return service.Acting(session, portal().machinery, signed_in(), portal().now())
