"""What was issued: a document found again by the hash of its bytes, or by what it says it is."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from funding_app.models import Document, LogPayload, LogRecord, Process

DECISIONS = ("award", "rejection")
RECEIPTS = ("receipt",)


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued document. `logged_sha256` is what the case's log keeps; `None` where erased."""

    document_id: uuid.UUID
    process_id: uuid.UUID
    kind: str
    reference: str
    title: str
    issued_at: datetime
    sha256: str
    values: Mapping[str, Any]
    logged_sha256: str | None


def by_hash(session: Session, sha256: str, kinds: Collection[str]) -> Issued | None:
    """The document of one of the kinds with exactly these bytes."""
    found = _issued(session, kinds, Document.sha256 == sha256)
    return found[0] if found else None


def by_reference(session: Session, reference: str, kinds: Collection[str]) -> list[Issued]:
    """The documents of a case, the newest first."""
    return _issued(session, kinds, Process.reference == reference)


def _issued(
    session: Session, kinds: Collection[str], condition: ColumnElement[bool]
) -> list[Issued]:
    rows = session.execute(
        select(Document, Process.reference)
        .join(Process, Process.id == Document.process_id)
        .where(condition, Document.kind.in_(kinds), Document.sha256.is_not(None))
        .order_by(Document.issued_at.desc(), Document.id.desc())
    )
    return [_as_issued(session, document, reference) for document, reference in rows]


def _as_issued(session: Session, document: Document, reference: str) -> Issued:
    assert document.issued_at is not None and document.sha256 is not None
    return Issued(
        document_id=document.id,
        process_id=document.process_id,
        kind=document.kind,
        reference=reference,
        title=document.title,
        issued_at=document.issued_at,
        sha256=document.sha256,
        values=document.context,
        logged_sha256=_logged(session, document),
    )


def _logged(session: Session, document: Document) -> str | None:
    payloads = session.scalars(
        select(LogPayload.payload)
        .join(
            LogRecord,
            (LogRecord.process_id == LogPayload.process_id) & (LogRecord.seq == LogPayload.seq),
        )
        .where(LogRecord.process_id == document.process_id, LogRecord.event == "document_issued")
    )
    records = [json.loads(payload) for payload in payloads if payload]
    own = (record for record in records if record.get("document") == str(document.id))
    return next((str(record["sha256"]) for record in own), None)
