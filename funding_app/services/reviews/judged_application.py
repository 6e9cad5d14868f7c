"""The application that a review, a co-signature or an approval is about, for who judges it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from funding_app.access import Person, Rights, is_own_review
from funding_app.engine import Machinery
from funding_app.engine.storage import statements
from funding_app.models import Process
from funding_app.queries.applications.answers import answers_seen
from funding_app.queries.files.attachments import Files, files_of
from funding_app.queries.reviews.readable import is_blind
from funding_app.services.applications.answers import form_of
from funding_app.services.reviews.reviewer_view import Seen, application_seen
from workflows.vocabulary.tags import Record

JUDGED = frozenset({Record.REVIEW, Record.CO_SIGNATURE, Record.APPROVAL})


def application_beside(
    session: Session, machinery: Machinery, process: Process, person: Person
) -> Seen | None:
    """The form and the answers of the application a child process is about.

    Whether the person reads answers here at all is for the caller to ask (`Rights`).
    """
    if process.is_root or process.record not in JUDGED:
        return None
    if is_own_review(person, process):
        blind = is_blind(session, process)
        return application_seen(session, process.root_id, is_blind=blind)
    root = session.get_one(Process, process.root_id)
    form = form_of(session, statements.row_of(root))
    rights = Rights(person, root, machinery.definition_of(root))
    return (form, answers_seen(session, root.id, rights)) if form else None


def files_beside(session: Session, process: Process, rights: Rights) -> Files:
    """The files that the answers on a process's page name, and for the applicants earlier ones.

    A reviewer gets copies, which are no files of the case, and no earlier versions.
    """
    if rights.is_reviewer:
        return Files()
    judged = process.record in JUDGED
    return files_of(
        session,
        process.root_id if judged else process.id,
        drafts=rights.reads_drafts,
        is_written=judged or rights.applicants_write,
    )
