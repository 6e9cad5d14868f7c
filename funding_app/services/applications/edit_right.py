"""The right to write answers, judged in the transaction that writes them."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from funding_app.access import Rights
from funding_app.engine import Machinery, ProcessRow
from funding_app.engine.storage import statements
from funding_app.services.people.accounts import person


class NotEditable(Exception):
    """The person may not, or no longer, change the answers of the process as it stands now."""


def open_for_writing(
    session: Session, machinery: Machinery, process_id: uuid.UUID, user_id: uuid.UUID
) -> ProcessRow:
    """Locks the case, so that nobody hands it in meanwhile, and judges the right as it is now.

    What was judged when the page was shown, or when the request came in, may have ended since: by
    a colleague who handed in, by an office, by an account or a role that was taken away. Raises
    `NotEditable` and `UnknownProcess`.
    """
    process = statements.lock(session, process_id)
    found = person(session, user_id)
    definition = machinery.definition_of(process)
    if found is None or not Rights(found, process, definition).may_write:
        raise NotEditable
    return process
