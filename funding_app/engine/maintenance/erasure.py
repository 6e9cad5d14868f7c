"""What is left of a process that is erased: that it was, and that it is gone."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from funding_app.engine import tasks
from funding_app.engine.creation import note
from funding_app.engine.registry import ProcessRow
from funding_app.engine.storage import statements
from funding_app.engine.storage.persist import close_tasks
from funding_app.models import LogPayload

EVENT = "erase"
NOBODY = dict.fromkeys(
    ("call_id", "organisation_id", "ministry_id", "assignee_id", "officer_id", "due_at")
)


def erase(
    session: Session, process: ProcessRow, when: datetime, *, actor_id: uuid.UUID, door: str
) -> None:
    """Ends a locked process and empties what its log says; the chain goes on and still verifies.

    It belongs to nobody afterwards. Its records keep who did what and when, but no words, no data
    and no reasons. The caller removes the domain record and what hangs on it.
    """
    note(session, process.id, EVENT, {}, when, actor_id=actor_id, door=door)
    tasks.close_timers(session, process, when)
    close_tasks.run(session, {"of": process.id, "done_at": when})
    session.execute(
        update(LogPayload)
        .where(LogPayload.process_id == process.id)
        .values(salt=None, payload=None)
        .execution_options(synchronize_session=False)
    )
    left = {"title": "", "reference": "", "performers": {}, "is_terminal": True, "updated_at": when}
    statements.save(session, process, NOBODY | left | {"row_version": process.row_version + 1})
