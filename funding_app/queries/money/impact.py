"""What came of the money, as the public sees it: sums by ministry, and how long decisions take."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.models import Application, CoSignature, FundingShare, Organisation, Process
from funding_app.queries.operations.exports import BERLIN, PUBLIC_GRANT

LATEST = 1_000
FEWEST = 5
"""Below this number no median is told: it would say something about single cases."""


@dataclass(frozen=True, slots=True)
class Duration:
    """The median of the latest `count` cases, in days; `None` where they are too few."""

    count: int
    days: int | None


def granted_by_ministry(session: Session) -> Sequence[Any]:
    """What each ministry bears of the published projects: how many, and euro."""
    total = func.sum(FundingShare.amount)
    return session.execute(
        select(
            Organisation.name_de,
            Organisation.name_en,
            func.count().label("projects"),
            total.label("granted"),
        )
        .join(FundingShare, FundingShare.ministry_id == Organisation.id)
        .join(Application, Application.id == FundingShare.application_id)
        .where(*PUBLIC_GRANT)
        .group_by(Organisation.id, Organisation.name_de, Organisation.name_en)
        .order_by(total.desc(), Organisation.name_de)
    ).all()


def until_decision(session: Session, definition: str) -> Duration:
    """From the receipt of an application to the decision, of the cases decided last."""
    rows = session.execute(
        select(Application.submitted_at, Application.decided_on)
        .join(Process, Process.id == Application.id)
        .where(
            Process.definition_key == definition,
            Application.submitted_at.is_not(None),
            Application.decided_on.is_not(None),
        )
        .order_by(Application.decided_on.desc(), Application.id)
        .limit(LATEST)
    )
    return _median(
        [(row.decided_on - row.submitted_at.astimezone(BERLIN).date()).days for row in rows]
    )


def until_signature(session: Session) -> Duration:
    """From the beginning of a co-signature to the ministry's signature."""
    rows = session.execute(
        select(Process.created_at, CoSignature.signed_at)
        .join(Process, Process.id == CoSignature.id)
        .where(CoSignature.signed_at.is_not(None))
        .order_by(CoSignature.signed_at.desc(), CoSignature.id)
        .limit(LATEST)
    )
    return _median([(row.signed_at - row.created_at).days for row in rows])


def _median(days: list[int]) -> Duration:
    enough = len(days) >= FEWEST
    return Duration(len(days), round(statistics.median(days)) if enough else None)
