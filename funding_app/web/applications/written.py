"""What is written on a case as its page shows it: answers, files, and what was asked for later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.schema import Field, FormSchema, Section, unanswered
from funding_app.access import Rights
from funding_app.engine.storage.statements import row_of
from funding_app.models import Process
from funding_app.queries.applications.answers import answers_seen
from funding_app.queries.files.attachments import Files
from funding_app.services.applications.answers import form_and_requests
from funding_app.services.reviews.judged_application import application_beside, files_beside
from funding_app.web.applications.sections import progress_of
from funding_app.web.request import portal


@dataclass(frozen=True, slots=True)
class Requested:
    """What the office asked for later: when, each item and whether it is answered, what came when.

    `answered_at` is when the answers were sent off, `None` while they are written.
    """

    section: Section
    asked_at: datetime
    answered_at: datetime | None
    items: Sequence[tuple[Field, bool]]


def requested_of(
    requests: Sequence[Any], form: FormSchema, answers: Mapping[str, Any]
) -> list[Requested]:
    """The requests on a case, oldest first; `form` is the one that asks for them."""
    sections = {each.id: each for each in form.sections}
    return [
        Requested(
            section := sections[f"requested_{row.number}"],
            row.asked_at,
            row.answered_at,
            [
                (field, field not in unanswered(section, answers))
                for field in section.fields
                if field.type != "file"
            ],
        )
        for row in requests
    ]


def written_on(session: Session, process: Process, rights: Rights) -> dict[str, Any]:
    """The answers on the process itself, and the application it is about."""
    form, requests = form_and_requests(session, row_of(process))
    answers = answers_seen(session, process.id, rights) if form else {}
    writing = form is not None and rights.may_write
    application = application_beside(session, portal().machinery, process, rights)
    forms = [form if answers else None, application[0] if application else None]
    asks_files = any(each.type == "file" for one in forms if one for each in one.fields)
    return {
        "form": form,
        "answers": answers,
        "writing": writing,
        "progress": progress_of(session, process.id, form, answers) if form and writing else [],
        "requests": requested_of(requests, form, answers) if form else [],
        "application": application,
        "files": files_beside(session, process, rights) if asks_files else Files(),
    }
