"""The versions that were handed in, side by side: what changed between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from forms.comparing import differences
from funding_app.access import Rights
from funding_app.engine.storage.statements import row_of
from funding_app.models import Process
from funding_app.queries.applications.answers import answers_of, submissions_of
from funding_app.services.applications.answers import form_of
from funding_app.web.applications.blueprint import blueprint
from funding_app.web.filters import local_time
from funding_app.web.process import rights_on, visible_process
from funding_app.web.request import as_id, needs_person, portal, signed_in


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the answers, under the name it has in the address."""

    key: str
    label: str
    answers: dict[str, Any]


def versions_of(session: Session, process: Process, rights: Rights) -> list[Version]:
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
    if rights.may_write:
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
        rights = rights_on(process, person)
        if form is None or not rights.reads_versions:
            abort(404)
        found = versions_of(session, process, rights)
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
