"""What the engine is given to work with: definitions, facts and effects.

The engine knows no noun. How a fact is read and how an effect is written is said by the
registries that the services hand in.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from sqlalchemy.orm import Session

from funding_app.engine.command import Command, Refused
from funding_app.rules.money import MoneyError, amount
from workflows import Registry
from workflows.definition import Definition, State, Transition
from workflows.snapshot import Refusal


@dataclass(slots=True)
class ProcessRow:
    """A locked process row, as one command sees and changes it."""

    id: uuid.UUID
    definition_key: str
    definition_version: int
    state: str
    record: str
    tags: frozenset[str]
    form: str | None
    is_root: bool
    parent_id: uuid.UUID | None
    root_id: uuid.UUID
    row_version: int
    log_seq: int
    log_head: str
    performers: dict[str, str]
    entered_at: datetime
    due_at: datetime | None
    call_id: uuid.UUID | None
    organisation_id: uuid.UUID | None
    ministry_id: uuid.UUID | None
    assignee_id: uuid.UUID | None
    officer_id: uuid.UUID | None
    region: str
    reference: str
    title: str
    handed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenChild:
    """A child that has not ended; `proposed` is the event an approval waits to confirm."""

    id: uuid.UUID
    definition_key: str
    definition_version: int
    state: str
    proposed: str | None


class Defined(Protocol):
    """What runs on a version of a definition."""

    @property
    def definition_key(self) -> str: ...
    @property
    def definition_version(self) -> int: ...


FactReader = Callable[[Session, ProcessRow, datetime], Mapping[str, Any]]


@dataclass(slots=True)
class EffectContext:
    """What an effect may look at and change.

    `columns` are changes of the process row itself; `notes` go into the log record's payload.
    Where a second person confirmed, `proposer_id` and `confirmed_by` name both.
    """

    session: Session
    machinery: Machinery
    process: ProcessRow
    command: Command
    transition: Transition
    proposer_id: uuid.UUID | None = None
    confirmed_by: uuid.UUID | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> State:
        """The state to which the change leads."""
        return self.machinery.definition_of(self.process).states[self.transition.target]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.command.data

    @property
    def when(self) -> datetime:
        return self.command.when

    @property
    def received(self) -> datetime:
        return self.command.received

    def refuse(self, code: str, *, at: str = "", **params: Any) -> Refused:
        """The exception by which an effect takes back the whole command, told at a field."""
        return Refused(Refusal(code, params, at))

    def amount(self, name: str) -> Decimal:
        """The amount in euro that came with the event; raises `Refused` where it is none."""
        try:
            return amount(Decimal(str(self.data[name])))
        except (KeyError, InvalidOperation, MoneyError):
            raise self.refuse("invalid_data", at=name) from None


FactsOfMany = Callable[
    [Session, Sequence[ProcessRow], datetime], Mapping[uuid.UUID, Mapping[str, Any]]
]
Effect = Callable[[EffectContext, Mapping[str, Any]], None]
# What an effect would refuse whatever comes with the event.
Objection = Callable[[Session, ProcessRow], Iterable[Refusal]]


@dataclass(frozen=True, slots=True)
class Machinery:
    """Definitions with the readers of their facts and the writers of their effects.

    Some facts can be read for many processes at once; the others are read one by one.
    """

    definitions: Registry
    facts: Mapping[str, FactReader]
    effects: Mapping[str, Effect]
    facts_of_many: Mapping[str, FactsOfMany] = field(default_factory=dict)
    objections: Mapping[str, Objection] = field(default_factory=dict)

    def has_event(self, child: OpenChild, event: str) -> bool:
        """Whether the child's present state knows the event."""
        definition = self.definitions.get(child.definition_key, child.definition_version)
        return any(arrow.event == event for arrow in definition.arrows_from(child.state))

    def definition_of(self, process: Defined) -> Definition:
        """The version of the definition on which the process runs."""
        return self.definitions.get(process.definition_key, process.definition_version)

    def read_facts(
        self, session: Session, process: ProcessRow, when: datetime, names: Iterable[str]
    ) -> dict[str, Any]:
        """These facts as they stand now; each reader is asked once."""
        wanted = sorted(names)
        found: dict[str, Any] = {}
        for reader in dict.fromkeys(self.facts[name] for name in wanted):
            found.update(reader(session, process, when))
        return {name: found[name] for name in wanted}

    def read_facts_of_many(
        self,
        session: Session,
        processes: Sequence[ProcessRow],
        when: datetime,
        names: AbstractSet[str],
    ) -> dict[uuid.UUID, dict[str, Any]]:
        """These facts for each of the processes."""
        found: dict[uuid.UUID, dict[str, Any]] = {process.id: {} for process in processes}
        wanted = sorted(names)
        together = [self.facts_of_many[name] for name in wanted if name in self.facts_of_many]
        for reader in dict.fromkeys(together):
            for process_id, facts in reader(session, processes, when).items():
                found[process_id].update(facts)
        alone = [name for name in wanted if name not in self.facts_of_many]
        for process in processes if alone else ():
            found[process.id].update(self.read_facts(session, process, when, alone))
        return {key: {name: facts[name] for name in wanted} for key, facts in found.items()}
