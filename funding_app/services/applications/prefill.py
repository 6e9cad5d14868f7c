"""What a new application begins with: the organisation's data, and what was written before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.schema import Field, FormSchema, Section
from funding_app.models import AnswerSection, Organisation
from funding_app.services.applications.answers import save_section

OF_THE_ORGANISATION: Mapping[str, str] = {
    "organisation_name": "name_de",
    "legal_form": "legal_form",
    "register": "register",
    "street": "street",
    "postal_code": "postal_code",
    "city": "city",
}
"""Which field of a form an organisation's own data answer."""

EACH_TIME_ANEW = frozenset({"file", "date", "table", "static"})
EMPTY: tuple[Any, ...] = (None, "", [], {}, False)


def own_data(
    session: Session, organisation_id: uuid.UUID | None, section: Section
) -> dict[str, Any]:
    """What the organisation's own data answer in a section that nobody has saved yet."""
    found = session.get(Organisation, organisation_id) if organisation_id else None
    if found is None:
        return {}
    data = {name: getattr(found, column) for name, column in OF_THE_ORGANISATION.items()}
    return _fitting(section, {}, data)


def fill_in(
    session: Session,
    process_id: uuid.UUID,
    form: FormSchema,
    answers: Mapping[str, Any],
    *,
    by: uuid.UUID,
    when: datetime,
) -> int:
    """Answers what is still empty; returns how many questions that were.

    Declarations, dates, amounts by year and files are never taken over: they are given each
    time anew.
    """
    wanted = select(AnswerSection).where(AnswerSection.process_id == process_id).with_for_update()
    kept = {row.section: row for row in session.scalars(wanted)}
    filled = 0
    for section in form.sections:
        row = kept.get(section.id)
        before = row.answers if row else {}
        fresh = _fitting(section, before, answers)
        filled += len(fresh)
        if fresh:
            save_section(
                session, process_id, section.id, {**before, **fresh},
                expected_version=row.version if row else 0, saved_by=by, when=when,
            )  # fmt: skip
    return filled


def _fitting(
    section: Section, before: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        field.id: answers[field.id]
        for field in section.fields
        if before.get(field.id) in EMPTY and _fits(field, answers.get(field.id))
    }


def _fits(field: Field, answer: Any) -> bool:
    if answer in EMPTY or field.type in EACH_TIME_ANEW or _declares(field):
        return False
    known = {choice.value for choice in field.choices}
    return not known or set(answer if isinstance(answer, list) else [answer]) <= known


def _declares(field: Field) -> bool:
    return field.type == "yesno" and field.required and not field.either
