"""The job that has an uploaded file scanned for malware."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from funding_app.adapters.scanning import ScannerUnreachable
from funding_app.engine.outbox import NotYet
from funding_app.models import Attachment
from funding_app.services.files.scans import record_scan

if TYPE_CHECKING:
    from funding_app.jobs.drain import Workplace

log = structlog.get_logger()


def scan_file(place: Workplace, payload: Mapping[str, Any]) -> Callable[[Session, datetime], None]:
    """Asks the scanner; what it says is left to the last transaction.

    Raises `NotYet` while nobody answers at its address, `ScanFailed` where it has no verdict.
    Where there is no scanner any more, the file is given free as those that come now.
    """
    attachment_id = uuid.UUID(payload["attachment_id"])
    if place.scanner is None:
        return lambda session, now: record_scan(session, attachment_id, "skipped", "", now)
    with place.database.read() as session:
        file = session.get(Attachment, attachment_id)
    if file is None:
        return lambda session, now: None  # deleted with its draft
    try:
        malware = place.scanner.scan(place.storage.get(file.sha256))
    except ScannerUnreachable as reason:
        raise NotYet(str(reason)) from reason
    state = "infected" if malware else "clean"
    if malware:
        log.warning("file_infected", attachment=str(attachment_id), malware=malware)
    return lambda session, now: record_scan(session, attachment_id, state, malware, now)
