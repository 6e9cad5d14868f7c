"""What a reviewer may read of a case, and under which names."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from funding_app.access import Person, is_own_review
from funding_app.models import (
    Application,
    Attachment,
    Call,
    CleanCopy,
    Organisation,
    Process,
    ReviewerProfile,
    ReviewersFile,
    RoleAssignment,
    Thumbnail,
    UserAccount,
)
from funding_app.models.types import tagged
from funding_app.queries.files.attachments import READABLE
from funding_app.queries.reviews.successors import neighbours
from workflows.vocabulary.tags import READING, Record, Tag


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file of a case as reviewers get it: a copy under a neutral name, or why there is none."""

    id: uuid.UUID
    field: str
    name: str
    neutral_name: str
    media_type: str
    size: int
    sha256: str | None
    state: str
    is_drawn: bool = False

    def as_answer(self, *, is_blind: bool) -> dict[str, Any]:
        """The file as an entry of a form's answer."""
        name = self.neutral_name if is_blind else self.name
        entry: dict[str, Any] = {"id": str(self.id), "name": name, "state": self.state}
        entry |= {"size": self.size} if self.sha256 else {}
        return entry | ({"thumbnail": True} if self.is_drawn and not is_blind else {})


def is_blind(session: Session, process: Process) -> bool:
    """Whether the call of a process is reviewed blind."""
    call = session.get(Call, process.call_id) if process.call_id else None
    return call is not None and call.is_blind


def is_blind_to(session: Session, person: Person, process: Process) -> bool:
    """Whether the person sees this process without knowing who applies."""
    return is_own_review(person, process) and is_blind(session, process)


def only_name_seen(session: Session, person: Person, process: Process) -> uuid.UUID | None:
    """Whose name alone stands in the log: the reader's own, in what a reviewer may know.

    Where a case is reviewed blind, and where somebody else was asked for the review before.
    """
    before = is_own_review(person, process) and "before" in neighbours(session, process.id)
    return person.id if before or is_blind_to(session, person, process) else None


def seen_files(session: Session, case_id: uuid.UUID) -> list[SeenFile]:
    """The present files of a case, numbered in the order of their arrival.

    What the office withholds has no content; what it gives instead stands in the file's place.
    """
    instead = aliased(Attachment)
    rows = session.execute(
        select(Attachment, CleanCopy, Thumbnail, ReviewersFile.decision, instead)
        .outerjoin(ReviewersFile, ReviewersFile.attachment_id == Attachment.id)
        .outerjoin(instead, instead.id == ReviewersFile.replaced_by)
        .outerjoin(CleanCopy, CleanCopy.attachment_id == func.coalesce(instead.id, Attachment.id))
        .outerjoin(Thumbnail, Thumbnail.attachment_id == Attachment.id)
        .where(Attachment.process_id == case_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )
    return [_seen(number, *row) for number, row in enumerate(rows, start=1)]


def _seen(
    number: int,
    file: Attachment,
    copy: CleanCopy | None,
    drawn: Thumbnail | None,
    decision: str | None,
    instead: Attachment | None,
) -> SeenFile:
    given = instead or file
    ending = given.file_name.rpartition(".")[2].lower()
    safe = copy.sha256 if copy and given.scan in READABLE and decision != "withheld" else None
    reason = "kept_back" if decision == "withheld" else _reason(given, copy)
    return SeenFile(
        id=file.id,
        field=file.field,
        name=given.file_name,
        neutral_name=f"anlage-{number}.{ending}",
        media_type=given.media_type,
        size=copy.size if copy else 0,
        sha256=safe,
        state="ready" if safe else reason,
        is_drawn=bool(safe and drawn and drawn.sha256 and instead is None),
    )


def _reason(file: Attachment, copy: CleanCopy | None) -> str:
    """Why there is nothing to read: infected, not cleanable, or not yet ready."""
    if file.scan == "infected":
        return "infected"
    return "withheld" if copy and file.scan != "pending" else "pending"


def uncleaned(session: Session, case_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The present files of a case of which there is no copy for reviewers yet."""
    return session.scalars(
        select(Attachment.id)
        .outerjoin(CleanCopy, CleanCopy.attachment_id == Attachment.id)
        .where(
            Attachment.process_id == case_id,
            Attachment.removed_at.is_(None),
            CleanCopy.attachment_id.is_(None),
        )
        .order_by(Attachment.id)
    ).all()


def own_review_of(session: Session, person: Person, case_id: uuid.UUID) -> Process | None:
    """The person's review of a case, if it may be read for."""
    return session.scalars(
        select(Process)
        .where(
            Process.parent_id == case_id,
            Process.record == Record.REVIEW,
            Process.assignee_id == person.id,
            tagged(Process.tags, *READING),
        )
        .limit(1)
    ).one_or_none()


def reviewer_side(session: Session, reviewer_id: uuid.UUID) -> Sequence[Any]:
    """A person's address and institution, with each organisation a role is held for."""
    return session.execute(
        select(
            UserAccount.email,
            ReviewerProfile.affiliation,
            Organisation.id.label("organisation_id"),
            Organisation.name_de,
            Organisation.name_en,
        )
        .outerjoin(ReviewerProfile, ReviewerProfile.user_id == UserAccount.id)
        .outerjoin(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
        .outerjoin(Organisation, Organisation.id == RoleAssignment.organisation_id)
        .where(UserAccount.id == reviewer_id)
    ).all()


def declared_against(session: Session, reviewer_id: uuid.UUID) -> Sequence[uuid.UUID | None]:
    """The organisations in whose cases the person has declared a conflict."""
    return session.scalars(
        select(Process.organisation_id)
        .where(
            Process.assignee_id == reviewer_id,
            Process.record == Record.REVIEW,
            tagged(Process.tags, Tag.BIASED),
        )
        .distinct()
    ).all()


def applying(session: Session, case_id: uuid.UUID) -> Organisation:
    """The organisation that applies."""
    return session.scalars(
        select(Organisation)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Application.id == case_id)
    ).one()
