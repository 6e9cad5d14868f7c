"""One synthetic case being told: its processes, its application's columns and its clock."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from funding_app.demo import invented
from funding_app.demo.bulk.direct_rows import Chronicle, Rows
from funding_app.engine.log.chain import digest
from funding_app.models import (
    Application,
    Approval,
    Base,
    BudgetEntry,
    CoSignature,
    PaymentRequest,
    Report,
    Review,
    new_id,
)
from funding_app.rules.reports import proof_due
from funding_app.services.operations.clock import local_day
from workflows import Registry

HOURS_BETWEEN_STEPS = (8, 90)
KINDS: Mapping[type[Base], str] = {
    Approval: "approval",
    CoSignature: "co_signature",
    PaymentRequest: "payment_request",
    Report: "proof_of_use",
    Review: "review_assignment",
}


PREFIX = "CC"
"""How the shipped definitions begin the numbers of cases; a series is one year of it."""


@dataclass(frozen=True, slots=True)
class Share:
    """A ministry's part in a call, with its budget lines by year."""

    ministry: uuid.UUID
    percent: int
    title: str
    lines: Mapping[int, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Offer:
    """A call as a case needs it; the lead ministry's share stands first."""

    id: uuid.UUID
    definition: str
    form: tuple[str, int]
    financing_type: str
    amounts: tuple[Decimal, Decimal]
    shares: Sequence[Share]
    weights: Mapping[str, Decimal]
    closes_at: datetime | None = None

    @property
    def is_micro(self) -> bool:
        return self.definition == "micro_grant"


@dataclass(frozen=True, slots=True)
class Applicant:
    """An applying organisation and the person who may sign for it."""

    organisation: uuid.UUID
    person: uuid.UUID


@dataclass(slots=True)
class Scene:
    """What all cases of a load share.

    `people` are those who hold a role, everywhere or for one ministry. `numbers` are the last
    references by year; `booked` adds up (euro) by kind and budget line. With `whole` the answers
    and submissions are written too.
    """

    definitions: Registry
    people: Mapping[tuple[str, uuid.UUID | None], Sequence[uuid.UUID]]
    random: Random
    until: datetime
    whole: bool
    rows: Rows = field(default_factory=Rows)
    numbers: dict[int, int] = field(default_factory=dict)
    booked: dict[tuple[str, uuid.UUID], Decimal] = field(default_factory=dict)

    def who(self, role: str, ministry: uuid.UUID | None = None) -> uuid.UUID:
        """Somebody who holds the role."""
        return self.random.choice(self.people[role, ministry])

    def next_reference(self, when: datetime) -> str:
        """The next reference of the year."""
        year = local_day(when).year
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return f"{PREFIX}-{year}-{self.numbers[year]:05d}"

    def book(
        self, kind: str, line: uuid.UUID, process_id: uuid.UUID, amount: Decimal, at: datetime
    ) -> None:
        """Enters an amount on a budget line."""
        self.booked[kind, line] = self.booked.get((kind, line), Decimal(0)) + amount
        self.rows.add(
            BudgetEntry,
            id=new_id(),
            budget_line_id=line,
            process_id=process_id,
            kind=kind,
            round=1,
            amount=amount,
            at=at,
        )


def blank(model: type[Base]) -> dict[str, Any]:
    """All columns of a model at their defaults."""
    defaults = {column.name: column.default for column in model.__table__.columns}
    return {
        name: None if default is None else {} if default.is_callable else default.arg
        for name, default in defaults.items()
    }


@dataclass(slots=True)
class Child:
    """A child process with its record's columns, and the facts that date its limit."""

    told: Chronicle
    model: type[Base]
    record: dict[str, Any]
    facts: Mapping[str, Any]


class Case:
    """One case on its road; each stage moves it on."""

    def __init__(self, scene: Scene, offer: Offer, applicant: Applicant, begin: datetime) -> None:
        self.scene, self.offer, self.applicant, self.now = scene, offer, applicant, begin
        self.children: list[Child] = []
        self.parts: list[tuple[Share, Decimal]] = []
        self.frozen = ""
        self.held: list[tuple[uuid.UUID, uuid.UUID, Decimal]] = []
        title, summary = invented.project(scene.random)
        self.told = self._open(
            offer.definition,
            applicant.person,
            call_id=offer.id,
            organisation_id=applicant.organisation,
            ministry_id=offer.shares[0].ministry,
            title=title,
        )
        self.values = blank(Application) | {
            "id": self.told.id,
            "call_id": offer.id,
            "organisation_id": applicant.organisation,
            "created_by": applicant.person,
            "form_key": offer.form[0],
            "form_version": offer.form[1],
            "summary": summary,
        }

    def _open(
        self, kind: str, actor: uuid.UUID | None, parent: Chronicle | None = None, **columns: Any
    ) -> Chronicle:
        definition = self.scene.definitions.get(kind)
        return Chronicle(self.scene.rows, definition, actor, self.now, parent=parent, **columns)

    def child(
        self,
        model: type[Base],
        actor: uuid.UUID | None,
        record: Mapping[str, Any],
        *,
        of: Chronicle | None = None,
        facts: Mapping[str, Any] | None = None,
        **columns: Any,
    ) -> Child:
        """Begins a child process, whose kind the record's table names; written at the end."""
        told = self._open(KINDS[model], actor, of or self.told, **columns)
        own = (
            {"id": told.id}
            if model is Approval
            else {"id": told.id, "application_id": self.told.id}
        )
        made = Child(told, model, blank(model) | own | dict(record), facts or {})
        self.children.append(made)
        return made

    def children_of(self, model: type[Base]) -> list[Child]:
        """The children of a kind, in order of their birth."""
        return [child for child in self.children if child.model is model]

    def later(self) -> datetime:
        """Some hours or days on, but never past the end of the story."""
        hours = self.scene.random.randrange(*HOURS_BETWEEN_STEPS)
        return self.wait_for(self.now + timedelta(hours=hours, minutes=hours * 7 % 60))

    def wait_for(self, when: datetime) -> datetime:
        """Lets time pass until an instant."""
        self.now = min(max(self.now, when), self.scene.until)
        return self.now

    @property
    def today(self) -> date:
        return local_day(self.now)

    def act(
        self, role: str, event: str, data: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        """One step of the case by somebody of the role."""
        person = self.applicant.person if role == "applicant" else self.scene.who(role)
        self.told.step(event, person, self.later(), data=data, **more)

    def by_itself(self, event: str, cites: str = "", **more: Any) -> None:
        """An automatic step, in the same instant."""
        self.told.step(event, None, self.now, cites=cites, **more)

    def four_eyes(self, told: Chronicle, event: str, data: Mapping[str, Any] | None = None) -> None:
        """A step that an officer proposes and an approver confirms."""
        proposer, second = self.scene.who("case_officer"), self.scene.who("approver")
        payload = {"data": dict(data or {}), "reason": ""}
        self.later()
        record = {
            "event": event,
            "proposer_id": proposer,
            "payload": payload,
            "payload_hash": digest(payload),
            "second_roles": ["approver"],
        }
        approval = self.child(Approval, proposer, record, of=told)
        told.step(event, second, self.later(), data=data, proposer_id=proposer)
        approval.told.step("confirm", second, self.now)

    def close(self) -> None:
        """Writes the case and its children as they stand."""
        end = self.values["period_end"]
        facts = {
            "period_end": end,
            "final_on": self.values["final_on"],
            "cut_off": self.offer.closes_at,
            "proof_due_on": proof_due(period_end=end) if end else None,
        }
        self.told.close(facts)
        for child in self.children:
            child.told.close(child.facts)
            self.scene.rows.add(child.model, **child.record)
        for process_id, line, amount in self.held:
            self.scene.book("reserve", line, process_id, amount, self.now)
        self.scene.rows.add(Application, **self.values)
