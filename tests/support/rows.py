"""Rows for tests: each builder writes one row as it is told and tells no story.

What a test does not name has a plain default, so that a table of values shows only what counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from funding_app.access import Grant, Person
from funding_app.models import (
    AnswerSection,
    Application,
    Approval,
    Base,
    Call,
    CallShare,
    CoSignature,
    Document,
    FundingShare,
    Organisation,
    PanelItem,
    PanelMeeting,
    PanelRecusal,
    PanelSeat,
    PaymentRequest,
    Procedure,
    Process,
    Programme,
    Report,
    Review,
    RoleAssignment,
    UserAccount,
    new_id,
)
from workflows import Registry

NOW = datetime(2026, 6, 15, 10, tzinfo=UTC)
"""A Monday, noon in Berlin."""
LATE = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
"""Still the 15th in UTC, half past one on the 16th in Berlin."""
TODAY = date(2026, 6, 15)
SIGNED = {
    "amount": "1.00",
    "financing_type": "pro_rata",
    "expenditure": "1.00",
    "period": ["2026-09-01", "2027-08-31"],
    "shares": [],
}
"""What a ministry signs, in the least words that its page can show."""
Row = TypeVar("Row", bound=Base)


@dataclass(slots=True)
class Rows:
    """A session with one ministry, programme, call, applicant and person to hang rows on."""

    session: Session
    definitions: Registry
    ministry: Organisation
    organisation: Organisation
    person: UserAccount
    programme: Programme
    call: Call

    @classmethod
    def laid_out(cls, session: Session, definitions: Registry) -> Rows:
        """The least that a case needs."""
        ministry = Organisation(id=new_id(), kind="ministry", name_de="Ministerium")
        organisation = Organisation(id=new_id(), kind="applicant", name_de="Verein")
        person = UserAccount(id=new_id(), email="p@demo.example", name="Person", created_at=NOW)
        session.add_all([ministry, organisation, person])
        session.flush()
        programme = Programme(
            id=new_id(), key="p", title_de="P", title_en="P", lead_ministry_id=ministry.id
        )
        session.add(programme)
        session.flush()
        call = _call(programme, ministry)
        session.add(call)
        session.flush()
        return cls(session, definitions, ministry, organisation, person, programme, call)

    def add(self, row: Row) -> Row:
        """Writes a row."""
        self.session.add(row)
        self.session.flush()
        return row

    def change(self, row: Base, **values: Any) -> None:
        """Changes columns of a row."""
        for name, value in values.items():
            setattr(row, name, value)
        self.session.flush()

    def organisation_of(self, kind: str, name: str = "Organisation", **values: Any) -> Organisation:
        return self.add(Organisation(id=new_id(), kind=kind, name_de=name, **values))

    def another_call(self, **values: Any) -> Call:
        return self.add(_call(self.programme, self.ministry, **values))

    def call_share(self, ministry: Organisation, call: Call | None = None) -> CallShare:
        """A ministry's part in a call."""
        return self.add(
            CallShare(
                call_id=(call or self.call).id,
                ministry_id=ministry.id,
                position=0,
                percent=100,
                budget_title="1101 684 21",
            )
        )

    def account(
        self, name: str, *roles: str, scope: Organisation | None = None, **values: Any
    ) -> UserAccount:
        """An account with roles, everywhere or for one organisation."""
        columns = {"id": new_id(), "email": f"{name}@demo.example", "name": name}
        account = self.add(UserAccount(**columns | values, created_at=NOW))
        for role in roles:
            self.add(
                RoleAssignment(
                    user_id=account.id,
                    role=role,
                    organisation_id=scope.id if scope else None,
                    granted_at=NOW,
                )
            )
        return account

    def process(
        self, key: str, state: str, parent: Process | None = None, **values: Any
    ) -> Process:
        """A process; one with a parent takes from it whom it belongs to."""
        own_id = new_id()
        columns: dict[str, Any] = {
            "id": own_id,
            "definition_key": key,
            "definition_version": self.definitions.get(key).version,
            "state": state,
            **self._meaning_of(key, state),
            "is_root": parent is None,
            "root_id": parent.root_id if parent else own_id,
            "created_at": NOW,
            "updated_at": NOW,
            "entered_at": NOW,
            "handed_in_at": NOW,
        }
        if parent is not None:
            taken = ("call_id", "organisation_id", "ministry_id", "title", "handed_in_at")
            columns |= {"parent_id": parent.id} | {name: getattr(parent, name) for name in taken}
        return self.add(Process(**columns | values))

    def _meaning_of(self, key: str, state: str) -> dict[str, Any]:
        """What the definition says of a state; of one that a test has made up what all have."""
        definition = self.definitions.get(key)
        known = definition.states.get(state)
        return {
            "record": definition.record,
            "tags": known.tags if known else definition.tags,
            "form": known.form if known else None,
        }

    def case(
        self,
        state: str = "checking",
        key: str = "grant_case",
        *,
        process: Mapping[str, Any] | None = None,
        **application: Any,
    ) -> Process:
        """A case with its record; `process` are columns of the process itself."""
        found = {"call_id": self.call.id, "organisation_id": self.organisation.id} | {
            "ministry_id": self.ministry.id
        }
        row = self.process(key, state, **found | dict(process or {}))
        record = {
            "id": row.id,
            "call_id": row.call_id,
            "organisation_id": row.organisation_id,
            "created_by": self.person.id,
            "form_key": "grant_application",
            "form_version": 1,
        }
        self.add(Application(**record | application))
        return row

    def payment(
        self, case: Process, state: str, amount: str | None = None, **values: Any
    ) -> Process:
        row = self.process("payment_request", state, case)
        euro = Decimal(amount) if amount is not None else None
        self.add(PaymentRequest(id=row.id, application_id=case.id, amount=euro, **values))
        return row

    def report(
        self, case: Process, state: str, due_on: date, kind: str = "interim_report"
    ) -> Process:
        row = self.process(kind, state, case)
        self.add(Report(id=row.id, application_id=case.id, kind=kind, due_on=due_on))
        return row

    def share(
        self, case: Process, ministry: Organisation, percent: str, amount: str, position: int = 0
    ) -> FundingShare:
        """What a ministry bears of a case."""
        return self.add(
            FundingShare(
                application_id=case.id,
                ministry_id=ministry.id,
                position=position,
                percent=Decimal(percent),
                amount=Decimal(amount),
                amounts={"2026": amount},
                budget_title="1101 684 21",
            )
        )

    def signature(
        self, case: Process, ministry: Organisation, state: str, content_hash: str
    ) -> Process:
        row = self.process("co_signature", state, case, ministry_id=ministry.id)
        self.add(
            CoSignature(
                id=row.id,
                application_id=case.id,
                ministry_id=ministry.id,
                round=1,
                content_hash=content_hash,
                content=SIGNED,
                amount=Decimal(1),
            )
        )
        return row

    def review(self, case: Process, reviewer: UserAccount, state: str, **values: Any) -> Process:
        row = self.process("review_assignment", state, case, assignee_id=reviewer.id)
        self.add(Review(id=row.id, application_id=case.id, reviewer_id=reviewer.id, **values))
        return row

    def procedure(
        self,
        parent: Process | None,
        key: str,
        state: str,
        data: Mapping[str, Any] | None = None,
        day: date | None = None,
        **values: Any,
    ) -> Process:
        """A process with what its events have recorded."""
        row = self.process(key, state, parent, **values)
        self.add(Procedure(id=row.id, data=dict(data or {}), day=day))
        return row

    def approval(self, parent: Process, event: str, **values: Any) -> Process:
        """What one person has proposed, waiting for another."""
        row = self.process("approval", "pending", parent)
        columns = {"proposer_id": self.person.id, "payload": {}, "payload_hash": ""}
        columns |= {"second_roles": []} | values
        self.add(Approval(id=row.id, event=event, **columns))
        return row

    def document(self, process: Process, kind: str, **values: Any) -> Document:
        """A letter, issued unless `sha256` is `None`."""
        columns = {"number": 1, "title": kind, "context": {}, "requested_at": NOW}
        columns |= {"sha256": "0" * 64, "size": 1, "issued_at": NOW} | values
        return self.add(Document(process_id=process.id, kind=kind, **columns))

    def answers(self, process: Process, section: str = "answers", **answers: Any) -> AnswerSection:
        """What is filled in so far."""
        return self.add(
            AnswerSection(process_id=process.id, section=section, answers=answers, saved_at=NOW)
        )

    def meeting(self, state: str = "scheduled", **process: Any) -> Process:
        row = self.process("panel", state, **{"call_id": self.call.id} | process)
        self.add(
            PanelMeeting(
                id=row.id,
                call_id=row.call_id,
                starts_at=NOW,
                place="Berlin",
                is_online=False,
                rules={},
            )
        )
        return row

    def seat(self, meeting: Process, member: UserAccount, **values: Any) -> PanelSeat:
        columns = {"may_vote": True, "is_chair": False} | values
        return self.add(PanelSeat(meeting_id=meeting.id, user_id=member.id, **columns))

    def item(self, meeting: Process, case: Process, position: int = 1, **values: Any) -> PanelItem:
        columns = {"id": new_id(), "motion": "recommend"} | values
        return self.add(
            PanelItem(
                meeting_id=meeting.id,
                application_id=case.id,
                position=position,
                **columns,
            )
        )

    def recusal(
        self, item: PanelItem, member: UserAccount, by: UserAccount | None = None
    ) -> PanelRecusal:
        """An exclusion, declared by the member unless somebody else has recorded it."""
        return self.add(
            PanelRecusal(
                item_id=item.id,
                user_id=member.id,
                ground="Vorbefassung",
                recorded_by=(by or member).id,
                recorded_at=NOW,
            )
        )


def person(account: UserAccount, *grants: tuple[str, uuid.UUID | None]) -> Person:
    """The account as a signed-in person with these roles."""
    held = frozenset(Grant(role, scope) for role, scope in grants)
    return Person(account.id, account.name, "de", held)


def _call(programme: Programme, ministry: Organisation, **values: Any) -> Call:
    columns: dict[str, Any] = {
        "id": new_id(),
        "ref": f"call-{new_id()}",
        "programme_id": programme.id,
        "definition_key": "grant_case",
        "form_key": "grant_application",
        "form_version": 1,
        "title_de": "Aufruf",
        "title_en": "Call",
        "opens_at": NOW,
        "is_published": True,
        "maximum_amount": Decimal(500_000),
        "lead_ministry_id": ministry.id,
        "authority_id": ministry.id,
    }
    return Call(**columns | values)
