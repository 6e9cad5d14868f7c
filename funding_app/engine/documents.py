"""Documents asked for with the change that wants them; a job issues them after the commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from funding_app.engine.outbox import deliver
from funding_app.engine.registry import EffectContext
from funding_app.models import Document, new_id

TITLES = {
    "award": "Zuwendungsbescheid",
    "rejection": "Ablehnungsbescheid",
    "prize": "Zuerkennung eines Preises",
    "sketch_declined": "Schreiben zur Projektskizze",
    "amendment": "Änderungsbescheid",
    "amendment_declined": "Ablehnung der Änderung",
    "recovery": "Erstattungsbescheid",
    "objection": "Widerspruchsbescheid",
    "minutes": "Niederschrift der Jurysitzung",
    "receipt": "Eingangsbestätigung",
}


def request_document(
    context: EffectContext, kind: str, known: Mapping[str, Any] | None = None
) -> uuid.UUID:
    """Queues a document of the case; what is not `known` yet is read when it is rendered.

    The event that asks for it and the number of its log record are always known.
    """
    session, process = context.session, context.process
    number = session.scalar(
        select(func.count()).where(Document.process_id == process.id, Document.kind == kind)
    )
    document_id = new_id()
    session.add(
        Document(
            id=document_id,
            process_id=process.id,
            kind=kind,
            number=(number or 0) + 1,
            title=TITLES[kind],
            context=dict(known or {}),
            requested_at=context.when,
            event=context.command.event,
            log_seq=process.log_seq + 1,
        )
    )
    session.flush()
    deliver(
        session,
        "render_document",
        f"document:{document_id}",
        {"document_id": str(document_id)},
        context.when,
    )
    return document_id
