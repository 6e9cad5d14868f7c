"""Documents: issued once by a job, and never altered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from funding_app.engine import EffectContext, note
from funding_app.engine.documents import request_document
from funding_app.engine.outbox import deliver
from funding_app.models import Document


def issue_receipt(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the receipt of what was handed in; a mail carries it as soon as it is issued."""
    request_document(context, "receipt")


def issue_document(
    session: Session,
    document_id: uuid.UUID,
    values: Mapping[str, Any],
    sha256: str,
    size: int,
    when: datetime,
) -> None:
    """Records the issued bytes once, and their hash in the case's log."""
    issued = session.execute(
        update(Document)
        .where(Document.id == document_id, Document.sha256.is_(None))
        .values(context=dict(values), sha256=sha256, size=size, issued_at=when)
        .returning(Document.process_id, Document.kind)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if issued is not None:
        payload = {"document": document_id, "kind": issued.kind, "sha256": sha256}
        note(session, issued.process_id, "document_issued", payload, when)
        if issued.kind == "receipt":
            _send_receipt(session, issued.process_id, document_id, when)


def _send_receipt(
    session: Session, process_id: uuid.UUID, document_id: uuid.UUID, when: datetime
) -> None:
    payload = {
        "kind": "receipt",
        "process_id": str(process_id),
        "document_id": str(document_id),
    }
    deliver(session, "write_mails", f"mails:receipt:{document_id}", payload, when)


EFFECTS = {"issue_receipt": issue_receipt}
