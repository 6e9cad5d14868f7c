"""The one way through: a command becomes a change, or is refused and leaves no trace.

Lock the root and the process, freeze a snapshot, let `workflows.decide` judge it, and write state,
log record, domain rows, tasks, timers and outbox in the transaction of the caller, who commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.parsing import has_strange_characters
from forms.values import LONGEST_TEXT
from funding_app.engine import idempotency, tasks
from funding_app.engine.approvals import propose
from funding_app.engine.command import Command, Fired, Refused, StaleVersion
from funding_app.engine.facts_needed import Asked, asked_by, automatic_events, needs_second
from funding_app.engine.log import chain
from funding_app.engine.objections import objections
from funding_app.engine.registry import EffectContext, Machinery, ProcessRow
from funding_app.engine.storage import statements
from funding_app.engine.storage.persist import Written, write
from workflows import decide
from workflows.definition import State
from workflows.snapshot import Actor, Outcome, Refusal, Snapshot

MOST_AUTOMATIC = 8
MOOT = "become_moot"


class EndlessAutomatic(RuntimeError):
    """A definition whose automatic events do not come to rest."""


def fire(session: Session, machinery: Machinery, command: Command) -> Fired:
    """Carries out a command within the caller's transaction.

    Raises `UnknownProcess`, `StaleVersion`, `KeyReused` or `Refused`; the caller then rolls back.
    """
    process = statements.lock(session, command.process_id)
    if command.key is None or command.actor_id is None:
        return _fire(session, machinery, command, process)
    # behind the lock: who presses twice waits here for the first answer, and gets the same
    wanted = idempotency.request_hash(command)
    first = idempotency.answered(session, command.actor_id, command.key, wanted)
    if first is not None:
        return _answer(first)
    fired = _fire(session, machinery, command, process)
    idempotency.store(
        session, command.actor_id, command.key, wanted, _response(fired), command.when
    )
    return fired


def _response(fired: Fired) -> dict[str, Any]:
    return {name: getattr(fired, name) for name in Fired.__slots__}


def _answer(response: Mapping[str, Any]) -> Fired:
    return Fired(**response)


def _fire(session: Session, machinery: Machinery, command: Command, process: ProcessRow) -> Fired:
    expected = command.expected_version
    if expected is not None and expected != process.row_version:
        raise StaleVersion(expected, process.row_version)
    actor = statements.actor_on(session, command.actor_id, process)
    fired = _step(session, machinery, process, Attempt(command, actor))
    _come_to_rest(session, machinery, process, command)
    return replace(fired, state=process.state, version=process.row_version)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A command with its actor, and with the proposer where a second person confirmed it."""

    command: Command
    actor: Actor
    confirmed_by: uuid.UUID | None = None
    cites: str = ""


def fire_confirmed(
    session: Session, machinery: Machinery, command: Command, confirmed_by: uuid.UUID
) -> Fired:
    """Fires what one person proposed and another has just confirmed; the record names both."""
    process = statements.lock(session, command.process_id)
    actor = statements.actor_on(session, command.actor_id, process)
    return _step(session, machinery, process, Attempt(command, actor, confirmed_by))


def fire_as_parent(session: Session, machinery: Machinery, command: Command) -> Fired:
    """Fires a child's event that its parent's change brings about."""
    process = statements.lock(session, command.process_id)
    return _step(session, machinery, process, Attempt(command, Actor(None)))


def snapshot_of(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    actor: Actor,
    when: datetime,
    data: Mapping[str, Any] | None = None,
    event: str | None = None,
) -> Snapshot:
    """What the guards may look at, read once and frozen: all a state asks for, or one event."""
    definition = machinery.definition_of(process)
    asked = (
        Asked(definition.facts[process.state], definition.reads_children)
        if event is None
        else asked_by(definition, process.state, event)
    )
    return Snapshot(
        state=process.state,
        when=when,
        actor=actor,
        facts=machinery.read_facts(session, process, when, asked.facts),
        children=statements.children(session, process.id) if asked.children else (),
        performers=dict(process.performers),
        data=data,
    )


def _step(session: Session, machinery: Machinery, process: ProcessRow, attempt: Attempt) -> Fired:
    command = attempt.command
    snapshot = snapshot_of(
        session, machinery, process, attempt.actor, command.received, command.data, command.event
    )
    outcome = decide(machinery.definition_of(process), snapshot, command.event)
    if not isinstance(outcome, Outcome):
        raise Refused(*outcome)
    _check_reason(command.reason, is_needed=outcome.transition.reason == "required")
    is_new = attempt.confirmed_by is None
    against = objections(session, machinery, process, [outcome.transition], is_new=is_new)
    if refusals := against[command.event]:
        raise Refused(*refusals)
    if outcome.needs_second and is_new:
        return propose(session, machinery, process, command, outcome.transition)
    return _carry_out(session, machinery, process, attempt, outcome, snapshot)


def _check_reason(reason: str, *, is_needed: bool) -> None:
    """Raises `Refused` for a reason that is missing or can not be kept as it is."""
    if is_needed and not reason.strip():
        raise Refused(Refusal("reason_missing", at="reason"))
    if has_strange_characters(reason):
        raise Refused(Refusal("reason_unreadable", at="reason"))
    if len(reason) > LONGEST_TEXT:
        sizes = {"most": LONGEST_TEXT, "count": len(reason)}
        raise Refused(Refusal("reason_too_long", sizes, at="reason"))


def _carry_out(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    attempt: Attempt,
    outcome: Outcome,
    snapshot: Snapshot,
) -> Fired:
    states = machinery.definition_of(process).states
    left, state = states[process.state], states[outcome.state]
    written = prepare(session, machinery, process, attempt, outcome, snapshot)
    may_have_open_child = write(session, written)
    if may_have_open_child and state is not left:
        _close_moot(session, machinery, process, attempt, left, state)
    return Fired(process.state, process.row_version, process.log_seq)


def prepare(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    attempt: Attempt,
    outcome: Outcome,
    snapshot: Snapshot,
) -> Written:
    """What is to be written, once the effects are carried out and the row in hand has moved."""
    command = attempt.command
    context = EffectContext(session, machinery, process, command, outcome.transition)
    if attempt.confirmed_by is not None:
        context.proposer_id, context.confirmed_by = command.actor_id, attempt.confirmed_by
    for effect in outcome.effects:
        machinery.effects[effect.name](context, effect.params)
    entry = _entry(process, attempt, outcome, context, snapshot)
    process.log_seq += 1
    record, words = chain.link(entry, seq=process.log_seq, prev_hash=process.log_head)
    process.log_head = record["hash"]
    states = machinery.definition_of(process).states
    left, state = states[process.state], states[outcome.state]
    _move(session, machinery, process, attempt, left, state)
    for name, value in context.columns.items():
        setattr(process, name, value)
    moved = state is not left
    return Written(
        process.id,
        record,
        words,
        closes=moved and tasks.has_task(left),
        opens=tasks.task_of(process, state, command.when) if moved else None,
        changes=context.columns
        | _columns_of(process, state, command.when)
        | ({"tags": state.tags, "form": state.form} if moved else {}),
    )


def _close_moot(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    attempt: Attempt,
    left: State,
    state: State,
) -> None:
    """Ends what the change leaves without object: proposals of the old state, and at the end all.

    The proposal that is being carried out ends by its own confirmation.
    """
    if not (state.terminal or needs_second(machinery.definition_of(process), left.id)):
        return
    command = attempt.command
    for child in statements.open_children(session, process.id):
        own = attempt.confirmed_by is not None and child.proposed == command.event
        if own or not (child.proposed or state.terminal):
            continue
        if machinery.has_event(child, MOOT):
            ending = Command(child.id, MOOT, None, command.when, door="engine")
            fire_as_parent(session, machinery, ending)


def _entry(
    process: ProcessRow,
    attempt: Attempt,
    outcome: Outcome,
    context: EffectContext,
    snapshot: Snapshot,
) -> chain.Entry:
    command = attempt.command
    payload: dict[str, Any] = {
        "data": command.data,
        "reason": command.reason,
        "facts": snapshot.facts,
        "notes": context.notes,
    }
    if command.received < command.when:
        payload["received_at"] = command.received
    return chain.Entry(
        process_id=process.id,
        event=command.event,
        from_state=process.state,
        to_state=outcome.state,
        definition=f"{process.definition_key}@{process.definition_version}",
        actor_id=attempt.confirmed_by or command.actor_id,
        proposer_id=context.proposer_id,
        door=command.door,
        at=command.when,
        payload=payload,
        cites=attempt.cites,
    )


def _move(
    session: Session,
    machinery: Machinery,
    process: ProcessRow,
    attempt: Attempt,
    left: State,
    state: State,
) -> None:
    """Changes the row in hand, and the timers with the state."""
    command = attempt.command
    process.state, process.tags, process.form = state.id, state.tags, state.form
    process.row_version += 1
    if command.actor_id is not None:
        done_by = {command.event: str(command.actor_id)}
        process.performers = {**process.performers, **done_by}
    if state is left:
        return
    process.entered_at = command.when
    if left.timers:
        tasks.close_timers(session, process, command.when)
    names = tasks.dating_facts(state)
    facts = machinery.read_facts(session, process, command.when, names)
    process.due_at = tasks.due_at(state.limit, command.when, facts, process.region)
    tasks.set_timers(session, process, state, command.when, facts)


def _columns_of(process: ProcessRow, state: State, when: datetime) -> dict[str, Any]:
    return {
        "state": process.state,
        "is_terminal": state.terminal,
        "row_version": process.row_version,
        "log_seq": process.log_seq,
        "log_head": process.log_head,
        "performers": process.performers,
        "entered_at": process.entered_at,
        "due_at": process.due_at,
        "updated_at": when,
    }


def _come_to_rest(
    session: Session, machinery: Machinery, process: ProcessRow, command: Command, cites: str = ""
) -> None:
    """Fires the automatic events of the process, then those of its parents, up to the root."""
    for _round in range(MOST_AUTOMATIC):
        if not _fire_automatic(session, machinery, process, command, cites):
            break
    else:
        raise EndlessAutomatic(f"{process.definition_key} in {process.state}")
    if process.parent_id is not None:
        parent = statements.lock(session, process.parent_id)
        _come_to_rest(session, machinery, parent, command, process.log_head)


def _fire_automatic(
    session: Session, machinery: Machinery, process: ProcessRow, command: Command, cites: str
) -> bool:
    for event in automatic_events(machinery.definition_of(process), process.state):
        automatic = Command(
            process.id, event, None, command.when, door="engine", expected_version=None
        )
        try:
            _step(session, machinery, process, Attempt(automatic, Actor(None), cites=cites))
        except Refused:
            continue
        return True
    return False
