"""The messages on a case, by whose they are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.models import Message, UserAccount


def messages_of(session: Session, process_id: uuid.UUID, seen: Collection[str]) -> Sequence[Any]:
    """The messages for these audiences with the names of their authors, the oldest first."""
    return session.execute(
        select(Message, UserAccount.name)
        .join(UserAccount, UserAccount.id == Message.author_id)
        .where(Message.process_id == process_id, Message.audience.in_(seen))
        .order_by(Message.id)
    ).all()


def count_comments(session: Session, process_id: uuid.UUID, section: str) -> int:
    """How many comments there are on a section."""
    wanted = select(func.count()).where(
        Message.process_id == process_id, Message.audience == "own", Message.section == section
    )
    return session.scalar(wanted) or 0
