"""The job that removes the bytes of deleted files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.clock import system_clock
from funding_app.engine.outbox import NotYet
from funding_app.services.applications.drafts import forget

if TYPE_CHECKING:
    from funding_app.jobs.drain import Workplace

log = structlog.get_logger()

SETTLED = timedelta(minutes=1)
"""So long after they came bytes may belong to an upload that is not recorded yet."""


def forget_files(
    place: Workplace, payload: Mapping[str, Any]
) -> Callable[[Session, datetime], None]:
    """Removes what nothing names any more. Raises `NotYet` while the same bytes have just come."""
    hashes = list(payload["sha256"])
    come = [at for each in hashes if (at := place.storage.came_at(each)) is not None]
    if come and max(come) > system_clock() - SETTLED:
        raise NotYet("the same bytes have just been uploaded")

    def remove(session: Session, _now: datetime) -> None:
        log.info("files_forgotten", files=forget(session, place.storage, hashes))

    return remove
