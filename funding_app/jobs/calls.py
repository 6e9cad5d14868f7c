"""The job that makes a call's blank forms before somebody asks for them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from funding_app.documents.blank_forms import BlankForms
from funding_app.documents.blank_values import LANGUAGES, blank_values
from funding_app.jobs.workplace import Finish, Payload, Workplace, nothing_left
from funding_app.models import Call
from funding_app.models.database import Database
from funding_app.queries.calls.forms import find_form
from funding_app.services.calls.calls import order_blank_forms


def prepare_blank_forms(place: Workplace, payload: Payload) -> Finish:
    """Keeps the PDF of a call in each language; only the files change, no row does."""
    with place.database.read() as session:
        call = session.get_one(Call, uuid.UUID(payload["call"]))
        form = find_form(session, call.form_key, call.form_version)
    if place.cache is not None and call.is_published:
        kept = BlankForms(place.cache, place.renderer)
        for language in LANGUAGES:
            values = blank_values(
                call, form, language, portal=place.site_name, base_url=place.base_url
            )
            kept.file("pdf", values)
    return nothing_left


def order_all(database: Database, now: datetime) -> None:
    """At the start: whatever is published and not yet over is to be had at once, once a day."""
    with database.write() as session:
        for call in session.scalars(select(Call).where(Call.is_published).order_by(Call.id)):
            if call.closes_at is None or call.closes_at > now:
                order_blank_forms(session, call, now, f"{now:%Y-%m-%d}")
