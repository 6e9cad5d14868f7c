"""A process told as rows, without the engine's transactions: same arrows, same chain."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from funding_app.engine.log import chain
from funding_app.engine.tasks import BERLIN, PERSONLESS, SEAT, due_at
from funding_app.models import Base, LogPayload, LogRecord, Process, Task, Timer, new_id
from workflows.definition import Definition, Limit, Transition

DOOR = "demo"


class Rows:
    """Rows gathered by table, written with one statement per table."""

    def __init__(self) -> None:
        self._gathered: dict[str, list[dict[str, Any]]] = {}

    def add(self, model: type[Base], **values: Any) -> None:
        """Gathers a row; all rows of a table name the same columns."""
        self._gathered.setdefault(model.__tablename__, []).append(values)

    def write(self, session: Session) -> int:
        """Writes what was gathered, parents before children; returns the number of rows."""
        written = 0
        for table in Base.metadata.sorted_tables:
            rows = self._gathered.pop(table.name, [])
            if rows:
                _insert(session, table, rows)
            written += len(rows)
        return written


def _insert(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    session.connection().execute(insert(table), rows)


@lru_cache(maxsize=4096)
def _end_of_limit(limit: Limit, day: date) -> datetime | None:
    return due_at(limit, datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN), {}, SEAT)


def _due(limit: Limit | None, since: datetime, facts: Mapping[str, Any]) -> datetime | None:
    if limit is None or limit.unit == "fact":
        return due_at(limit, since, facts, SEAT)
    return _end_of_limit(limit, since.astimezone(BERLIN).date())


_known: dict[str, Mapping[tuple[str, str], Transition]] = {}


def _arrows(definition: Definition) -> Mapping[tuple[str, str], Transition]:
    """The definition's arrows by event and source, the first of the text where there are two."""
    if definition.sha256 not in _known:
        _known[definition.sha256] = {
            (arrow.event, arrow.source): arrow for arrow in reversed(definition.transitions)
        }
    return _known[definition.sha256]


_NAMING = {
    "call_id": None,
    "organisation_id": None,
    "ministry_id": None,
    "officer_id": None,
    "reference": "",
    "title": "",
}


def _inherited(parent: Chronicle | None) -> dict[str, Any]:
    """The columns by which a child stands in the same relations as its parent."""
    if parent is None:
        return dict(_NAMING)
    return {name: parent.columns[name] for name in _NAMING}


class Chronicle:
    """One process from its creation on; `columns` are those of its row that name it."""

    def __init__(
        self,
        rows: Rows,
        definition: Definition,
        actor_id: uuid.UUID | None,
        at: datetime,
        *,
        parent: Chronicle | None = None,
        **columns: Any,
    ) -> None:
        self.id = new_id()
        self.root_id: uuid.UUID = parent.root_id if parent else self.id
        self.columns = _inherited(parent) | columns
        self.state = definition.initial
        self.head = ""
        self.at = self.created_at = self.entered_at = at
        self._rows, self._definition, self._parent = rows, definition, parent
        self._handed_in_at = at if parent or not definition.is_kept_back else None
        self._seq, self._version = 0, 1
        self._performers = {"create": str(actor_id)} if actor_id else {}
        self._append("create", "", actor_id, {}, cites=parent.head if parent else "")

    @property
    def log_seq(self) -> int:
        """The number of its newest log record."""
        return self._seq

    def step(
        self,
        event: str,
        actor_id: uuid.UUID | None,
        at: datetime,
        *,
        data: Mapping[str, Any] | None = None,
        notes: Mapping[str, Any] | None = None,
        reason: str = "",
        proposer_id: uuid.UUID | None = None,
        cites: str = "",
    ) -> None:
        """Takes the definition's arrow of this event. Raises `KeyError` where there is none."""
        arrow = _arrows(self._definition)[event, self.state]
        before, self.state, self.at = self.state, arrow.target, at
        if before != arrow.target:
            self.entered_at = at
        if any(effect.name == "freeze_answers" for effect in arrow.effects):
            self._handed_in_at = self._handed_in_at or at
        payload = {"data": data or {}, "reason": reason, "facts": {}, "notes": notes or {}}
        self._append(event, before, actor_id, payload, proposer_id=proposer_id, cites=cites)
        self._version += 1
        performer = proposer_id or actor_id
        if performer is not None:
            self._performers[event] = str(performer)

    def _append(
        self,
        event: str,
        before: str,
        actor_id: uuid.UUID | None,
        payload: Mapping[str, Any],
        *,
        proposer_id: uuid.UUID | None = None,
        cites: str = "",
    ) -> None:
        entry = chain.Entry(
            process_id=self.id,
            event=event,
            from_state=before,
            to_state=self.state,
            definition=f"{self._definition.key}@{self._definition.version}",
            actor_id=actor_id,
            door=DOOR if actor_id else "engine",
            at=self.at,
            payload=payload,
            proposer_id=proposer_id,
            cites=cites,
        )
        self._seq += 1
        record, words = chain.link(entry, seq=self._seq, prev_hash=self.head)
        self.head = record["hash"]
        self._rows.add(LogRecord, **record)
        self._rows.add(LogPayload, **words)

    def close(self, facts: Mapping[str, Any]) -> None:
        """Writes the process as it stands, with the task and the timers of its present state."""
        state = self._definition.states[self.state]
        due = _due(state.limit, self.entered_at, facts)
        self._rows.add(Process, **self._process(state.terminal, due))
        if state.owner and state.owner not in PERSONLESS and state.task:
            self._rows.add(
                Task,
                id=new_id(),
                process_id=self.id,
                state=state.id,
                role=state.owner,
                opened_at=self.entered_at,
                due_at=due,
            )
        for timer in state.timers:
            self._set_timer(timer.event, timer.law, _due(timer.limit, self.entered_at, facts))

    def _set_timer(self, event: str, law: str, due: datetime | None) -> None:
        if due is not None:
            self._rows.add(
                Timer,
                id=new_id(),
                process_id=self.id,
                event=event,
                law=law,
                entered_at=self.entered_at,
                due_at=due,
            )

    def _process(self, is_terminal: bool, due: datetime | None) -> dict[str, Any]:
        parent = self._parent
        return {
            "id": self.id,
            "definition_key": self._definition.key,
            "definition_version": self._definition.version,
            "state": self.state,
            "told_state": self.state,
            "record": self._definition.record,
            "tags": self._definition.states[self.state].tags,
            "form": self._definition.states[self.state].form,
            "is_terminal": is_terminal,
            "is_root": parent is None,
            "parent_id": parent.id if parent else None,
            "root_id": self.root_id,
            "row_version": self._version,
            "log_seq": self._seq,
            "log_head": self.head,
            "performers": self._performers,
            "created_at": self.created_at,
            "updated_at": self.at,
            "entered_at": self.entered_at,
            "due_at": due,
            "assignee_id": None,
            "handed_in_at": self._handed_in_at,
            **self.columns,
        }
