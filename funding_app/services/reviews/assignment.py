"""Proposing reviews for a call, changing the proposal by hand, and confirming it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from funding_app.engine import outbox
from funding_app.matching import Assignment, assign
from funding_app.models import (
    ApplicationNote,
    AssignmentPlan,
    Call,
    PlannedReview,
    ReviewerProfile,
    new_id,
)
from funding_app.queries.reviews.assignment import Candidate, Situation, not_opened

PART = 100


def key_of(call_id: uuid.UUID) -> str:
    """What the queued parts of a call's confirmed proposal begin with."""
    return f"assign:{call_id}:"


def order_proposal(session: Session, call: Call, actor_id: uuid.UUID, now: datetime) -> None:
    """Queues the computation; its result takes the place of the present proposal."""
    plan = session.get(AssignmentPlan, call.id, with_for_update=True)
    if plan is None:
        plan = AssignmentPlan(call_id=call.id, order_number=0)
        session.add(plan)
    plan.order_number += 1
    plan.ordered_by, plan.ordered_at = actor_id, now
    plan.made_at = plan.confirmed_at = None
    payload = {"call": str(call.id), "order": plan.order_number}
    outbox.deliver(session, "propose_reviews", f"propose:{new_id()}", payload, now)


def propose(situation: Situation) -> Assignment:
    """The best assignment for what a call wants."""
    people = [person.reviewer() for person in situation.people]
    return assign(situation.wanted(), people)


def keep_proposal(
    session: Session, payload: Mapping[str, Any], found: Assignment, now: datetime
) -> bool:
    """Keeps a proposal; `False` where it was ordered anew or confirmed meanwhile."""
    call_id = uuid.UUID(payload["call"])
    plan = session.get(AssignmentPlan, call_id, with_for_update=True)
    if plan is None or plan.order_number != payload["order"] or plan.made_at is not None:
        return False
    session.execute(delete(PlannedReview).where(PlannedReview.call_id == call_id))
    session.add_all(
        PlannedReview(
            application_id=uuid.UUID(pair.application),
            reviewer_id=uuid.UUID(pair.reviewer),
            call_id=call_id,
        )
        for pair in found.pairs
    )
    plan.made_at, plan.outcome = now, _outcome(found)
    return True


def _outcome(found: Assignment) -> dict[str, Any]:
    return {
        "reviews": len(found.pairs),
        "gap_percent": round(100 * found.gap, 2),
        "missing": sum(each.missing for each in found.shortages),
        "by_conflict": sum(each.missing for each in found.shortages if each.by_conflict),
    }


class NotFree(Exception):
    """Somebody was chosen twice, was asked already, or is no reviewer."""


class StillComputing(Exception):
    """A proposal is being computed and would overwrite what is chosen now."""


def plan_by_hand(
    session: Session, call: Call, actor_id: uuid.UUID, now: datetime
) -> AssignmentPlan:
    """The call's proposal, open for changes again. Raises `StillComputing`."""
    plan = session.get(AssignmentPlan, call.id, with_for_update=True)
    if plan is None:
        plan = AssignmentPlan(
            call_id=call.id, order_number=0, ordered_by=actor_id, ordered_at=now, made_at=now
        )
        session.add(plan)
    if plan.made_at is None:
        raise StillComputing
    plan.confirmed_at = None
    return plan


def replace_reviewers(
    session: Session,
    plan: AssignmentPlan,
    situation: Situation,
    candidate: Candidate,
    chosen: Sequence[uuid.UUID],
) -> None:
    """Plans these reviewers for an application instead of those before. Raises `NotFree`.

    Who stays keeps the mark of the proposal; who is new was chosen by hand. Who was asked
    meanwhile stays noted, as the review is there.
    """
    known = {person.id for person in situation.people}
    asked = {person for person in chosen if str(person) in candidate.asked}
    if len(set(chosen)) < len(chosen) or asked or not known.issuperset(chosen):
        raise NotFree
    rows = session.scalars(
        select(PlannedReview).where(PlannedReview.application_id == candidate.id)
    )
    planned = {row.reviewer_id: row for row in rows}
    for person, row in planned.items():
        if person not in chosen and str(person) not in candidate.asked:
            session.delete(row)
    session.add_all(
        PlannedReview(
            application_id=candidate.id, reviewer_id=person, call_id=plan.call_id, by_hand=True
        )
        for person in chosen
        if person not in planned
    )


def confirm_proposal(
    session: Session, situation: Situation, plan: AssignmentPlan, actor_id: uuid.UUID, now: datetime
) -> int:
    """Queues the opening of every planned review that is not open yet; returns how many.

    Each is opened by the engine, which judges anew whether that person may be asked by this one.
    """
    events = {candidate.id: candidate.event for candidate in situation.candidates}
    orders: dict[tuple[str, uuid.UUID], list[uuid.UUID]] = {}
    for case, reviewer in not_opened(session, plan.call_id):
        if case in events:
            orders.setdefault((events[case], reviewer), []).append(case)
    for (event, reviewer), cases in orders.items():
        for first in range(0, len(cases), PART):
            payload = {
                "cases": [str(case) for case in cases[first : first + PART]],
                "event": event,
                "actor": str(actor_id),
                "reason": "",
                "data": {"reviewer": str(reviewer)},
            }
            key = f"{key_of(plan.call_id)}{new_id()}"
            outbox.deliver(session, "fire_batch", key, payload, now)
    plan.confirmed_at = now
    return sum(map(len, orders.values()))


def save_profile(session: Session, user_id: uuid.UUID, answers: Mapping[str, Any]) -> None:
    """Writes what is known of a reviewer, by the form `reviewer_profile`."""
    profile = session.get(ReviewerProfile, user_id) or ReviewerProfile(user_id=user_id)
    profile.affiliation = str(answers["affiliation"] or "")
    profile.region = str(answers["region"] or "")
    profile.fields, profile.most = list(answers["fields"] or ()), int(answers["most"])
    session.add(profile)


def save_note(session: Session, application_id: uuid.UUID, answers: Mapping[str, Any]) -> None:
    """Writes the office's note on an application, by the form `reviewer_profile`."""
    note = session.get(ApplicationNote, application_id) or ApplicationNote(
        application_id=application_id
    )
    note.region = str(answers["note_region"] or "")
    note.fields = list(answers["note_fields"] or ())
    session.add(note)
