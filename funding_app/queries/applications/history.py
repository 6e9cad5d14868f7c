"""The log of a process as it is read: who did what, on whose proposal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from funding_app.models import LogPayload, LogRecord, UserAccount


def log_of(session: Session, process_id: uuid.UUID, only: uuid.UUID | None = None) -> Sequence[Any]:
    """The log of a process, newest first, with the names of those who acted, or of `only` one.

    Beside each record stand who acted, its payload and who proposed what the other confirmed.
    """
    named = UserAccount.id == (only or LogRecord.actor_id)
    proposer = aliased(UserAccount)
    proposed = proposer.id == (only or LogRecord.proposer_id)
    return session.execute(
        select(LogRecord, UserAccount.name, LogPayload.payload, proposer.name)
        .outerjoin(UserAccount, (UserAccount.id == LogRecord.actor_id) & named)
        .outerjoin(proposer, (proposer.id == LogRecord.proposer_id) & proposed)
        .outerjoin(
            LogPayload,
            (LogPayload.process_id == LogRecord.process_id) & (LogPayload.seq == LogRecord.seq),
        )
        .where(LogRecord.process_id == process_id)
        .order_by(LogRecord.seq.desc())
    ).all()
