"""The plain values of a panel's minutes (§ 93 VwVfG), in German."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.models import (
    Application,
    Call,
    Document,
    Organisation,
    PanelItem,
    PanelMeeting,
    PanelRecusal,
    PanelSeat,
    Procedure,
    Process,
    UserAccount,
)
from funding_app.queries.operations.german_formats import euro, local_minute
from funding_app.queries.panels.recusals import Lifted, lifted_of

OPEN = "Über diesen Punkt wurde nicht abgestimmt."


def minutes_values(session: Session, document: Document) -> dict[str, Any]:
    """Everything the minutes say, as plain text values."""
    meeting = session.get_one(PanelMeeting, document.process_id)
    process = session.get_one(Process, meeting.id)
    call = session.get_one(Call, meeting.call_id)
    authority = session.get_one(Organisation, call.authority_id)
    course = session.scalar(select(Procedure.data).where(Procedure.id == meeting.id)) or {}
    return {
        "kind": document.kind,
        "reference": process.reference,
        "title": call.title_de,
        "call": call.title_de,
        "call_ref": call.ref,
        "requested_at": document.requested_at.isoformat(),
        "authority": {"name": authority.name_de},
        "held_on": local_minute(meeting.starts_at),
        "place": meeting.place + (" (Videokonferenz)" if meeting.is_online else ""),
        "course": str(course.get("minutes", "")),
        "approved_by": _approver(session, process),
        **_people(session, meeting.id),
        "items": _items(session, meeting.id, document.context.get("item_words", {})),
    }


def _approver(session: Session, process: Process) -> str:
    """Who approved the minutes as the chair: not always who led the meeting."""
    approver = uuid.UUID(process.performers["approve_minutes"])
    return session.scalars(select(UserAccount.name).where(UserAccount.id == approver)).one()


def _people(session: Session, meeting_id: uuid.UUID) -> dict[str, Any]:
    rows = session.execute(
        select(PanelSeat, UserAccount.name)
        .join(UserAccount, UserAccount.id == PanelSeat.user_id)
        .where(PanelSeat.meeting_id == meeting_id)
        .order_by(UserAccount.name, PanelSeat.user_id)
    ).all()
    return {
        "chair": next((name for seat, name in rows if seat.is_chair), ""),
        "present": [_person(seat, name) for seat, name in rows if seat.attended],
        "absent": [_person(seat, name) for seat, name in rows if not seat.attended],
    }


def _person(seat: PanelSeat, name: str) -> dict[str, str]:
    return {"name": name, "vote": "stimmberechtigt" if seat.may_vote else "beratend"}


def _items(
    session: Session, meeting_id: uuid.UUID, words: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The items; `words` are those of their definitions when the minutes were ordered."""
    recusals = _recusals(session, meeting_id)
    lifted = lifted_of(session, meeting_id)
    rows = session.execute(
        select(PanelItem, Process, Application, Organisation.name_de)
        .join(Process, Process.id == PanelItem.application_id)
        .join(Application, Application.id == PanelItem.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(PanelItem.meeting_id == meeting_id)
        .order_by(PanelItem.position, PanelItem.id)
    )
    return [
        {
            "number": str(number),
            "reference": case.reference,
            "title": case.title,
            "applicant": organisation,
            "asked": _word(words, item, "requested", "Beantragt"),
            "requested": euro(application.requested),
            "motion": _word(words, item, "motion", item.motion),
            "recusals": recusals.get(item.id, []),
            "lifted": [_lifted(each) for each in lifted.get(item.id, [])],
            "notes": item.notes,
            "votes": _votes(item.tally),
            "result": _word(words, item, "result", item.outcome or "") or OPEN,
        }
        for number, (item, case, application, organisation) in enumerate(rows, start=1)
    ]


def _word(
    words: Mapping[str, Mapping[str, str]], item: PanelItem, name: str, otherwise: str
) -> str:
    return words.get(str(item.id), {}).get(name, otherwise)


def _lifted(each: Lifted) -> dict[str, str]:
    """An exclusion that was a mistake: what was recorded, and who ended it, when and why."""
    return {
        "name": each.member,
        "ground": each.row.ground,
        "reason": each.row.reason,
        "asked_by": each.asked_by,
        "asked_at": local_minute(each.row.asked_at),
        "confirmed_by": each.confirmed_by,
        "confirmed_at": local_minute(each.row.confirmed_at),
    }


def _votes(tally: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if tally is None:
        return None
    names = ("in_favour", "against", "abstained", "recused")
    return {name: str(tally[name]) for name in names} | {"by_chair": bool(tally["by_chair"])}


def _recusals(session: Session, meeting_id: uuid.UUID) -> dict[uuid.UUID, Sequence[dict[str, str]]]:
    found: dict[uuid.UUID, list[dict[str, str]]] = {}
    rows = session.execute(
        select(PanelRecusal.item_id, UserAccount.name, PanelRecusal.ground)
        .join(UserAccount, UserAccount.id == PanelRecusal.user_id)
        .join(PanelItem, PanelItem.id == PanelRecusal.item_id)
        .where(PanelItem.meeting_id == meeting_id)
        .order_by(PanelRecusal.item_id, UserAccount.name)
    )
    for item_id, name, ground in rows:
        found.setdefault(item_id, []).append({"name": name, "ground": ground})
    return {item_id: tuple(listed) for item_id, listed in found.items()}
