"""Raising a running process to another version of its definition, with a record of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from funding_app.engine import tasks
from funding_app.engine.command import Refused
from funding_app.engine.log import chain
from funding_app.engine.registry import Machinery, ProcessRow
from funding_app.engine.storage import in_use, statements
from funding_app.engine.storage.persist import Written, write
from workflows.definition import Definition
from workflows.snapshot import Refusal


@dataclass(frozen=True, slots=True)
class Raising:
    """To which version, by whom, and what becomes of states that it does not have."""

    to_version: int
    states: Mapping[str, str]
    reason: str
    proposer_id: uuid.UUID
    confirmer_id: uuid.UUID


def raise_version(
    session: Session, machinery: Machinery, process_id: uuid.UUID, raising: Raising, when: datetime
) -> None:
    """Puts a process on another version: same facts, its task and timers by the new definition.

    The limit goes on from the day on which the state was entered. Raises `Refused` where the
    state has no place in the other version, or where somebody's proposal is waiting.
    """
    process = statements.lock(session, process_id)
    old = machinery.definition_of(process)
    new = machinery.definitions.get(process.definition_key, raising.to_version)
    target = raising.states.get(process.state, process.state)
    if target not in new.states:
        raise Refused(Refusal("wrong_state"))
    if any(child.proposed for child in statements.open_children(session, process.id)):
        raise Refused(Refusal("already_proposed"))
    in_use.keep(session, new, when)
    _write(session, machinery, process, (old, new, target), raising, when)


def _write(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    way: tuple[Definition, Definition, str],
    raising: Raising,
    when: datetime,
) -> None:
    old, new, target = way
    left, state = old.states[process.state], new.states[target]
    payload = {
        "reason": raising.reason,
        "from_version": old.version,
        "to_version": new.version,
    }
    entry = chain.Entry(
        process_id=process.id,
        event="version_changed",
        from_state=process.state,
        to_state=target,
        definition=f"{new.key}@{new.version}",
        actor_id=raising.confirmer_id,
        proposer_id=raising.proposer_id,
        door="job",
        at=when,
        payload=payload,
    )
    process.log_seq += 1
    record, words = chain.link(entry, seq=process.log_seq, prev_hash=process.log_head)
    if left.timers:
        tasks.close_timers(session, process, when)
    facts = machinery.read_facts(session, process, when, tasks.dating_facts(state))
    since = process.entered_at
    if state.limit != left.limit:  # else it stays, also where somebody has chosen the day
        process.due_at = tasks.due_at(state.limit, since, facts, process.region)
    for timer in state.timers:
        due = tasks.due_at(timer.limit, since, facts, process.region)
        tasks.set_timer(session, process, timer.event, timer.law, due, when)
    changes = {
        "definition_version": new.version,
        "state": target,
        "record": new.record,
        "tags": state.tags,
        "form": state.form,
        "is_terminal": state.terminal,
        "row_version": process.row_version + 1,
        "log_seq": process.log_seq,
        "log_head": record["hash"],
        "due_at": process.due_at,
        "updated_at": when,
    }
    opens = tasks.task_of(process, state, since)
    write(session, Written(process.id, record, words, tasks.has_task(left), opens, changes))
