"""Who can take over a review: not asked yet, not suspected of a conflict, and with room for it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from funding_app.access import Rights
from funding_app.matching import Weights
from funding_app.matching.prices import price_of
from funding_app.models import Call, Process, Review, UserAccount
from funding_app.queries.reviews.assignment import Candidate, Situation, with_details
from funding_app.queries.reviews.reviewers import Reviewing, reviewers
from workflows.definition import Transition

PROPOSED = 5
"""As many are proposed to a reviewer: a whole list would tell by who is missing."""


def successors(session: Session, case_id: uuid.UUID) -> list[Reviewing]:
    """Whom one could ask for a review of the case instead of somebody else, the best fit first."""
    case = session.get_one(Process, case_id)
    call = session.get_one(Call, case.call_id)
    assert case.organisation_id is not None, "somebody applies"
    bare = Candidate(case.id, case.reference, case.title, case.organisation_id, "", 0, 1)
    [candidate] = with_details(session, call, [bare])
    people = reviewers(session, call.id)
    suspected = Situation([candidate], people).suspected(candidate)
    barred = candidate.asked | suspected.keys()
    wanted, weights = candidate.wanted(barred), Weights()
    free = [each for each in people if str(each.id) not in barred and each.load < each.most]
    return sorted(
        free, key=lambda each: (price_of(wanted, each.reviewer(), weights), each.load, each.name)
    )


def handing_over(rights: Rights) -> Transition | None:
    """The event by which the person may hand a review over now."""
    return next((arrow for arrow in rights.arrows if arrow.brings("hand_over_review")), None)


def proposed_to(session: Session, review: Process, rights: Rights) -> list[Reviewing]:
    """Who can take the review over, the best fit first; to a reviewer only some are named."""
    assert review.parent_id is not None, "a review is of a case"
    found = successors(session, review.parent_id)
    return found[:PROPOSED] if rights.is_reviewer else found


def neighbours(session: Session, review_id: uuid.UUID) -> dict[str, Any]:
    """The review that was handed over to this one (`before`), and the one it went to (`after`)."""
    own = select(Review.predecessor_id).where(Review.id == review_id).scalar_subquery()
    rows = session.execute(
        select(Review.id, Review.predecessor_id, UserAccount.name)
        .join(UserAccount, UserAccount.id == Review.reviewer_id)
        .where(or_(Review.predecessor_id == review_id, Review.id == own))
    )
    return {"after" if row.predecessor_id == review_id else "before": row for row in rows}
