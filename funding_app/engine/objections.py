"""What stands against an event whatever comes with it: told before the click as when firing.

Guards judge by facts; an objection is what an effect, or an open proposal, would refuse anyway.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.engine.registry import Machinery, ProcessRow
from funding_app.models import Approval, Process
from workflows.definition import Transition
from workflows.snapshot import Child, Refusal
from workflows.vocabulary.tags import Record


def objections(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    arrows: Iterable[Transition],
    *,
    is_new: bool = True,
    children: Sequence[Child] | None = None,
) -> Mapping[str, tuple[Refusal, ...]]:
    """The refusals by event, for arrows out of the present state that guards let pass.

    Only what `is_new` can be proposed already: the second person confirms that very proposal.
    With the `children` at hand, approvals are looked for only where one of them is open.
    """
    asked = list(arrows)
    can_be = is_new and any(arrow.second for arrow in asked)
    if children is not None:
        approval = machinery.definitions.of_record(Record.APPROVAL).key
        can_be = can_be and any(one.kind == approval and not one.terminal for one in children)
    proposed = _proposed(session, process.id) if can_be else set()
    named = {effect.name for arrow in asked for effect in arrow.effects}
    found = {
        name: tuple(machinery.objections[name](session, process))
        for name in sorted(named & machinery.objections.keys())
    }
    return {
        arrow.event: (
            *([Refusal("already_proposed")] if arrow.event in proposed else ()),
            *(each for effect in arrow.effects for each in found.get(effect.name, ())),
        )
        for arrow in asked
    }


def _proposed(session: Session, process_id: uuid.UUID) -> set[str]:
    """The events that wait for a second person."""
    waiting = (
        select(Approval.event)
        .join(Process, Process.id == Approval.id)
        .where(Process.parent_id == process_id, ~Process.is_terminal)
    )
    return set(session.scalars(waiting))
