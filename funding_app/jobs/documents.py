"""The job that renders a document."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from funding_app.jobs.workplace import Finish, Payload, Workplace
from funding_app.queries.decisions.letters import document_values
from funding_app.services.decisions.documents import issue_document


def render_document(place: Workplace, payload: Payload) -> Finish:
    """Renders a document and stores its bytes; recording them is left to the last transaction."""
    document_id = uuid.UUID(payload["document_id"])
    with place.database.read() as session:
        values = document_values(session, document_id)
    rendered = place.renderer.render(values["kind"], values)
    place.storage.put(rendered.content)

    def record(session: Session, now: datetime) -> None:
        issue_document(session, document_id, values, rendered.sha256, len(rendered.content), now)

    return record
