"""What a reviewer is told beside the own review: before declaring, and after handing it in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from funding_app.access import Person, is_own_review
from funding_app.engine import Machinery, tasks
from funding_app.models import Call, Process
from funding_app.queries.reviews.own_reviews import next_review
from funding_app.queries.reviews.reviewers import load_in_call
from funding_app.services.reviews.reviewer_view import applicant_of, parties_of, suspected
from workflows.vocabulary.tags import Tag


def beside_review(
    session: Session, machinery: Machinery, process: Process, person: Person, now: datetime
) -> dict[str, Any]:
    """Beside one's own review: what is to be known before declaring, and after it what is next.

    Of any other process only that it is none (`reviewing`).
    """
    if not is_own_review(person, process):
        return {"reviewing": False, "declaring": None, "following": None}
    if Tag.INVITED in process.tags:
        declaring = _before_declaring(session, machinery, process, now)
        return {"reviewing": True, "declaring": declaring, "following": None}
    handed_in = Tag.HANDED_IN in process.tags
    following = next_review(session, person, process.id) if handed_in else None
    return {"reviewing": True, "declaring": None, "following": following}


def _before_declaring(
    session: Session, machinery: Machinery, process: Process, now: datetime
) -> dict[str, Any]:
    """Who applies and what the system suspects; blind only whether it suspects anything."""
    assert process.parent_id is not None, "a review is of a case"
    applicant = applicant_of(session, process.parent_id)
    found, call = suspected(session, process, applicant), session.get_one(Call, process.call_id)
    blind = call.is_blind
    return {
        **invitation_of(session, machinery, process, now),
        "call_ref": call.ref,
        "is_blind": blind,
        "is_suspected": bool(found),
        "parties": [] if blind else parties_of(applicant),
        "reasons": [] if blind else found,
    }


def invitation_of(
    session: Session, machinery: Machinery, process: Process, now: datetime
) -> dict[str, Any]:
    """What is asked of the reviewer: the load in this call, and until when the review is due.

    It is due as if the invitation were accepted now.
    """
    assert process.assignee_id is not None, "a review is asked of somebody"
    held, agreed = load_in_call(session, process.assignee_id, process.call_id)
    definition = machinery.definition_of(process)
    arrows = definition.arrows_from(process.state)
    accepted = next(
        definition.states[arrow.target] for arrow in arrows if arrow.brings("declare_no_conflict")
    )
    review_due = tasks.due_at(accepted.limit, now, {}, process.region)
    return {"held": held, "agreed": agreed, "review_due": review_due}
