"""What a reviewer sees beside the own review: before declaring, and after handing it in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from funding_app.access import Person
from funding_app.engine import tasks
from funding_app.models import Call, Process
from funding_app.queries.reviews.own_reviews import next_review
from funding_app.queries.reviews.readable import is_blind, is_own_review
from funding_app.queries.reviews.reviewers import load_in_call
from funding_app.services.reviews.reviewer_view import parties_of, suspected
from funding_app.web.process import row_of
from funding_app.web.request import portal


def for_reviewer(session: Session, process: Process, person: Person) -> dict[str, Any]:
    """Beside one's own review: what is to be known before declaring, and after it what is next."""
    if not is_own_review(person, process):
        return {"reviewing": False, "declaring": None, "following": None}
    if process.state == "invited":
        declaring = _before_declaring(session, process)
        return {"reviewing": True, "declaring": declaring, "following": None}
    handed_in = process.state == "submitted"
    following = next_review(session, person, process.id) if handed_in else None
    return {"reviewing": True, "declaring": None, "following": following}


def _before_declaring(session: Session, process: Process) -> dict[str, Any]:
    """Who applies and what the system suspects; blind only whether it suspects anything."""
    found, blind = suspected(session, process), is_blind(session, process)
    assert process.parent_id is not None, "a review is of a case"
    return {
        **invitation_of(session, process),
        "call_ref": session.get_one(Call, process.call_id).ref if process.call_id else "",
        "is_blind": blind,
        "is_suspected": bool(found),
        "parties": [] if blind else parties_of(session, process.parent_id),
        "reasons": [] if blind else [_in_words(each) for each in found],
    }


def invitation_of(session: Session, process: Process) -> dict[str, Any]:
    """What is asked of the reviewer: the load in this call, and until when the review is due.

    It is due as if the invitation were accepted today.
    """
    assert process.assignee_id is not None, "a review is asked of somebody"
    held, agreed = load_in_call(session, process.assignee_id, process.call_id)
    definition = portal().machinery.definition_of(row_of(process))
    arrows = definition.arrows_from(process.state)
    accepted = next(definition.states[arrow.target] for arrow in arrows if arrow.event == "accept")
    review_due = tasks.due_at(accepted.limit, portal().now(), {}, process.region)
    return {"held": held, "agreed": agreed, "review_due": review_due}


def _in_words(reason: str) -> str:
    words: dict[str, str] = {
        "same_organisation": _("Sie gehören der antragstellenden Organisation an."),
        "same_domain": _("Ihre E-Mail-Adresse hat dieselbe Domain wie eine Adresse im Antrag."),
        "partner": _("Ihre Organisation wirkt am Vorhaben mit."),
        "declared_before": _(
            "Bei einem früheren Antrag dieser Organisation haben Sie eine Befangenheit angezeigt."
        ),
    }
    return words[reason]
