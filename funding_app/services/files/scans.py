"""Virus scans of uploaded files: ordered with the upload, recorded after the scanner has spoken."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from forms import checks
from forms.checks import Errors
from forms.messages import message
from forms.schema import FormSchema
from funding_app.engine import outbox
from funding_app.models import Attachment
from funding_app.queries.files.attachments import READABLE, Infected, infected
from funding_app.services.files.thumbnails import order_thumbnail

LONGEST_MALWARE = 200
FOR_REVIEWERS = "for_reviewers"
"""The field of a file that an office gives in another's place; no form has one of this name."""


def order_scan(session: Session, attachment_id: uuid.UUID, now: datetime) -> None:
    """Has a file scanned; that is done after the commit."""
    payload = {"attachment_id": str(attachment_id)}
    outbox.deliver(session, "scan_file", f"scan:{attachment_id}", payload, now)


def record_scan(
    session: Session, attachment_id: uuid.UUID, state: str, malware: str, now: datetime
) -> None:
    """Records what became of a pending file; where it is infected its owners are told by mail."""
    changed = session.execute(
        update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.scan == "pending")
        .values(scan=state, malware=malware[:LONGEST_MALWARE], scanned_at=now)
        .returning(Attachment.id, Attachment.field)
    ).one_or_none()
    if changed and state in READABLE:
        order_thumbnail(session, attachment_id, now)
    if changed and changed.field != FOR_REVIEWERS and state == "infected":
        payload = {"kind": "infected", "attachment_id": str(attachment_id)}
        outbox.deliver(session, "write_mails", f"infected:{attachment_id}", payload, now)


def problems_in(
    session: Session,
    process_id: uuid.UUID,
    form: FormSchema,
    answers: Mapping[str, Any],
    language: str = "de",
) -> Errors:
    """What is missing or wrong before the form may be handed in, infected files among it."""
    errors = checks.check(form.fields, answers, language)
    if any(each.type == "file" and answers.get(each.id) for each in form.fields):
        for field, texts in infected_errors(infected(session, process_id), language).items():
            errors[field] = [*texts, *errors.get(field, [])]
    return errors


def infected_errors(files: Iterable[Infected], language: str) -> Errors:
    """The infected files by field, with what to do about each."""
    errors: Errors = {}
    for file in files:
        text = message("file_infected", language, name=file.name, malware=file.malware)
        errors.setdefault(file.field, []).append(text)
    return errors
