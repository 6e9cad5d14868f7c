"""The budget by ministry, title and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select, true
from sqlalchemy.orm import Session

from funding_app.models import BudgetLine, Call, CallShare, Organisation


def budget_overview(session: Session, call: Call | None = None) -> Sequence[Any]:
    """Lines with what is available, reserved, committed, paid and free (euro).

    With a call only those it draws on.
    """
    of_call = (
        exists(
            select(CallShare.call_id).where(
                CallShare.call_id == call.id,
                CallShare.ministry_id == BudgetLine.ministry_id,
                CallShare.budget_title == BudgetLine.title,
            )
        )
        if call
        else true()
    )
    free = BudgetLine.available - BudgetLine.reserved - BudgetLine.committed
    return session.execute(
        select(
            Organisation.short_name.label("ministry"),
            BudgetLine.title,
            BudgetLine.year,
            BudgetLine.kind,
            BudgetLine.available,
            BudgetLine.reserved,
            BudgetLine.committed,
            BudgetLine.disbursed,
            free.label("free"),
        )
        .join(Organisation, Organisation.id == BudgetLine.ministry_id)
        .where(of_call)
        .order_by(Organisation.short_name, BudgetLine.title, BudgetLine.year)
    ).all()
