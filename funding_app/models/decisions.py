"""Co-signatures, issued documents, reports, and what the steps of procedures state."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding_app.models.base import Base, new_id
from funding_app.models.types import Json, Money, UtcDateTime


class CoSignature(Base):
    """One ministry's signature in one round, over the hash of one content (§ 15 GGO)."""

    __tablename__ = "co_signature"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    ministry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    round: Mapped[int]
    content_hash: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    amount: Mapped[Decimal] = mapped_column(Money)
    signed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statement: Mapped[str] = mapped_column(default="")


class Document(Base):
    """A letter or receipt: first its plain values (`context`), then the issued bytes' hash.

    `event` asked for it, and the log record `log_seq` was written with it.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("process_id", "kind", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"))
    kind: Mapped[str]
    number: Mapped[int]
    title: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(Json)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(default="")
    log_seq: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sha256: Mapped[str | None]
    size: Mapped[int | None]


INTERIM, PROOF = "interim_report", "proof_of_use"
"""The kinds of a report, whatever its definition is called."""


class Report(Base):
    """A report that is owed: in between (`INTERIM`), or in the end (`PROOF`)."""

    __tablename__ = "report"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[str]
    year: Mapped[int | None]
    due_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_expenditure: Mapped[Decimal | None] = mapped_column(Money)
    recognised_expenditure: Mapped[Decimal | None] = mapped_column(Money)
    new_other_funds: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    in_depth: Mapped[bool] = mapped_column(default=False)
    finding: Mapped[str] = mapped_column(default="")


class Procedure(Base):
    """What the events of a process have recorded, by field: the whole record of most procedures.

    `day` is the day that was set last; it dates the state's limit.
    """

    __tablename__ = "procedure"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("process.id"), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    day: Mapped[date | None]
