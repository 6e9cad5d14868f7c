"""Messages on a case: between applicant and office, and comments the applicant's people make."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from funding_app.engine.outbox import deliver
from funding_app.models import Message, new_id

BETWEEN, AMONG = "both", "own"


def write_message(
    session: Session,
    process_id: uuid.UUID,
    *,
    audience: str,
    author_id: uuid.UUID,
    text: str,
    section: str = "",
    now: datetime,
) -> Message:
    """Keeps a message and queues the mails: to the other side, or to the author's own people."""
    message = Message(
        id=new_id(),
        process_id=process_id,
        section=section,
        audience=audience,
        author_id=author_id,
        text=text,
        sent_at=now,
    )
    session.add(message)
    kind = "message" if audience == BETWEEN else "comment"
    payload = {"kind": kind, "message_id": str(message.id)}
    deliver(session, "write_mails", f"mails:message:{message.id}", payload, now)
    return message
