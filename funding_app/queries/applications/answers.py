"""What a form needs to know of the case it hangs on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.access import Rights
from funding_app.models import (
    AnswerSection,
    Application,
    InformationRequest,
    Process,
    SectionPresence,
    Submission,
    UserAccount,
)


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


def requests_of(session: Session, process_id: uuid.UUID) -> Sequence[Any]:
    """What the office has asked the applicant to add, in order.

    `answered_at` is when answers were handed in next, `None` while they are written.
    """
    answered_at = (
        select(func.min(Submission.received_at))
        .where(
            Submission.process_id == InformationRequest.process_id,
            Submission.received_at > InformationRequest.asked_at,
        )
        .scalar_subquery()
    )
    return session.execute(
        select(
            InformationRequest.number,
            InformationRequest.words,
            InformationRequest.asked_at,
            answered_at.label("answered_at"),
        )
        .where(InformationRequest.process_id == process_id)
        .order_by(InformationRequest.number)
    ).all()


def answers_of(session: Session, process_id: uuid.UUID) -> dict[str, Any]:
    """All saved answers of a process, by field id."""
    sections = session.scalars(
        select(AnswerSection.answers)
        .where(AnswerSection.process_id == process_id)
        .order_by(AnswerSection.section)
    )
    return {name: value for section in sections for name, value in section.items()}


def answers_handed_in(session: Session, process_id: uuid.UUID) -> dict[str, Any]:
    """The answers as they were handed in last; none where they never were."""
    last = select(Submission.answers).where(Submission.process_id == process_id)
    found = session.scalar(last.order_by(Submission.number.desc()).limit(1))
    return dict(found or {})


def answers_seen(session: Session, process_id: uuid.UUID, rights: Rights) -> dict[str, Any]:
    """The answers of a process as somebody with these rights on it reads them, if at all."""
    if not rights.reads_answers:
        return {}
    read = answers_of if rights.reads_unsent else answers_handed_in
    return read(session, process_id)


def section_versions(session: Session, process_id: uuid.UUID) -> dict[str, int]:
    """The version of each section that was saved."""
    rows = session.execute(
        select(AnswerSection.section, AnswerSection.version).where(
            AnswerSection.process_id == process_id
        )
    )
    return {row.section: row.version for row in rows}


def saved_by(session: Session, section: AnswerSection) -> str:
    """The name of the person who saved a section last."""
    name = session.scalar(select(UserAccount.name).where(UserAccount.id == section.saved_by))
    return name or ""


def present_in(
    session: Session, process_id: uuid.UUID, section: str, *, but: uuid.UUID, since: datetime
) -> Sequence[str]:
    """The names of the others who were in the section since then."""
    return session.scalars(
        select(UserAccount.name)
        .join(SectionPresence, SectionPresence.user_id == UserAccount.id)
        .where(
            SectionPresence.process_id == process_id,
            SectionPresence.section == section,
            SectionPresence.user_id != but,
            SectionPresence.seen_at > since,
        )
        .order_by(UserAccount.name)
    ).all()


def earlier_cases(session: Session, process: Process, limit: int = 20) -> Sequence[Any]:
    """What else the organisation has handed in, to take answers over from; the newest first."""
    return session.execute(
        select(Process.id, Process.title, Process.reference)
        .join(Application, Application.id == Process.id)
        .where(
            Application.organisation_id == process.organisation_id,
            Process.id != process.id,
            Process.reference != "",
        )
        .order_by(Process.id.desc())
        .limit(limit)
    ).all()


def submissions_of(session: Session, process_id: uuid.UUID) -> Sequence[Any]:
    """What was handed in, with the name of the person who did it, the first first."""
    return session.execute(
        select(Submission, UserAccount.name)
        .join(UserAccount, UserAccount.id == Submission.submitted_by)
        .where(Submission.process_id == process_id)
        .order_by(Submission.number)
    ).all()
