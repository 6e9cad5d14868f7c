"""An exclusion from a panel's item that was a mistake is lifted by two persons."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from funding_app.engine import EffectContext, ProcessRow
from funding_app.models import PanelLiftedRecusal, PanelRecusal
from funding_app.queries.panels import recusals as queries
from funding_app.queries.panels.meetings import recused_in


def recusal_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """The exclusions of a meeting that can be lifted in its present state."""
    return {"recusals": queries.liftable(session, process.id, process.tags)}


def lift_recusal(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: a member takes part in an item again, the own vote included.

    Who is excluded from the item has no part in it, neither asking nor confirming: the member
    concerned first of all (§ 20 Abs. 4 VwVfG). What was recorded is kept for the minutes.
    """
    session, asker, second = context.session, context.command.actor_id, context.confirmed_by
    item_id, user_id = (uuid.UUID(part) for part in context.data["recusal"].split(":"))
    if {asker, second} & recused_in(session, item_id):
        raise context.refuse("conflict_of_interest")
    assert asker is not None and second is not None, "two persons lift an exclusion"
    recorded = session.get_one(PanelRecusal, (item_id, user_id), populate_existing=True)
    session.add(
        PanelLiftedRecusal(
            item_id=item_id,
            user_id=user_id,
            ground=recorded.ground,
            recorded_at=recorded.recorded_at,
            reason=context.command.reason.strip(),
            asked_by=asker,
            asked_at=queries.asked_at(session, context.process.id),
            confirmed_by=second,
            confirmed_at=context.when,
        )
    )
    context.notes |= {"item": item_id, "member": user_id, "ground": recorded.ground}
    session.delete(recorded)
    session.flush()


FACTS = {"recusals": recusal_facts}
EFFECTS = {"lift_recusal": lift_recusal}
