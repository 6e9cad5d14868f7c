"""The second person's word: confirming an approval fires what was proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from funding_app.engine.command import Command
from funding_app.engine.fire import fire_confirmed
from funding_app.engine.registry import EffectContext
from funding_app.models import Approval


def fire_proposed(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect of `confirm`: fires the proposed event on the parent, naming both persons."""
    session = context.session
    approval = session.execute(
        select(Approval.event, Approval.proposer_id, Approval.payload).where(
            Approval.id == context.process.id
        )
    ).one()
    assert context.process.parent_id is not None and context.command.actor_id is not None
    command = Command(
        context.process.parent_id,
        approval.event,
        approval.proposer_id,
        context.when,
        data=approval.payload["data"],
        reason=approval.payload["reason"],
        door=context.command.door,
    )
    fire_confirmed(session, context.machinery, command, context.command.actor_id)
