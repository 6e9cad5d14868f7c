"""Names in files of a case that is reviewed blind: looked for, and what the office does then."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms.schema import Field, names_told
from funding_app.access import Rights
from funding_app.access.lists import ASSIGN_ROLES
from funding_app.engine import note, outbox
from funding_app.engine.storage import statements
from funding_app.models import Attachment, Process, ReviewersFile
from funding_app.models.database import upsert
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.files.attachments import Files
from funding_app.queries.people.people import members_of
from funding_app.queries.reviews import readable
from funding_app.queries.reviews.reviewers_files import to_look_at
from funding_app.services.applications.answers import form_of
from funding_app.services.files.attachments import Upload, attach
from funding_app.services.files.scans import FOR_REVIEWERS
from funding_app.services.reviews.reviewer_view import applicant_of, hidden_fields, parties_of


def names_of_applicant(session: Session, case_id: uuid.UUID) -> list[str]:
    """Who applies and takes part, and the people of the organisation, by name."""
    form = form_of(session, statements.load(session, case_id))
    told = names_told(form, answers_of(session, case_id)) if form else []
    own = readable.applying(session, case_id)
    members = [row.name for row in members_of(session, {own.id})]
    names = {
        *told,
        *parties_of(applicant_of(session, case_id)),
        own.name_en,
        own.short_name,
        *members,
    }
    return sorted(name for name in names if name)


def record_look(
    session: Session,
    attachment_id: uuid.UUID,
    names: list[str],
    now: datetime,
    *,
    is_read: bool,
) -> None:
    """Keeps which names a file holds."""
    found = {"names": names, "is_read": is_read, "looked_at": now}
    row = upsert(session, ReviewersFile).values(
        attachment_id=attachment_id, decision="", reason="", **found
    )
    session.execute(row.on_conflict_do_update(index_elements=["attachment_id"], set_=found))


def files_to_check(session: Session, process: Process, rights: Rights, files: Files) -> int | None:
    """How many files of a blind case wait for a look of the person; `None`: it is not theirs."""
    own = rights.roles & ASSIGN_ROLES
    if not (process.is_root and own and files.all and readable.is_blind(session, process)):
        return None
    waiting = to_look_at(session, process.id)
    hidden = hidden_fields(session, process.id) if waiting else set()
    return sum(field not in hidden for field in waiting)


class Deciding:
    """An office's decision on a file, under the lock of its case; kept in the case's log."""

    def __init__(
        self, session: Session, file: Attachment, actor_id: uuid.UUID, now: datetime
    ) -> None:
        self.session, self.file, self.actor_id, self.now = session, file, actor_id, now

    def withhold(self, reason: str) -> None:
        """Reviewers get nothing of the file any more."""
        self._decide("file_kept_back", "withheld", reason)

    def show(self) -> None:
        """Reviewers get the file's own copy again."""
        self._decide("file_shown_again", "", "")

    def replace(self, upload: Upload, reason: str, *, is_scanned: bool) -> None:
        """Reviewers get a copy of this file instead; it is scanned and cleaned like any other."""
        made = attach(
            self.session, self.file.process_id, Field(FOR_REVIEWERS, "file", {}), (), (upload,),
            actor_id=self.actor_id, when=self.now, is_scanned=is_scanned,
        )  # fmt: skip
        self.session.flush()
        instead = self.session.get_one(Attachment, uuid.UUID(made[0]["id"]))
        instead.removed_at = self.now  # it is no file of the application
        payload = {"attachment_id": str(instead.id)}
        outbox.deliver(self.session, "clean_copy", f"clean:{instead.id}", payload, self.now)
        outbox.deliver(self.session, "look_for_names", f"look:{instead.id}", payload, self.now)
        self._decide("file_replaced", "replaced", reason, replaced_by=instead.id)

    def _decide(
        self, event: str, decision: str, reason: str, replaced_by: uuid.UUID | None = None
    ) -> None:
        payload: dict[str, Any] = {
            "attachment": str(self.file.id), "sha256": self.file.sha256, "reason": reason,
            "replaced_by": str(replaced_by) if replaced_by else None,
        }  # fmt: skip
        note(
            self.session, self.file.process_id, event, payload, self.now,
            actor_id=self.actor_id, door="page",
        )  # fmt: skip
        found = {"decision": decision, "reason": reason, "replaced_by": replaced_by}
        row = upsert(self.session, ReviewersFile).values(
            attachment_id=self.file.id, names=[], is_read=False, **found
        )
        changed = row.on_conflict_do_update(index_elements=["attachment_id"], set_=found)
        self.session.execute(changed)
