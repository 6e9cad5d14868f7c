"""The versions that were handed in, side by side: what changed between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from forms.comparing import differences
from funding_app.access import APPLICANT_ROLES, OFFICE_ROLES, Person, roles_on
from funding_app.models import Process
from funding_app.queries.applications.answers import submissions_of
from funding_app.services.applications.answers import answers_of, form_of
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.filters import local_time
from funding_app.web.process import may_write, row_of, visible_process
from funding_app.web.request import as_id, needs_person, portal, signed_in


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the answers, under the name it has in the address."""

    key: str
    label: str
    answers: dict[str, Any]


def versions_of(session: Session, process: Process, person: Person) -> list[Version]:
    """What was handed in, and what is being written now for those who write it."""
    found = [
        Version(
            str(row.Submission.number),
            _(
                "%(number)s. Fassung, eingereicht am %(at)s von %(name)s",
                number=row.Submission.number,
                at=local_time(row.Submission.received_at),
                name=row.name,
            ),
            row.Submission.answers,
        )
        for row in submissions_of(session, process.id)
    ]
    if may_write(process, person):
        found.append(
            Version("now", _("jetzt, noch nicht eingereicht"), answers_of(session, process.id))
        )
    return found


@blueprint.get("/cases/<process_id>/versions")
@needs_person
def versions(process_id: str) -> str:
    person = signed_in()
    with portal().database.read() as session:
        process = visible_process(session, person, as_id(process_id))
        form = form_of(session, row_of(process))
        taking_part = roles_on(person.grants, person.id, process)
        if form is None or not taking_part & (APPLICANT_ROLES | OFFICE_ROLES):
            abort(404)
        found = versions_of(session, process, person)
    known = {each.key: each for each in found}
    first = known.get(request.args.get("from", ""), found[-2] if len(found) > 1 else None)
    second = known.get(request.args.get("to", ""), found[-1] if found else None)
    return render_template(
        "applications/versions.html",
        process=process,
        versions=found,
        first=first,
        second=second,
        changed=differences(form, first.answers, second.answers) if first and second else [],
    )
