"""Orders for many cases at once: queued in parts, each done in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.engine import outbox
from funding_app.engine.batch import Batch
from funding_app.models import Process, new_id

PART = 500


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants which event on all cases of a call that stand in a state."""

    call_id: uuid.UUID
    definition_key: str
    state: str
    event: str
    actor_id: uuid.UUID
    reason: str = ""


def key_of(call_id: uuid.UUID) -> str:
    """What the queued parts of a call's orders begin with."""
    return f"batch:{call_id}:"


def order_batch(session: Session, order: Order, now: datetime) -> int:
    """Queues the event for every case that stands there now; returns how many these are."""
    found = select(Process.id).where(
        Process.call_id == order.call_id,
        Process.is_root,
        Process.definition_key == order.definition_key,
        Process.state == order.state,
    )
    cases = session.scalars(found.order_by(Process.id)).all()
    key = f"{key_of(order.call_id)}{new_id()}"
    for first in range(0, len(cases), PART):
        payload = {
            "cases": [str(case) for case in cases[first : first + PART]],
            "event": order.event,
            "actor": str(order.actor_id),
            "reason": order.reason,
        }
        outbox.deliver(session, "fire_batch", f"{key}:{first}", payload, now)
    return len(cases)


def batch_of(payload: Mapping[str, Any], now: datetime) -> Batch:
    """The engine's batch of a queued part. What the person may do is judged when it is done."""
    return Batch(
        [uuid.UUID(case) for case in payload["cases"]],
        payload["event"],
        uuid.UUID(payload["actor"]),
        now,
        reason=payload["reason"],
        data=payload.get("data", {}),
        door="job",
    )
