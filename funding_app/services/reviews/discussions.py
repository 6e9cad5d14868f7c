"""Discussing an application: contributions, and the office opening and closing it."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from forms.schema import names_told
from funding_app.access import Person
from funding_app.engine import Machinery, note
from funding_app.engine.outbox import deliver
from funding_app.engine.storage import statements
from funding_app.models import Contribution, Discussion, Process, new_id
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.reviews.discussions import Seat, Talk, discussion_of, last_said, seat_of
from funding_app.services.applications.answers import form_of

GATHERED = timedelta(minutes=15)
"""How long contributions are gathered before one mail tells of all of them."""


class NotOpen(Exception):
    """The person may not contribute now."""


class NamesApplicant(Exception):
    """The office's words name who applies where that is reviewed blind; `names` are the names."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who acts in a discussion, when, and through which door."""

    session: Session
    machinery: Machinery
    person: Person
    now: datetime
    door: str = "page"

    def _talk(self, process_id: uuid.UUID) -> Talk:
        """The discussion with its case locked, so that nothing it depends on changes meanwhile."""
        statements.lock(self.session, process_id)
        process = self.session.get_one(Process, process_id, populate_existing=True)
        seat = seat_of(self.session, self.person, process)
        if seat is None:
            raise NotOpen
        return discussion_of(self.session, self.machinery.definitions, seat)

    def say(self, process_id: uuid.UUID, text: str) -> Contribution:
        """Contributes; the same words again are the same contribution.

        Raises `NotOpen` and `NamesApplicant`.
        """
        talk = self._talk(process_id)
        if not talk.may_speak:
            raise NotOpen
        if named := self._names_in(talk, text):
            raise NamesApplicant(named)
        last = last_said(self.session, talk.seat.case_id)
        if last and last.author_id == self.person.id and last.text == text and last.kind == "said":
            return last
        said = self._write(talk.seat, "said", text)
        self._announce(talk.seat.case_id)
        if talk.seat.review_id:
            digest = hashlib.sha256(text.encode()).hexdigest()
            note(
                self.session,
                talk.seat.review_id,
                "contributed",
                {"contribution": str(said.id), "sha256": digest},
                self.now,
                actor_id=self.person.id,
                door=self.door,
            )
        return said

    def decide(self, process_id: uuid.UUID, *, is_open: bool, reason: str) -> None:
        """Opens or closes the discussion for its reviewers, and says so in it. Raises `NotOpen`."""
        talk = self._talk(process_id)
        if not talk.seat.moderates or talk.case.is_terminal or talk.is_open == is_open:
            raise NotOpen
        self._row(talk.seat.case_id).is_open = is_open
        self._write(talk.seat, "opened" if is_open else "closed", reason)
        self._announce(talk.seat.case_id)

    def _names_in(self, talk: Talk, text: str) -> list[str]:
        """The names of applicants in what the office tells the reviewers of a blind call."""
        form = form_of(self.session, statements.load(self.session, talk.case.id))
        if talk.seat.review_id or not talk.call.is_blind or form is None:
            return []
        names = names_told(form, answers_of(self.session, talk.case.id))
        return [name for name in names if name.casefold() in text.casefold()]

    def _row(self, case_id: uuid.UUID) -> Discussion:
        found = self.session.get(Discussion, case_id, populate_existing=True)
        if found is None:
            found = Discussion(application_id=case_id)
            self.session.add(found)
        return found

    def _write(self, seat: Seat, kind: str, text: str) -> Contribution:
        said = Contribution(
            id=new_id(),
            application_id=seat.case_id,
            review_id=seat.review_id,
            author_id=self.person.id,
            kind=kind,
            text=text,
            written_at=self.now,
        )
        self.session.add(said)
        self.session.flush()
        return said

    def _announce(self, case_id: uuid.UUID) -> None:
        """Queues a mail unless one is waiting that will tell of this as well."""
        row = self._row(case_id)
        if row.mail_due_at is not None and row.mail_due_at > self.now:
            return
        row.mail_due_at = self.now + GATHERED
        payload = {
            "kind": "discussion",
            "case_id": str(case_id),
            "since": self.now.isoformat(),
        }
        key = f"mails:discussion:{case_id}:{self.now.isoformat()}"
        deliver(self.session, "write_mails", key, payload, row.mail_due_at)
