"""The application that a review, a co-signature or an approval is about, for who judges it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from funding_app.access import Rights
from funding_app.engine import Machinery
from funding_app.engine.storage import statements
from funding_app.models import Process
from funding_app.queries.applications.answers import answers_seen
from funding_app.queries.files.attachments import Files, files_seen
from funding_app.queries.reviews.readable import is_blind
from funding_app.services.applications.answers import form_of
from funding_app.services.reviews.reviewer_view import Seen, application_seen
from workflows.vocabulary.tags import Record

JUDGED = frozenset({Record.REVIEW, Record.CO_SIGNATURE, Record.APPROVAL})


def application_beside(
    session: Session, machinery: Machinery, process: Process, rights: Rights
) -> Seen | None:
    """The form and the answers of the application a child process is about, if they are read.

    `rights` are the person's on the child process.
    """
    if process.is_root or process.record not in JUDGED or not rights.reads_answers:
        return None
    if rights.is_reviewer:
        blind = is_blind(session, process)
        return application_seen(session, process.root_id, is_blind=blind)
    root = session.get_one(Process, process.root_id)
    form = form_of(session, statements.row_of(root))
    on_root = Rights(rights.person, root, machinery.definition_of(root))
    return (form, answers_seen(session, root.id, on_root)) if form else None


def files_beside(session: Session, process: Process, rights: Rights) -> Files:
    """The files that the answers on a process's page name, and for the applicants earlier ones."""
    judged = process.record in JUDGED
    about = process.root_id if judged else process.id
    return files_seen(session, about, rights, is_written=judged or rights.applicants_write)
