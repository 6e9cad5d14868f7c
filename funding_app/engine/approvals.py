"""Four eyes: what one person proposes waits in an `approval` child until another confirms it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from funding_app.engine.command import Command, Fired
from funding_app.engine.creation import Creation, begin, create
from funding_app.engine.log.chain import digest
from funding_app.engine.registry import Machinery, ProcessRow
from funding_app.models import Approval, Task
from workflows.definition import Transition
from workflows.vocabulary.tags import Record


def propose(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    command: Command,
    transition: Transition,
) -> Fired:
    """Opens the approval; the parent stays as it is.

    One proposal of an event at a time: `engine.objections` has asked for an open one.
    """
    assert command.actor_id is not None, "only a person can propose"
    payload = {"data": dict(command.data), "reason": command.reason}
    creation = Creation(
        machinery.definitions.of_record(Record.APPROVAL).key,
        command.actor_id,
        command.when,
        parent=process,
        payload={"event": command.event, "payload_hash": digest(payload)},
        door=command.door,
    )
    child = create(session, machinery, creation)
    session.execute(
        insert(Approval).values(
            id=child.id,
            event=command.event,
            proposer_id=command.actor_id,
            payload=payload,
            payload_hash=digest(payload),
            second_roles=list(transition.second),
        )
    )
    begin(session, machinery, child)
    owner = machinery.definition_of(child).states[child.state].owner
    if transition.second and owner not in transition.second:
        _give_to(session, child.id, transition.second[0])
    return Fired(process.state, process.row_version, process.log_seq, pending=str(child.id))


def _give_to(session: Session, approval_id: uuid.UUID, role: str) -> None:
    """The task belongs to a role that may confirm, where the approval's usual owner may not."""
    session.execute(
        update(Task)
        .where(Task.process_id == approval_id)
        .values(role=role)
        .execution_options(synchronize_session=False)
    )


def approval_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Facts of an approval: who proposed it, and which roles may confirm it."""
    approval = session.execute(
        select(Approval.proposer_id, Approval.second_roles).where(Approval.id == process.id)
    ).one()
    return {"proposer": str(approval.proposer_id), "second_roles": tuple(approval.second_roles)}
