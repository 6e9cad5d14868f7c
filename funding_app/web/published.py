"""Finding the published call a page is about."""

from __future__ import annotations

from flask import abort
from sqlalchemy.orm import Session

from funding_app.models import Call
from funding_app.queries.calls.calls import find_call


def published_call(session: Session, ref: str) -> Call:
    """The published call; or 404."""
    found = find_call(session, ref)
    return found if found is not None else abort(404)
