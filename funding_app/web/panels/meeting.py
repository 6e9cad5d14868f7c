"""A panel meeting: prepared, held item by item, closed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from forms.builder import AnswerForm
from forms.checks import Errors
from funding_app.access import Person
from funding_app.access.lists import MEETING_ROLES, MEETING_WRITERS
from funding_app.engine import Refused
from funding_app.engine.storage.statements import row_of
from funding_app.queries.applications.cases import documents_of
from funding_app.queries.operations.parameters import value_on
from funding_app.queries.panels import meetings as queries
from funding_app.queries.panels import recusals
from funding_app.queries.panels.meetings import Item, Meeting
from funding_app.refusals import words
from funding_app.services.panels import meetings as service
from funding_app.services.panels.agendas import is_voted_on
from funding_app.web.panels import meeting_forms as forms
from funding_app.web.panels.blueprint import blueprint
from funding_app.web.panels.meetings import acting_in
from funding_app.web.request import as_id, language, needs_role, portal, signed_in
from funding_app.web.review_words import suspicions
from workflows.vocabulary.tags import Tag

NOTHING: Errors = {}
Doing = Callable[[service.Acting, Meeting], None]


def seen_meeting(session: Session, person: Person, meeting_id: str) -> Meeting:
    """A meeting for its members and the office; for others there is none."""
    return queries.meeting_seen(session, person, as_id(meeting_id)) or abort(404)


def _item_of(meeting: Meeting, item_id: str) -> Item:
    wanted = as_id(item_id)
    found = [each for each in meeting.items if each.row.id == wanted and each.is_open_to]
    if not found:
        abort(404)
    return found[0]


@blueprint.get("/meetings/<meeting_id>")
@needs_role(MEETING_ROLES)
def meeting(meeting_id: str) -> str:
    with portal().database.read() as session:
        return _page(session, seen_meeting(session, signed_in(), meeting_id))


def _page(session: Session, found: Meeting, errors: Errors = NOTHING) -> str:
    asked = {"order_agenda": forms.order(found), "close_meeting": forms.minutes()}
    asked |= {
        f"take_back_recusal-{each.row.id}": forms.taking_back(each.row.id) for each in found.items
    }
    return render_template(
        "panels/meeting.html",
        **_told(asked, errors),
        documents=documents_of(session, found.row.id, signed_in()),
        **_shown(session, found),
    )


def _told(asked: forms.Forms, errors: Errors) -> dict[str, Any]:
    """The forms of a page, with the errors at the fields of the one sent; the rest beside it."""
    sent = forms.sent(asked)
    if sent is not None:
        sent.tell(errors)
    beside = [
        text for name, texts in errors.items() if sent is None or name not in sent for text in texts
    ]
    return {"forms": asked, "sent": sent, "refusals": beside}


def _shown(session: Session, found: Meeting) -> dict[str, Any]:
    definitions = portal().machinery.definitions
    definition = definitions.get(found.process.definition_key, found.process.definition_version)
    return {
        "meeting": found,
        "panels": {
            each.row.id: definitions.panel_of(
                each.case.definition_key, each.case.definition_version
            )
            for each in found.items
        },
        "state": definition.states[found.process.state],
        "leads": found.may_lead(signed_in()),
        "chairs": "panel_chair" in signed_in().roles,
        "own_seat": found.seat_of(signed_in()),
        "names": {each.id: each.name for each in found.members},
        "is_changeable": not found.process.tags.isdisjoint({Tag.PREPARED, Tag.IN_SESSION}),
        "in_session": Tag.IN_SESSION in found.process.tags,
        "limit": value_on(session, "review_spread", portal().now().date()),
    }


@blueprint.get("/meetings/<meeting_id>/items/<item_id>")
@needs_role(MEETING_ROLES)
def meeting_item(meeting_id: str, item_id: str) -> str:
    with portal().database.read() as session:
        found = seen_meeting(session, signed_in(), meeting_id)
        return _item_page(session, found, _item_of(found, item_id))


def _item_page(session: Session, found: Meeting, item: Item, errors: Errors = NOTHING) -> str:
    shown = [each for each in found.items if each.is_open_to]
    at = shown.index(item)
    machinery = portal().machinery
    waiting = recusals.asked(session, found.row.id) if item.recusals else None
    liftable = _liftable(found, item) if "office_clerk" in signed_in().roles else []
    return render_template(
        "panels/meeting_item.html",
        item=item,
        earlier=shown[at - 1] if at else None,
        later=shown[at + 1] if at + 1 < len(shown) else None,
        **_told(_item_forms(found, item, liftable), errors),
        case_state=machinery.definition_of(item.case).states[item.case.state],
        is_ripe=is_voted_on(machinery.definitions, row_of(item.case)),
        asked={waiting.named: waiting} if waiting else {},
        liftable=liftable,
        lifted=recusals.lifted_of(session, found.row.id).get(item.row.id, []),
        **_shown(session, found),
    )


def _item_forms(found: Meeting, item: Item, liftable: list[uuid.UUID]) -> forms.Forms:
    asked = {
        "recuse": _recusal_form(found, item),
        "write_notes": forms.notes(item),
        "set_motion": _motion_form(item),
        "conclude": forms.result(item, _amount_asked(item)),
    }
    return asked | {f"lift_recusal-{each}": forms.lifting(each) for each in liftable}


def _recusal_form(found: Meeting, item: Item) -> AnswerForm:
    return forms.recusal(found, item, signed_in().id, leads=found.may_lead(signed_in()))


def _motion_form(item: Item) -> AnswerForm:
    definitions = portal().machinery.definitions
    case = item.case
    panel = definitions.panel_of(case.definition_key, case.definition_version)
    assert panel is not None, "what is on an agenda comes before a panel"
    return forms.motion(item, panel)


def _amount_asked(item: Item) -> Mapping[str, str] | None:
    """What the amount of what is moved is called; `None` where none is asked for."""
    case = item.case
    definition = portal().machinery.definitions.get(case.definition_key, case.definition_version)
    specs = (
        spec
        for arrow in definition.transitions
        if arrow.event == item.row.motion
        for spec in arrow.fields
        if spec["id"] == "amount"
    )
    return next((spec["label"] for spec in specs), None)


def _liftable(found: Meeting, item: Item) -> list[uuid.UUID]:
    """The members whose exclusion from the item the office can ask to lift."""
    if item.row.outcome is not None:
        return []
    tags = found.process.tags
    return [each.user_id for each in item.recusals if recusals.may_end(each, tags)]


@blueprint.get("/meetings/<meeting_id>/recusals")
@needs_role(MEETING_ROLES)
def meeting_hints(meeting_id: str) -> str:
    with portal().database.read() as session:
        found = seen_meeting(session, signed_in(), meeting_id)
        if not found.may_lead(signed_in()):
            abort(404)
        said = suspicions()
        hints = queries.suspected(session, found)
        return render_template(
            "panels/meeting_hints.html",
            hints={pair: [said[each] for each in codes] for pair, codes in hints.items()},
            **_shown(session, found),
        )


def _do(
    meeting_id: str, item_id: str | None, doing: Doing, told: str
) -> Response | tuple[str, int]:
    """Does something at a meeting and says what; a refusal stands on the page it came from."""
    try:
        with portal().database.write() as session:
            found = seen_meeting(session, signed_in(), meeting_id)
            if item_id is not None:
                _item_of(found, item_id)
            doing(acting_in(session), found)
    except forms.Unanswered as unanswered:
        return _refused(meeting_id, item_id, unanswered.errors), 422
    except Refused as refused:
        is_typing = all(each.at for each in refused.refusals)
        errors = {each.at or each.code: [words(each, language())] for each in refused.refusals}
        return _refused(meeting_id, item_id, errors), 422 if is_typing else 409
    flash(told, "success")
    if item_id is None:
        return redirect(url_for("panels.meeting", meeting_id=meeting_id))
    if request.form.get("go") == "hints":
        return redirect(url_for("panels.meeting_hints", meeting_id=meeting_id))
    return redirect(_place(meeting_id, item_id))


def _place(meeting_id: str, item_id: str) -> str:
    """The item's page, or the agenda for whoever has just left the room."""
    with portal().database.read() as session:
        found = seen_meeting(session, signed_in(), meeting_id)
    if any(each.is_open_to and each.row.id == as_id(item_id) for each in found.items):
        return url_for("panels.meeting_item", meeting_id=meeting_id, item_id=item_id)
    return url_for("panels.meeting", meeting_id=meeting_id)


def _refused(meeting_id: str, item_id: str | None, errors: Errors) -> str:
    with portal().database.read() as session:
        found = seen_meeting(session, signed_in(), meeting_id)
        shown = [each for each in found.items if item_id and each.row.id == as_id(item_id)]
        if shown and shown[0].is_open_to:
            return _item_page(session, found, shown[0], errors)
        return _page(session, found, errors)


def _leading(doing: Doing) -> Doing:
    """Something that only who leads the meeting may do."""

    def guarded(acting: service.Acting, found: Meeting) -> None:
        if not found.may_lead(acting.person):
            abort(404)
        doing(acting, found)

    return guarded


@blueprint.post("/meetings/<meeting_id>/agenda")
@needs_role(MEETING_ROLES)
def order_agenda(meeting_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        sent = forms.answers(forms.order(found))
        typed = {each.row.id: sent[f"place-{each.row.id}"] for each in found.items}
        places = {item: place for item, place in typed.items() if place != ""}
        service.order_agenda(acting, found.row.id, places)

    return _do(meeting_id, None, _leading(doing), _("Die Reihenfolge ist gespeichert."))


@blueprint.post("/meetings/<meeting_id>/presence")
@needs_role(MEETING_ROLES)
def note_presence(meeting_id: str) -> Response | tuple[str, int]:
    opens = request.form.get("go") == "open"

    def doing(acting: service.Acting, found: Meeting) -> None:
        sent = set(request.form.getlist("present"))
        present = {each.id for each in found.members if str(each.id) in sent}
        service.set_presence(acting, found.row.id, present)
        if opens:
            service.open_session(acting, found.row.id)

    told = _("Die Sitzung ist eröffnet.") if opens else _("Die Anwesenheit ist gespeichert.")
    return _do(meeting_id, None, _leading(doing), told)


@blueprint.post("/meetings/<meeting_id>/close")
@needs_role(MEETING_ROLES)
def close_meeting(meeting_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        sent = forms.answers(forms.minutes())
        service.close_session(acting, found.row.id, sent["minutes"])

    return _do(
        meeting_id,
        None,
        _leading(doing),
        _("Die Sitzung ist geschlossen. Das Protokoll wartet auf die Genehmigung."),
    )


@blueprint.post("/meetings/<meeting_id>/approve")
@needs_role(MEETING_ROLES)
def approve_minutes(meeting_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        acting.fire(found.row.id, "approve_minutes", {})

    return _do(
        meeting_id,
        None,
        _leading(doing),
        _("Vorgeschlagen. Eine zweite Person muss noch bestätigen."),
    )


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/motion")
@needs_role(MEETING_ROLES)
def set_motion(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        sent = forms.answers(_motion_form(_item_of(found, item_id)))
        service.set_motion(acting, found.row.id, as_id(item_id), sent["motion"])

    return _do(
        meeting_id, item_id, _leading(doing), _("Der Antrag zur Abstimmung ist gespeichert.")
    )


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/notes")
@needs_role(MEETING_ROLES)
def write_notes(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        sent = forms.answers(forms.notes(_item_of(found, item_id)))
        service.write_notes(acting, found.row.id, as_id(item_id), sent["notes"])

    return _do(
        meeting_id, item_id, _leading(doing), _("Die Notizen zur Beratung sind gespeichert.")
    )


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/recusal")
@needs_role(MEETING_ROLES)
def recuse(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        member = as_id(request.form.get("member") or str(acting.person.id))
        if member != acting.person.id and not found.may_lead(acting.person):
            abort(404)
        sent = forms.answers(_recusal_form(found, _item_of(found, item_id)))
        service.recuse(acting, found.row.id, as_id(item_id), member, sent["ground"])

    return _do(meeting_id, item_id, doing, _("Der Ausschluss ist festgehalten."))


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/recusal/taken-back")
@needs_role(MEETING_ROLES)
def take_back_recusal(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        sent = forms.answers(forms.taking_back(as_id(item_id)))
        service.take_back_recusal(acting, found.row.id, as_id(item_id), sent["reason"])

    return _do(meeting_id, None, doing, _("Ihre Erklärung ist zurückgenommen."))


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/recusal/lifted")
@needs_role(MEETING_WRITERS)
def lift_recusal(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        member = as_id(request.form.get("member", ""))
        named = recusals.name_of(as_id(item_id), member)
        sent = forms.answers(forms.lifting(member))
        acting.fire(found.row.id, recusals.LIFT, {"recusal": named}, sent["reason"])

    return _do(
        meeting_id,
        item_id,
        doing,
        _("Vorgeschlagen. Eine zweite Person muss noch bestätigen."),
    )


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/vote")
@needs_role(MEETING_ROLES)
def cast_vote(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        choice = request.form.get("choice", "")
        if choice not in ("yes", "no", "abstain"):
            abort(400)
        service.cast_vote(acting, found.row.id, as_id(item_id), choice)

    return _do(meeting_id, item_id, doing, _("Ihre Stimme ist gezählt."))


@blueprint.post("/meetings/<meeting_id>/items/<item_id>/result")
@needs_role(MEETING_ROLES)
def conclude(meeting_id: str, item_id: str) -> Response | tuple[str, int]:
    def doing(acting: service.Acting, found: Meeting) -> None:
        item = _item_of(found, item_id)
        sent = forms.answers(forms.result(item, _amount_asked(item)))
        amount, reasoning = sent.get("amount", ""), sent["reasoning"]
        service.conclude(acting, found.row.id, as_id(item_id), amount, reasoning)

    return _do(meeting_id, item_id, _leading(doing), _("Das Ergebnis ist festgestellt."))
