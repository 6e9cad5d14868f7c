"""One event for many cases, in one transaction: the same judgement and the same log as one by one.

What is written for each case is gathered and goes to the database table by table. A case that
needs more than its own row (effects, proposals, automatic events, open children) takes the usual
way, in a savepoint of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from funding_app.engine.command import Command, Refused
from funding_app.engine.facts_needed import asked_by, automatic_events, needs_second
from funding_app.engine.fire import Attempt, fire, prepare
from funding_app.engine.log.chain import encode
from funding_app.engine.registry import Machinery, ProcessRow
from funding_app.engine.storage import statements
from funding_app.engine.storage.persist import Written, write_on_sqlite
from workflows import decide
from workflows.definition import Definition
from workflows.snapshot import Actor, Child, Outcome, Refusal, Snapshot


@dataclass(frozen=True, slots=True)
class Batch:
    """Who wants which event on which cases."""

    process_ids: Sequence[uuid.UUID]
    event: str
    actor_id: uuid.UUID
    when: datetime
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    door: str = "page"

    def command(self, process_id: uuid.UUID) -> Command:
        """The same for one case."""
        return Command(
            process_id,
            self.event,
            self.actor_id,
            self.when,
            data=self.data,
            reason=self.reason,
            door=self.door,
        )


@dataclass(slots=True)
class BatchDone:
    """What became of a batch: the cases that changed, and why the others did not."""

    fired: list[uuid.UUID] = field(default_factory=list)
    refused: dict[uuid.UUID, tuple[Refusal, ...]] = field(default_factory=dict)


def fire_each(session: Session, machinery: Machinery, batch: Batch) -> BatchDone:
    """Fires the event on every case that allows it, within the caller's transaction.

    Cases that are gone, or no cases but parts of one, are left out.
    """
    done = BatchDone()
    found = statements.lock_cases(session, batch.process_ids)
    grants = statements.grants(session, batch.actor_id)
    known = _know(session, machinery, found, batch)
    gathered: list[Written] = []
    for process in found:
        actor = statements.actor_with(grants, batch.actor_id, process)
        definition = machinery.definition_of(process)
        snapshot = known.snapshot(process, definition, actor, batch)
        outcome = decide(definition, snapshot, batch.event)
        if not isinstance(outcome, Outcome):
            done.refused[process.id] = outcome
        elif outcome.transition.reason == "required" and not batch.reason.strip():
            done.refused[process.id] = (Refusal("reason_missing", at="reason"),)
        elif _stands_alone(definition, outcome, known, process, batch.when):
            attempt = Attempt(batch.command(process.id), actor)
            gathered.append(prepare(session, machinery, process, attempt, outcome, snapshot))
            done.fired.append(process.id)
        else:
            _fire_alone(session, machinery, batch.command(process.id), done)
    write_all(session, gathered)
    return done


@dataclass(frozen=True, slots=True)
class Known:
    """What guards may look at, read for all cases of a batch at once."""

    facts: Mapping[uuid.UUID, Mapping[str, Any]]
    children: Mapping[uuid.UUID, tuple[Child, ...]]

    def snapshot(
        self, process: ProcessRow, definition: Definition, actor: Actor, batch: Batch
    ) -> Snapshot:
        """The case as the event's guards see it, with no fact that they do not ask for."""
        asked = asked_by(definition, process.state, batch.event)
        facts = self.facts[process.id]
        return Snapshot(
            state=process.state,
            when=batch.when,
            actor=actor,
            facts={name: facts[name] for name in sorted(asked.facts)},
            children=self.children[process.id] if asked.children else (),
            performers=dict(process.performers),
            data=batch.data,
        )

    def goes_on(
        self, process: ProcessRow, definition: Definition, state: str, when: datetime
    ) -> bool:
        """Whether an automatic event follows in the state that the case comes to."""
        facts, children = self.facts[process.id], self.children[process.id]
        arrived = Snapshot(state, when, Actor(None), facts, children, {}, {})
        return any(
            isinstance(decide(definition, arrived, event), Outcome)
            for event in automatic_events(definition, state)
        )


def _know(
    session: Session, machinery: Machinery, found: Sequence[ProcessRow], batch: Batch
) -> Known:
    names: set[str] = set()
    kinds = {(one.definition_key, one.definition_version, one.state): one for one in found}
    for (_key, _version, state), process in kinds.items():
        definition = machinery.definition_of(process)
        names |= asked_by(definition, state, batch.event).facts
        for arrow in definition.arrows_from(state):
            for event in automatic_events(definition, arrow.target):
                names |= asked_by(definition, arrow.target, event).facts
    facts = machinery.read_facts_of_many(session, found, batch.when, names)
    return Known(facts, statements.children_of_many(session, [process.id for process in found]))


def _stands_alone(
    definition: Definition, outcome: Outcome, known: Known, process: ProcessRow, when: datetime
) -> bool:
    return not (
        outcome.effects
        or outcome.needs_second
        or (_ends_others(definition, process, outcome) and _has_open(known, process))
        or known.goes_on(process, definition, outcome.state, when)
    )


def _ends_others(definition: Definition, process: ProcessRow, outcome: Outcome) -> bool:
    """Whether open children may become moot: proposals of the state left, all at the end."""
    is_end = definition.states[outcome.state].terminal
    return is_end or needs_second(definition, process.state)


def _has_open(known: Known, process: ProcessRow) -> bool:
    return any(not child.terminal for child in known.children[process.id])


def _fire_alone(session: Session, machinery: Machinery, command: Command, done: BatchDone) -> None:
    try:
        with session.begin_nested():
            fire(session, machinery, command)
    except Refused as refused:
        done.refused[command.process_id] = refused.refusals
    else:
        done.fired.append(command.process_id)


def write_all(session: Session, gathered: Sequence[Written]) -> None:
    """Writes the rows of many events, a table at a time."""
    if not gathered:
        return
    if session.get_bind().dialect.name == "postgresql":
        _write_on_postgresql(session.connection(), gathered)
        return
    write_on_sqlite(session, gathered)


def _write_on_postgresql(connection: Connection, gathered: Sequence[Written]) -> None:
    _insert(connection, "log_record", [one.record for one in gathered])
    _insert(connection, "log_payload", [one.words for one in gathered])
    ended = [
        {"process_id": one.process_id, "done_at": one.record["at"]}
        for one in gathered
        if one.closes
    ]
    _change(connection, "task", "process_id", ended, "t.done_at IS NULL")
    _insert(connection, "task", [one.opens for one in gathered if one.opens is not None])
    changes = [{"id": one.process_id, **one.changes} for one in gathered]
    _change(connection, "process", "id", changes, "true")


def _as_json(found: Iterable[Mapping[str, Any]]) -> str:
    return encode(list(found))


def _insert(connection: Connection, table: str, found: Sequence[Mapping[str, Any]]) -> None:
    if not found:
        return
    names = ", ".join(found[0])
    source = f"json_populate_recordset(NULL::{table}, CAST(:rows AS json))"
    statement = text(f"INSERT INTO {table} ({names}) SELECT {names} FROM {source}")
    connection.execute(statement, {"rows": _as_json(found)})


def _change(
    connection: Connection,
    table: str,
    key: str,
    found: Sequence[Mapping[str, Any]],
    condition: str,
) -> None:
    if not found:
        return
    names = ", ".join(f"{name} = r.{name}" for name in found[0] if name != key)
    source = f"json_populate_recordset(NULL::{table}, CAST(:rows AS json)) r"
    where = f"t.{key} = r.{key} AND {condition}"
    statement = text(f"UPDATE {table} t SET {names} FROM {source} WHERE {where}")
    connection.execute(statement, {"rows": _as_json(found)})
