"""What a form needs to know of the case it hangs on."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.models import AnswerSection, Application, Process


def period_of(session: Session, process: Process) -> dict[str, str]:
    """The award period of the case, as answers: a child's tables have its years as columns."""
    if process.is_root:
        return {}
    period = session.execute(
        select(Application.period_start, Application.period_end).where(
            Application.id == process.root_id
        )
    ).one_or_none()
    if period is None or period[0] is None or period[1] is None:
        return {}
    return {"period_start": period[0].isoformat(), "period_end": period[1].isoformat()}


def section_versions(session: Session, process_id: uuid.UUID) -> dict[str, int]:
    """The version of each section that was saved."""
    rows = session.execute(
        select(AnswerSection.section, AnswerSection.version).where(
            AnswerSection.process_id == process_id
        )
    )
    return {row.section: row.version for row in rows}
