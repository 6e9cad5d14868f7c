"""The messages on a case, by who may read them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.access import APPLICANT_ROLES, OFFICE_ROLES
from funding_app.models import Message, UserAccount

READING_ONLY = frozenset({"auditor", "dpo", "applicant_reader"})


def audiences(roles: Collection[str], is_handed_in: bool) -> tuple[str, ...]:
    """Which messages these roles on a case may read; before the office sees it only the own."""
    if APPLICANT_ROLES.intersection(roles):
        return ("both", "own") if is_handed_in else ("own",)
    return ("both",) if OFFICE_ROLES.intersection(roles) else ()


def may_write_message(roles: Collection[str]) -> bool:
    """Whether one of the roles takes part, and not only reads."""
    return bool((APPLICANT_ROLES | OFFICE_ROLES).intersection(roles) - READING_ONLY)


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
