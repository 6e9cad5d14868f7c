"""How a process comes to be, and how a job adds a note to its log."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from funding_app.access import APPLICANT_ROLES
from funding_app.engine import tasks
from funding_app.engine.log import chain
from funding_app.engine.registry import Machinery, ProcessRow
from funding_app.engine.storage import in_use, statements
from funding_app.engine.storage.persist import insert_task
from funding_app.models import Process, new_id

_insert_process = insert(Process.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Creation:
    """A process to be: its definition, who wants it, and the columns that name it."""

    definition_key: str
    actor_id: uuid.UUID | None
    when: datetime
    parent: ProcessRow | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    door: str = "page"


def _new_row(machinery: Machinery, creation: Creation) -> ProcessRow:
    definition = machinery.definitions.get(creation.definition_key)
    state = definition.states[definition.initial]
    parent = creation.parent
    process_id = new_id()
    of_applicants = definition.is_kept_back and APPLICANT_ROLES.issuperset(definition.create_roles)
    related = {
        name: creation.columns.get(name, getattr(parent, name, None))
        for name in ("call_id", "organisation_id", "ministry_id", "officer_id")
    }
    return ProcessRow(
        id=process_id,
        definition_key=definition.key,
        definition_version=definition.version,
        state=state.id,
        record=definition.record,
        tags=state.tags,
        form=state.form,
        is_root=parent is None,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else process_id,
        row_version=1,
        log_seq=1,
        log_head="",
        performers={"create": str(creation.actor_id)} if creation.actor_id else {},
        entered_at=creation.when,
        due_at=None,
        assignee_id=creation.columns.get("assignee_id"),
        region=creation.columns.get("region", parent.region if parent else tasks.SEAT),
        reference=creation.columns.get("reference", parent.reference if parent else ""),
        title=creation.columns.get("title", parent.title if parent else ""),
        handed_in_at=None if of_applicants and parent is None else creation.when,
        **related,
    )


def create(session: Session, machinery: Machinery, creation: Creation) -> ProcessRow:
    """Writes the process with its first log record, task and timers.

    The caller adds the domain record under the same id. A child's task and timers come with
    `begin`, once its record is there for its facts to be read from.
    """
    process = _new_row(machinery, creation)
    in_use.keep(session, machinery.definition_of(process), creation.when)
    entry = chain.Entry(
        process_id=process.id,
        event="create",
        from_state="",
        to_state=process.state,
        definition=f"{process.definition_key}@{process.definition_version}",
        actor_id=creation.actor_id,
        door=creation.door,
        at=creation.when,
        payload=creation.payload,
        cites=creation.parent.log_head if creation.parent else "",
    )
    values = {name: getattr(process, name) for name in ProcessRow.__slots__}
    times = {"created_at": creation.when, "updated_at": creation.when}
    known = {"is_terminal": False, "told_state": process.state}
    session.connection().execute(_insert_process, values | times | known)
    process.log_head = chain.append(session, entry, seq=1, prev_hash="")
    statements.save(session, process, {"log_head": process.log_head})
    return process


def begin(session: Session, machinery: Machinery, process: ProcessRow) -> None:
    """Opens the first state's task and timers, now that the record is written."""
    session.flush()
    state = machinery.definition_of(process).states[process.state]
    names = tasks.dating_facts(state)
    facts = machinery.read_facts(session, process, process.entered_at, names)
    process.due_at = tasks.due_at(state.limit, process.entered_at, facts, process.region)
    tasks.set_timers(session, process, state, process.entered_at, facts)
    task = tasks.task_of(process, state, process.entered_at)
    if task is not None:
        insert_task.run(session, task)
    if process.due_at is not None:
        statements.save(session, process, {"due_at": process.due_at})


def note(
    session: Session,
    process_id: uuid.UUID,
    event: str,
    payload: Mapping[str, Any],
    when: datetime,
    *,
    actor_id: uuid.UUID | None = None,
    door: str = "job",
) -> int:
    """Adds a record that changes no state and no version; returns its number in the chain."""
    process = statements.lock(session, process_id)
    entry = chain.Entry(
        process_id=process.id,
        event=event,
        from_state=process.state,
        to_state=process.state,
        definition=f"{process.definition_key}@{process.definition_version}",
        actor_id=actor_id,
        door=door,
        at=when,
        payload=payload,
    )
    seq = process.log_seq + 1
    head = chain.append(session, entry, seq=seq, prev_hash=process.log_head)
    statements.save(session, process, {"log_seq": seq, "log_head": head})
    return seq
