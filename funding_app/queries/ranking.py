"""The ranking of a call, by the rules of `rules.scoring`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.access import PANEL_ROLES, REVIEW_ROLES, Person, visible_to
from funding_app.models import Application, BudgetLine, Call, CallShare, Process
from funding_app.rules.scoring import Candidate, rank

RANKED = ("review_complete", "panel", "recommended", "reserve", "not_recommended", "consultation")


def ranking_seen(session: Session, call: Call, person: Person) -> list[dict[str, Any]]:
    """The ranking as a person may see it: without cases still to be reviewed or recused in."""
    ranked = ranking_of(session, call)
    if not person.roles & (REVIEW_ROLES | PANEL_ROLES):
        return ranked
    seen = select(Process.id).where(Process.call_id == call.id, visible_to(person))
    ids = set(session.scalars(seen))
    return [row for row in ranked if row["case"].id in ids]


def ranking_of(session: Session, call: Call) -> list[dict[str, Any]]:
    """Reviewed applications in order, with place and what the budget allows."""
    rows = session.execute(
        select(Process.id, Process.reference, Process.title, Process.state, Application)
        .join(Application, Application.id == Process.id)
        .where(Application.call_id == call.id, Process.state.in_(RANKED))
        .order_by(Process.reference)
    ).all()
    cases = {row.reference: row for row in rows}
    candidates = [
        Candidate(
            key=row.reference,
            score=row.Application.score,
            first_criterion_mean=row.Application.first_criterion_mean,
            requested=row.Application.requested or 0,
        )
        for row in rows
    ]
    free = session.scalar(
        select(func.sum(BudgetLine.available - BudgetLine.reserved - BudgetLine.committed)).join(
            CallShare,
            (CallShare.ministry_id == BudgetLine.ministry_id)
            & (CallShare.budget_title == BudgetLine.title)
            & (CallShare.call_id == call.id),
        )
    )
    return [
        {"place": place.place, "outcome": place.outcome, "case": cases[str(place.key)]}
        for place in rank(candidates, budget=max(free or 0, 0))
    ]
