"""What is written and chosen at a panel's meeting, as forms; the one that was sent is filled."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _

from forms import schema
from forms.builder import AnswerForm, answers_of, form_class
from forms.checks import Errors
from forms.schema import Choice, Field
from funding_app.queries.panels.meetings import Item, Meeting
from funding_app.web.request import language
from workflows.panel import Panel

FORM = schema.get("meeting")
PLACE, AMOUNT, MEMBER = (FORM.field(name) for name in ("place", "amount", "member"))
Forms = Mapping[str, AnswerForm]


class Unanswered(Exception):
    """A form that was sent lacks answers, or holds wrong ones; `errors` by field."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def answers(form: AnswerForm) -> dict[str, Any]:
    """The answers of a form that was sent. Raises `Unanswered`."""
    if errors := form.check(complete=True):
        raise Unanswered(errors)
    return answers_of(form)


def sent(forms: Forms) -> AnswerForm | None:
    """The form of a page that was sent with this request."""
    return next((form for name, form in forms.items() if _was_sent(name)), None)


def _was_sent(name: str) -> bool:
    """Whether this request comes from the form: its view, for one of many with what it is about."""
    view = (request.endpoint or "").partition(".")[2]
    about = ((request.view_args or {}).get("item_id"), request.form.get("member"))
    return name in {view, *(f"{view}-{each}" for each in about)}


def _form(
    name: str, fields: Iterable[Field], known: Mapping[str, Any] | None = None, **choices: Any
) -> AnswerForm:
    formdata = request.form if _was_sent(name) else None
    return form_class(fields, language(), choices=choices)(formdata=formdata, data=known)


def _section(name: str, section: str, known: Mapping[str, Any] | None = None) -> AnswerForm:
    return _form(name, FORM.section(section).fields, known)


def order(meeting: Meeting) -> AnswerForm:
    """The place of each item."""
    places = {f"place-{each.row.id}": each for each in meeting.items}
    fields = [
        replace(PLACE, id=name, label=_as_text(_("Platz von %(title)s", title=each.case.reference)))
        for name, each in places.items()
    ]
    known = {name: each.row.position for name, each in places.items()}
    return _form("order_agenda", fields, known)


def minutes() -> AnswerForm:
    return _section("close_meeting", "minutes")


def taking_back(item_id: uuid.UUID) -> AnswerForm:
    """Why an own declaration was a mistake."""
    return _correction("take_back_recusal", item_id)


def lifting(member: uuid.UUID) -> AnswerForm:
    """Why a member's exclusion was a mistake."""
    return _correction("lift_recusal", member)


def _correction(view: str, about: uuid.UUID) -> AnswerForm:
    """One of several on a page: the field has the same name in each, and an id of its own."""
    form = _section(f"{view}-{about}", "correction")
    form["reason"].id = f"reason-{about}"
    return form


def notes(item: Item) -> AnswerForm:
    return _section("write_notes", "notes", {"notes": item.row.notes})


def motion(item: Item, panel: Panel) -> AnswerForm:
    """What is moved, of what the panel can resolve."""
    motions = [Choice(each.event, each.motion) for each in panel.motions]
    fields = FORM.section("motion").fields
    return _form("set_motion", fields, {"motion": item.row.motion}, motions=motions)


def recusal(meeting: Meeting, item: Item, own: uuid.UUID, *, leads: bool) -> AnswerForm:
    """Who is excluded, where one leads the meeting, and why."""
    out = {each.user_id for each in item.recusals}
    members = [
        Choice(str(each.id), _as_text(each.name)) for each in meeting.members if each.id not in out
    ]
    fields = [each for each in FORM.section("recusal").fields if leads or each is not MEMBER]
    return _form("recuse", fields, {"member": str(own)}, members=members)


def result(item: Item, amount: Mapping[str, str] | None) -> AnswerForm:
    """The reasoning, and the amount by the name it has there; `None` where none is asked for."""
    fields = [
        replace(each, label=amount or each.label) if each is AMOUNT else each
        for each in FORM.section("result").fields
        if amount or each is not AMOUNT
    ]
    requested = item.application.requested
    known = {} if requested is None else {"amount": str(requested)}
    return _form("conclude", fields, known)


def _as_text(words: str) -> dict[str, str]:
    return dict.fromkeys(("de", "en"), words)
