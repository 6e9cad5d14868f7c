"""Which stored bytes the database names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from funding_app.models import Attachment, CleanCopy, Document, Thumbnail


def named_hashes(session: Session) -> Sequence[str]:
    """The hashes of all files that rows name, in order."""
    columns = (Attachment.sha256, CleanCopy.sha256, Document.sha256, Thumbnail.sha256)
    found = union(*(select(column).where(column.is_not(None)) for column in columns))
    return sorted(session.scalars(found))
