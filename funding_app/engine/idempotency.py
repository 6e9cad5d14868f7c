"""The repeated click: the same key with the same command gets the first answer again."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from funding_app.engine.command import Command, KeyReused
from funding_app.engine.log.chain import digest
from funding_app.models import IdempotencyKey

MAXIMUM_LENGTH = 255


def request_hash(command: Command) -> str:
    """What makes two commands the same: target, event, data and reason, not the version."""
    return digest(
        {
            "process": command.process_id,
            "event": command.event,
            "data": command.data,
            "reason": command.reason,
        }
    )


def answered(session: Session, actor_id: uuid.UUID, key: str, wanted: str) -> dict[str, Any] | None:
    """The stored answer. Raises `KeyReused` where the key came with something else."""
    row = session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.response).where(
            IdempotencyKey.actor_id == actor_id, IdempotencyKey.key == key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_hash != wanted:
        raise KeyReused(key)
    return dict(row.response)


def store(
    session: Session,
    actor_id: uuid.UUID,
    key: str,
    wanted: str,
    response: dict[str, Any],
    at: Any,
) -> None:
    """Keeps a committed answer; it goes with the transaction if that fails."""
    session.execute(
        insert(IdempotencyKey).values(
            actor_id=actor_id, key=key, request_hash=wanted, response=response, at=at
        )
    )
