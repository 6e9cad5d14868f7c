"""Meetings of a panel: called, prepared, held; what the members resolve becomes an event."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.access import Person
from funding_app.engine import (
    Command,
    Creation,
    EffectContext,
    Machinery,
    ProcessRow,
    Refused,
    fire,
    note,
)
from funding_app.engine.documents import request_document
from funding_app.engine.records import begin_procedure
from funding_app.engine.storage import statements
from funding_app.models import (
    Call,
    PanelBallot,
    PanelItem,
    PanelMeeting,
    PanelRecusal,
    PanelSeat,
)
from funding_app.queries.panels import meetings as queries
from funding_app.rules.voting import rules_of
from funding_app.services.panels.agendas import is_voted_on, panel_of, resolving
from workflows.snapshot import Refusal
from workflows.vocabulary.tags import Record, Tag

REFERENCE = "{ref}-J{number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to be: `agenda` names the applications in their order with what is moved."""

    starts_at: datetime
    place: str
    is_online: bool
    chair: uuid.UUID
    chair_votes: bool
    members: Sequence[uuid.UUID]
    guests: Sequence[uuid.UUID]
    agenda: Sequence[tuple[uuid.UUID, str]]

    def seats(self) -> dict[uuid.UUID, tuple[bool, bool]]:
        """Who sits there, each with the right to vote and whether it is the chair."""
        found = dict.fromkeys(self.guests, (False, False))
        found |= dict.fromkeys(self.members, (True, False))
        return found | {self.chair: (self.chair_votes, True)}


@dataclass(frozen=True, slots=True)
class Acting:
    """Who does something at a meeting, through which machinery, and when."""

    session: Session
    machinery: Machinery
    person: Person
    when: datetime

    def refuse(self, code: str, *, at: str = "", **params: str) -> Refused:
        return Refused(Refusal(code, params, at))

    def fire(
        self, process_id: uuid.UUID, event: str, data: Mapping[str, Any], reason: str = ""
    ) -> None:
        """Fires an event of a process in the acting person's name."""
        command = Command(process_id, event, self.person.id, self.when, data=data, reason=reason)
        fire(self.session, self.machinery, command)

    def note(self, meeting_id: uuid.UUID, event: str, **payload: Any) -> None:
        """Keeps in the meeting's log what has no event of its own."""
        note(
            self.session,
            meeting_id,
            event,
            payload,
            self.when,
            actor_id=self.person.id,
            door="page",
        )


def create_meeting(acting: Acting, call: Call, plan: Plan) -> uuid.UUID:
    """Calls a meeting: its applications come before the panel. Raises `Refused`."""
    session = acting.session
    session.get(Call, call.id, with_for_update=True)
    held = select(func.count()).where(PanelMeeting.call_id == call.id)
    reference = REFERENCE.format(ref=call.ref, number=(session.scalar(held) or 0) + 1)
    columns = {"title": reference, "call_id": call.id, "ministry_id": call.lead_ministry_id}
    definition = acting.machinery.definitions.of_record(Record.PANEL_MEETING)
    creation = Creation(
        definition.key, acting.person.id, acting.when, columns=columns | {"reference": reference}
    )
    meeting_id = begin_procedure(session, acting.machinery, creation).id
    rules = rules_of(call.terms.get("panel", {})).as_json()
    session.add(
        PanelMeeting(
            id=meeting_id,
            call_id=call.id,
            starts_at=plan.starts_at,
            place=plan.place,
            is_online=plan.is_online,
            rules=rules,
        )
    )
    session.flush()
    session.add_all(
        PanelSeat(meeting_id=meeting_id, user_id=user, may_vote=votes, is_chair=chairs)
        for user, (votes, chairs) in plan.seats().items()
    )
    _put_on_agenda(acting, meeting_id, plan.agenda)
    return meeting_id


def _put_on_agenda(
    acting: Acting, meeting_id: uuid.UUID, agenda: Sequence[tuple[uuid.UUID, str]]
) -> None:
    definitions = acting.machinery.definitions
    for position, (case_id, motion) in enumerate(agenda, start=1):
        case = statements.load(acting.session, case_id)
        panel = panel_of(definitions, case)
        if panel is None or case.state not in panel.agenda or not panel.is_motion(motion):
            raise acting.refuse("wrong_state")
        acting.session.add(
            PanelItem(
                meeting_id=meeting_id, application_id=case_id, position=position, motion=motion
            )
        )
        if panel.put and not is_voted_on(definitions, case):
            acting.fire(case_id, panel.put, {})
    acting.session.flush()


def _locked(acting: Acting, meeting_id: uuid.UUID, *tags: Tag) -> ProcessRow:
    """The meeting, locked, if its state has one of the tags. Raises `Refused`."""
    process = statements.lock(acting.session, meeting_id)
    if process.tags.isdisjoint(tags):
        raise acting.refuse("wrong_state")
    return process


def _item(acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID) -> PanelItem:
    """An open item of the meeting in which the acting person may take part."""
    found = acting.session.get(PanelItem, item_id, populate_existing=True)
    if found is None or found.meeting_id != meeting_id:
        raise acting.refuse("not_on_agenda")
    if found.outcome is not None:
        raise acting.refuse("already_decided")
    if acting.person.id in queries.recused_in(acting.session, item_id):
        raise acting.refuse("conflict_of_interest")
    return found


def order_agenda(acting: Acting, meeting_id: uuid.UUID, places: Mapping[uuid.UUID, int]) -> None:
    """Puts the items in the order of the given places; equal places keep their order."""
    _locked(acting, meeting_id, Tag.PREPARED, Tag.IN_SESSION)
    items = queries.agenda(acting.session, meeting_id)
    ordered = sorted(items, key=lambda each: (places.get(each.id, each.position), each.position))
    for position, item in enumerate(ordered, start=1):
        item.position = position
    acting.note(meeting_id, "agenda_ordered", items=[each.id for each in ordered])


def set_motion(acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID, motion: str) -> None:
    """What is moved on an item; no longer once somebody has voted."""
    _locked(acting, meeting_id, Tag.PREPARED, Tag.IN_SESSION)
    item = _item(acting, meeting_id, item_id)
    case = statements.load(acting.session, item.application_id)
    panel = panel_of(acting.machinery.definitions, case)
    if panel is None or not panel.is_motion(motion):
        raise acting.refuse("unknown_event", event=motion)
    if queries.ballots_of(acting.session, item_id):
        raise acting.refuse("already_voted")
    item.motion = motion
    acting.note(meeting_id, "motion_set", item=item_id, motion=motion)


def set_presence(acting: Acting, meeting_id: uuid.UUID, present: set[uuid.UUID]) -> None:
    """Who is there; during the session it changes who has to vote on what is still open."""
    process = _locked(acting, meeting_id, Tag.PREPARED, Tag.IN_SESSION)
    seats = queries.seats(acting.session, meeting_id)
    for seat in seats:
        seat.is_present = seat.user_id in present
        if Tag.IN_SESSION in process.tags:
            seat.attended = seat.attended or seat.is_present
    acting.note(meeting_id, "presence_noted", present=sorted(present))


def open_session(acting: Acting, meeting_id: uuid.UUID) -> None:
    """Opens the session with those who are noted as present. Raises `Refused`."""
    acting.fire(meeting_id, "open_session", {})


def recuse(
    acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID, user_id: uuid.UUID, ground: str
) -> None:
    """Excludes a member from an item, on the member's own word or the office's finding."""
    _locked(acting, meeting_id, Tag.PREPARED, Tag.IN_SESSION)
    _item(acting, meeting_id, item_id)
    if user_id not in {seat.user_id for seat in queries.seats(acting.session, meeting_id)}:
        raise acting.refuse("not_seated")
    if not ground.strip():
        raise acting.refuse("reason_missing", at="ground")
    if user_id in queries.recused_in(acting.session, item_id):
        return
    acting.session.add(
        PanelRecusal(
            item_id=item_id,
            user_id=user_id,
            ground=ground.strip(),
            recorded_by=acting.person.id,
            recorded_at=acting.when,
        )
    )
    acting.note(meeting_id, "member_recused", item=item_id, member=user_id, ground=ground)


def take_back_recusal(
    acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID, reason: str
) -> None:
    """A member corrects the own declaration, with a reason, before the session opens.

    Raises `Refused` for what somebody else has recorded, and from the opening on: then the panel
    decides without the member (§ 20 Abs. 4 VwVfG).
    """
    _locked(acting, meeting_id, Tag.PREPARED)
    item = acting.session.get(PanelItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise acting.refuse("not_on_agenda")
    declared = acting.session.get(PanelRecusal, (item_id, acting.person.id), populate_existing=True)
    if declared is None or declared.recorded_by != acting.person.id:
        raise acting.refuse("not_own_recusal")
    if not reason.strip():
        raise acting.refuse("reason_missing", at="reason")
    ground = declared.ground
    acting.session.delete(declared)
    acting.session.flush()
    acting.note(
        meeting_id, "recusal_taken_back", item=item_id, ground=ground, reason=reason.strip()
    )


def write_notes(acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID, text: str) -> None:
    """Keeps what was said on an item, for the minutes."""
    _locked(acting, meeting_id, Tag.PREPARED, Tag.IN_SESSION)
    _item(acting, meeting_id, item_id).notes = text.strip()
    acting.note(meeting_id, "discussion_noted", item=item_id, text=text.strip())


def cast_vote(acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID, choice: str) -> None:
    """A member's own vote, once. Raises `Refused` for whoever may not or has voted."""
    _locked(acting, meeting_id, Tag.IN_SESSION)
    item = _item(acting, meeting_id, item_id)
    _to_vote_on(acting, item)
    seat = acting.session.get(PanelSeat, (meeting_id, acting.person.id), populate_existing=True)
    if seat is None or not seat.may_vote or not seat.is_present:
        raise acting.refuse("not_seated")
    if acting.person.id in queries.ballots_of(acting.session, item.id):
        raise acting.refuse("already_voted")
    acting.session.add(
        PanelBallot(item_id=item.id, user_id=acting.person.id, choice=choice, cast_at=acting.when)
    )
    acting.note(meeting_id, "ballot_cast", item=item.id, choice=choice)


def _to_vote_on(acting: Acting, item: PanelItem) -> ProcessRow:
    """The item's case, if it stands where the panel votes. Raises `Refused`."""
    case = statements.load(acting.session, item.application_id)
    if not is_voted_on(acting.machinery.definitions, case):
        raise acting.refuse("not_ripe")
    return case


def conclude(
    acting: Acting, meeting_id: uuid.UUID, item_id: uuid.UUID, amount: str, reasoning: str
) -> str:
    """Counts an item's votes and fires what follows for the application; returns the outcome.

    The event gets what its definition asks for: the amount, the reasoning as a field or as its
    reason. Raises `Refused` while somebody who is there has not voted, or without a quorum.
    """
    _locked(acting, meeting_id, Tag.IN_SESSION)
    item = _item(acting, meeting_id, item_id)
    case = _to_vote_on(acting, item)
    counted = queries.count(acting.session, item)
    if counted.missing:
        raise acting.refuse("votes_missing", missing=str(counted.missing))
    if counted.tally.result == "inquorate":
        raise acting.refuse("quorum_missing")
    definitions = acting.machinery.definitions
    panel = panel_of(definitions, case)
    assert panel is not None, "a case that is voted on has a panel"
    outcome = item.motion if counted.tally.result == "carried" else panel.rejected.event
    arrow = resolving(definitions, case, outcome)
    item.outcome, item.tally = outcome, counted.as_json()
    acting.session.flush()
    acting.note(meeting_id, "item_resolved", item=item.id, outcome=outcome, **item.tally)
    given = {"amount": amount, "reasoning": reasoning}
    data = {spec["id"]: given[spec["id"]] for spec in arrow.fields if spec["id"] in given}
    acting.fire(item.application_id, outcome, data, reasoning if arrow.reason != "none" else "")
    return outcome


def close_session(acting: Acting, meeting_id: uuid.UUID, minutes: str) -> None:
    """Ends the deliberation; from here on nobody changes anything of it."""
    _locked(acting, meeting_id, Tag.IN_SESSION)
    acting.fire(meeting_id, "close_session", {"minutes": minutes})


def meeting_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """How many may vote, and how many of them are noted as present."""
    seats = queries.seats(session, process.id)
    voters = sum(seat.may_vote for seat in seats)
    return {"voters": voters, "voters_present": queries.voters_present(seats)}


def note_attendance(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: whoever is noted as present at the opening has attended (§ 93 VwVfG)."""
    for seat in queries.seats(context.session, context.process.id):
        seat.attended = seat.is_present
    context.session.flush()


def issue_minutes(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: queues the minutes, with the words that the definitions have for each item."""
    definitions, items = context.machinery.definitions, {}
    for item in queries.agenda(context.session, context.process.id):
        panel = panel_of(definitions, statements.load(context.session, item.application_id))
        if panel is not None:
            items[str(item.id)] = {
                "requested": panel.requested["de"],
                "motion": panel.resolution(item.motion).motion["de"],
                "result": panel.resolution(item.outcome).minutes["de"] if item.outcome else "",
            }
    request_document(context, "minutes", {"item_words": items})


FACTS = dict.fromkeys(("voters", "voters_present"), meeting_facts)
EFFECTS = {
    "note_attendance": note_attendance,
    "issue_minutes": issue_minutes,
}
