"""The files of a case that is reviewed blind: what was found in each, and what is decided."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from funding_app.models import Attachment, Call, Process, ReviewersFile


def reviewers_files(session: Session, case_id: uuid.UUID) -> Sequence[Any]:
    """The present files of a case, each with what is known of it and what stands in its place."""
    instead, of_instead = aliased(Attachment), aliased(ReviewersFile)
    return session.execute(
        select(
            Attachment,
            ReviewersFile,
            instead.file_name.label("instead"),
            of_instead.names.label("still_named"),
        )
        .outerjoin(ReviewersFile, ReviewersFile.attachment_id == Attachment.id)
        .outerjoin(instead, instead.id == ReviewersFile.replaced_by)
        .outerjoin(of_instead, of_instead.attachment_id == ReviewersFile.replaced_by)
        .where(Attachment.process_id == case_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def unlooked(session: Session, case_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The present files in which nobody has looked for names, of a case that is reviewed blind."""
    return session.scalars(
        select(Attachment.id)
        .join(Process, Process.id == Attachment.process_id)
        .join(Call, Call.id == Process.call_id)
        .outerjoin(ReviewersFile, ReviewersFile.attachment_id == Attachment.id)
        .where(
            Attachment.process_id == case_id,
            Attachment.removed_at.is_(None),
            ReviewersFile.looked_at.is_(None),
            Call.is_blind,
        )
        .order_by(Attachment.id)
    ).all()


def to_look_at(session: Session, case_id: uuid.UUID) -> list[str]:
    """Of each present file with a name in it or no text to be read its field, until decided."""
    rows = session.execute(
        select(Attachment.field, ReviewersFile.names, ReviewersFile.is_read)
        .join(Attachment, Attachment.id == ReviewersFile.attachment_id)
        .where(
            Attachment.process_id == case_id,
            Attachment.removed_at.is_(None),
            ReviewersFile.looked_at.is_not(None),
            ReviewersFile.decision == "",
        )
    )
    return [field for field, names, is_read in rows if names or not is_read]
