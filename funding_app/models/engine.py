"""What the engine stores: processes, their log, tasks, timers, the outbox."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import BigId, Json, Tags, UtcDateTime

NEVER = "'9999-01-01 00:00:00.000000'"
"""What stands for a missing limit where cases are sorted by it, as a literal of SQL."""


class StoredDefinition(Base):
    """A workflow definition in use, word for word: a released version never changes."""

    __tablename__ = "stored_definition"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    text: Mapped[str]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Process(Base):
    """One running state machine. Its domain record has the same id.

    `call_id`, `organisation_id` (the applicant), `ministry_id`, `assignee_id` and `officer_id`
    say who stands in which relation to it; `region` is the ISO 3166-2 region whose holidays count
    for its limits; `reference` and `title` name it in lists; `told_state` is the state of which the
    applicants have heard. Before `handed_in_at` a case belongs to its applicants alone; what is
    no case of theirs is known from its beginning.

    `record`, `tags` and `form` are what its definition says of its present state, so that nobody
    need ask for a state by its name: the record beside it, what the state is to the rest of the
    portal, and the form that is filled in, where the call does not name it.
    """

    __tablename__ = "process"
    __table_args__ = (
        Index("ix_process_list", "is_root", "definition_key", "state", "updated_at", "id"),
        Index("ix_process_call", "call_id", "is_root", "state", "id"),
        Index("ix_process_recent", "is_root", "updated_at", "id"),
        Index("ix_process_due", "is_root", "is_terminal", "due_at", "id"),
        Index("ix_process_limit", "is_root", text(f"coalesce(due_at, {NEVER})"), "id"),
        Index("ix_process_named", "is_root", "reference", "id"),
        Index("ix_process_officer", "officer_id", "state", "due_at", "id"),
        Index("ix_process_assignee", "assignee_id", "state", "id"),
        Index("ix_process_ministry", "ministry_id", "state", "id"),
        Index("ix_process_organisation", "organisation_id", "is_root", "id"),
        Index(
            "ix_process_untold",
            "id",
            sqlite_where=text("told_state <> state"),
            postgresql_where=text("told_state <> state"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    definition_key: Mapped[str]
    definition_version: Mapped[int]
    state: Mapped[str]
    is_terminal: Mapped[bool] = mapped_column(default=False)
    record: Mapped[str] = mapped_column(default="")
    tags: Mapped[frozenset[str]] = mapped_column(Tags, default=frozenset())
    form: Mapped[str | None]
    is_root: Mapped[bool] = mapped_column(default=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("process.id"), index=True)
    root_id: Mapped[uuid.UUID] = mapped_column(index=True)
    row_version: Mapped[int] = mapped_column(default=1)
    log_seq: Mapped[int] = mapped_column(default=0)
    log_head: Mapped[str] = mapped_column(default="")
    performers: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("call.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    ministry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    officer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    region: Mapped[str] = mapped_column(default="DE-BE", server_default="DE-BE")
    reference: Mapped[str] = mapped_column(default="", index=True)
    title: Mapped[str] = mapped_column(default="")
    told_state: Mapped[str | None]
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LogRecord(Base):
    """One link of a process's chain; triggers refuse UPDATE, DELETE and TRUNCATE."""

    __tablename__ = "log_record"
    __table_args__ = (UniqueConstraint("process_id", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    seq: Mapped[int]
    event: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    definition: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    proposer_id: Mapped[uuid.UUID | None]
    door: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    payload_hash: Mapped[str]
    cites: Mapped[str] = mapped_column(default="")
    prev_hash: Mapped[str]
    hash: Mapped[str]


class LogPayload(Base):
    """A record's words and data. Erasure empties this row; the chain still holds."""

    __tablename__ = "log_payload"

    process_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str | None]
    payload: Mapped[str | None]


class AuditSeal(Base):
    """A Merkle root over all records new since the seal before (RFC 9162 section 2.1)."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    records: Mapped[int]
    merkle_root: Mapped[str]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class SealedRecord(Base):
    """Which seal covers a record, and at which leaf."""

    __tablename__ = "sealed_record"

    record_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    seal_number: Mapped[int] = mapped_column(index=True)
    leaf: Mapped[int]


class Task(Base):
    """A work item: a state waits for a role (or one person) until a due time.

    `reminded` counts the stages of reminding: 1 ahead of the limit, 2 when it is over, 3 when it
    has been over for some days.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "ix_task_urgent",
            "role",
            text(f"coalesce(due_at, {NEVER})"),
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_task_process", "process_id", "done_at"),
        Index(
            "ix_task_unannounced",
            "id",
            sqlite_where=text("announced_at IS NULL AND done_at IS NULL"),
            postgresql_where=text("announced_at IS NULL AND done_at IS NULL"),
        ),
        Index(
            "ix_task_reminding",
            "due_at",
            sqlite_where=text("done_at IS NULL AND reminded < 3"),
            postgresql_where=text("done_at IS NULL AND reminded < 3"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    state: Mapped[str]
    role: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded: Mapped[int] = mapped_column(server_default="0")


class TaskHold(Base):
    """An open task about which nobody is written to any more, by whom and why."""

    __tablename__ = "task_hold"

    task_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("task.id"), primary_key=True)
    held_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str]


class Timer(Base):
    """An event the law attaches to time itself, at an absolute instant."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("process_id", "event", "entered_at"),
        Index(
            "ix_timer_due",
            "due_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    event: Mapped[str]
    law: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VersionChange(Base):
    """The running cases of one version are to go on under another; two persons decide it.

    `states` maps the states that the other version does not have to states that it has.
    """

    __tablename__ = "version_change"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    definition_key: Mapped[str]
    from_version: Mapped[int]
    to_version: Mapped[int]
    states: Mapped[dict[str, str]] = mapped_column(Json)
    reason: Mapped[str]
    proposed_by: Mapped[uuid.UUID]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[uuid.UUID | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Approval(Base):
    """The record of an `approval` process: what one person proposed and another may confirm."""

    __tablename__ = "approval"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    event: Mapped[str]
    proposer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    payload_hash: Mapped[str]
    second_roles: Mapped[list[str]] = mapped_column(Json)


OUTBOX_STATES = ("pending", "dispatched", "running", "done", "dead")
OPEN_OUTBOX = text("state <> 'done'")


class OutboxMessage(Base):
    """Something to be done after the commit, exactly once in its effect on the database.

    With `stopped_at` somebody keeps it from being done; `state` stays what it was.
    `due_at` is business time. `lease_until` is real time: until then a worker has the message, or
    it waits before it is tried again.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint(f"state IN {OUTBOX_STATES}", name="state"),
        Index(
            "ix_outbox_message_open",
            "due_at",
            sqlite_where=OPEN_OUTBOX,
            postgresql_where=OPEN_OUTBOX,
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    job: Mapped[str]
    dedup_key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(default="pending")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token: Mapped[str | None]
    epoch: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=8)
    last_error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by: Mapped[uuid.UUID | None]


OUTBOX_ACTS = ("stopped", "resumed", "retried")


class OutboxAct(Base):
    """What somebody did to a queued message: stopped it, went on with it, had it tried again."""

    __tablename__ = "outbox_act"
    __table_args__ = (CheckConstraint(f"act IN {OUTBOX_ACTS}", name="act"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("outbox_message.id"), index=True)
    act: Mapped[str]
    actor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(default="")


class IdempotencyKey(Base):
    """The first answer to a key, kept per actor for the repeated click."""

    __tablename__ = "idempotency_key"

    actor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    response: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NumberSeries(Base):
    """The next number of a series, such as the grant references of a year."""

    __tablename__ = "number_series"

    key: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
