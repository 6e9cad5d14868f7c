"""Drafts that were never handed in: their applicants may delete them, with everything in them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from funding_app.access import Person, Rights
from funding_app.adapters.storage import Storage
from funding_app.engine import Machinery, Refused, StaleVersion, outbox
from funding_app.engine.maintenance.erasure import erase
from funding_app.engine.storage import statements
from funding_app.models import (
    AnswerSection,
    Application,
    Attachment,
    CleanCopy,
    DigestLine,
    Document,
    Message,
    SectionPresence,
    Thumbnail,
    new_id,
)
from funding_app.queries.applications.answers import section_versions
from workflows.snapshot import Refusal

PART = 200


def delete_draft(
    session: Session,
    machinery: Machinery,
    process_id: uuid.UUID,
    person: Person,
    *,
    expected_version: int | None,
    when: datetime,
    door: str = "page",
) -> None:
    """Deletes answers, files and comments; the log keeps that there was a draft and who deleted it.

    `expected_version` is the sum of its sections' versions as it was shown. Raises
    `UnknownProcess`, `Refused` (`not_permitted`, `handed_in`) and `StaleVersion`.
    """
    process = statements.lock(session, process_id)
    if process.handed_in_at is not None:
        raise Refused(Refusal("handed_in"))
    if not Rights(person, process, machinery.definition_of(process)).may_delete:
        raise Refused(Refusal("not_permitted"))
    current = sum(section_versions(session, process_id).values())
    if expected_version is not None and expected_version != current:
        raise StaleVersion(expected_version, current)
    _forget_files(session, process_id, when)
    for model in (AnswerSection, SectionPresence, Message):
        session.execute(delete(model).where(model.process_id == process_id))
    session.execute(delete(DigestLine).where(DigestLine.link.contains(f"/cases/{process_id}")))
    session.execute(delete(Application).where(Application.id == process_id))
    erase(session, process, when, actor_id=person.id, door=door)


def _forget_files(session: Session, process_id: uuid.UUID, when: datetime) -> None:
    """Takes the files off their list; the bytes go after the commit."""
    files = select(Attachment.id).where(Attachment.process_id == process_id)
    made = [
        sha256
        for model in (CleanCopy, Thumbnail)
        for sha256 in session.scalars(
            delete(model).where(model.attachment_id.in_(files)).returning(model.sha256)
        )
    ]
    originals = session.scalars(
        delete(Attachment).where(Attachment.process_id == process_id).returning(Attachment.sha256)
    ).all()
    hashes = sorted({each for each in (*made, *originals) if each})
    for first in range(0, len(hashes), PART):
        payload = {"sha256": hashes[first : first + PART]}
        outbox.deliver(session, "forget_files", f"forget:{new_id()}", payload, when)


def still_wanted(session: Session, hashes: list[str]) -> set[str]:
    """Which of these bytes something else names: the same file elsewhere, a copy, a document."""
    found: set[str] = set()
    for column in (Attachment.sha256, CleanCopy.sha256, Thumbnail.sha256, Document.sha256):
        found |= {
            each for each in session.scalars(select(column).where(column.in_(hashes))) if each
        }
    return found


def forget(session: Session, storage: Storage, hashes: list[str]) -> int:
    """Removes the bytes that nothing names any more; returns how many."""
    wanted = still_wanted(session, hashes)
    gone = [each for each in hashes if each not in wanted]
    for each in gone:
        storage.remove(each)
    return len(gone)


def held_by(session: Session, process_id: uuid.UUID) -> tuple[int, int, int]:
    """How many sections with answers, files and comments a draft has."""
    counts = [
        session.scalar(select(func.count()).where(model.process_id == process_id)) or 0
        for model in (AnswerSection, Attachment, Message)
    ]
    return counts[0], counts[1], counts[2]
