"""The job that computes whom to ask for the reviews of a call."""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from funding_app.jobs.workplace import Finish, Payload, Workplace
from funding_app.models import Call
from funding_app.queries.reviews.assignment import whole_situation
from funding_app.services.reviews.assignment import keep_proposal, propose

log = structlog.get_logger()


def propose_reviews(place: Workplace, payload: Payload) -> Finish:
    """Computes whom to ask for a call's reviews; what was ordered anew meanwhile is dropped."""
    with place.database.read() as session:
        call = session.get_one(Call, uuid.UUID(payload["call"]))
        found = whole_situation(session, place.definitions, call)
    proposal = propose(found)

    def keep(session: Session, now: datetime) -> None:
        kept = keep_proposal(session, payload, proposal, now)
        log.info("reviews_proposed", reviews=len(proposal.pairs), gap=proposal.gap, kept=kept)

    return keep
