"""The budget by ministry, title and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.models import BudgetLine, Organisation


def budget_overview(session: Session) -> Sequence[Any]:
    """Every line with what is available, reserved, committed, paid and free (euro)."""
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
        .order_by(Organisation.short_name, BudgetLine.title, BudgetLine.year)
    ).all()
