"""The jobs that change many cases at once: batches, new dates, another version."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from funding_app.engine.batch import fire_each
from funding_app.jobs.workplace import Finish, Payload, Workplace
from funding_app.services.operations.batches import batch_of
from funding_app.services.operations.definition_versions import change_part
from funding_app.services.operations.redating import redate_part

log = structlog.get_logger()


def fire_batch(place: Workplace, payload: Payload) -> Finish:
    """Fires an event on many cases, in the last transaction and so at once or not at all."""

    def change(session: Session, now: datetime) -> None:
        done = fire_each(session, place.machinery, batch_of(payload, now))
        log.info("batch_done", fired=len(done.fired), refused=len(done.refused))

    return change


def redate(place: Workplace, payload: Payload) -> Finish:
    """Dates limits and timers anew after a rule value has changed."""
    return lambda session, now: log.info(
        "redated", changed=redate_part(session, place.machinery, payload, now)
    )


def change_version(place: Workplace, payload: Payload) -> Finish:
    """Raises running cases to another version of their definition."""
    return lambda session, now: log.info(
        "version_changed", processes=change_part(session, place.machinery, payload, now)
    )
