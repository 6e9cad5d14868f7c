"""How a case goes its way: each step by its own person, through the engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from funding_app import services
from funding_app.demo.world.initiative import World
from funding_app.engine import Command, Fired, Machinery
from funding_app.models import Call, CoSignature, Process
from funding_app.models.database import Database
from funding_app.queries.applications.answers import answers_of
from funding_app.services.applications.answers import save_section
from funding_app.services.applications.cases import create_application
from funding_app.services.decisions.decisions import retrieve

TEXT = (
    "In unserem Stadtteil fehlt vielen Menschen der Zugang zu verständlichen Auskünften. "
    "Gemeinsam mit Ehrenamtlichen erproben wir ein offenes Werkzeug, das Behördenbriefe in "
    "einfache Sprache überträgt und dabei keine personenbezogenen Daten speichert. "
)
COMMENT = "Überzeugend begründet und gut belegt."
IBAN = "DE89370400440532013000"


def grant_answers(amount: Decimal, start: str, end: str, title: str) -> dict[str, dict[str, Any]]:
    """A complete application for a grant, by section; a tenth of the expenditure is own money."""
    year = start[:4]
    own = (amount / 9).quantize(Decimal("0.01"))
    lines = [
        {"line": "0812", "years": {year: str(amount)}},
        {"line": "0843", "years": {year: str(own)}},
    ]
    income = [
        {"line": "grant", "years": {year: str(amount)}},
        {"line": "own_funds", "years": {year: str(own)}},
    ]
    return {
        "project": {
            "title": title,
            "summary": TEXT,
            "period_start": start,
            "period_end": end,
            "field_of_action": "administration",
        },
        "applicant": {
            "organisation_name": "Nachbarschaft Digital e. V.",
            "legal_form": "registered_association",
            "street": "Musterweg 1",
            "postal_code": "04109",
            "city": "Leipzig",
            "contact_name": "Antonia Antrag",
            "contact_email": "antrag@verein.example",
            "vat_deduction": False,
            "economic_activity": False,
        },
        "description": dict.fromkeys(
            "problem audience goals method ai_component ethics work_plan".split(), TEXT
        ),
        "finance": {
            "budget": {"lines": lines, "income": income},
            "requested_amount": str(amount),
        },
        "declarations": dict.fromkeys(("not_begun", "no_double_funding", "terms", "privacy"), True),
    }


def micro_answers(amount: Decimal, start: str, end: str, title: str) -> dict[str, dict[str, Any]]:
    """A complete application for a micro-grant, by section."""
    return {
        "project": {
            "title": title,
            "summary": TEXT,
            "beneficiaries": "Menschen aus der Nachbarschaft.",
            "period_start": start,
            "period_end": end,
            "requested_amount": str(amount),
        },
        "contact": {
            "contact_name": "Antonia Antrag",
            "contact_email": "antrag@verein.example",
            "not_begun": True,
            "privacy": True,
        },
    }


@dataclass(slots=True)
class Story:
    """One case being told: who acts next, and at which hour."""

    database: Database
    machinery: Machinery
    world: World
    now: datetime
    issue_letters: Callable[[datetime], None]
    applicant: str = "applicant1"
    organisation: int = 0
    case_id: uuid.UUID | None = None

    def act(
        self,
        who: str,
        event: str,
        data: Mapping[str, Any] | None = None,
        *,
        on: uuid.UUID | None = None,
        reason: str = "",
    ) -> Fired:
        """One event by one person, an hour after the last."""
        self.now += timedelta(hours=1)
        process_id = on or self.case_id
        assert process_id is not None, "the case begins with `apply`"
        command = Command(
            process_id,
            event,
            self.world.people[who],
            self.now,
            data=data or {},
            reason=reason,
            door="demo",
        )
        with self.database.write() as session:
            return services.fire(session, self.machinery, command)

    def twice(
        self, first: str, second: str, event: str, data: Mapping[str, Any] | None = None, *,
        on: uuid.UUID | None = None, reason: str = "",
    ) -> Fired:  # fmt: skip
        """An event that needs four eyes: proposed by one, confirmed by another."""
        proposed = self.act(first, event, data, on=on, reason=reason)
        assert proposed.pending is not None, f"{event} needs no second person"
        return self.act(second, "confirm", on=uuid.UUID(proposed.pending))

    def children(self, kind: str) -> list[uuid.UUID]:
        """The case's open child processes of a kind, oldest first."""
        assert self.case_id is not None, "the case begins with `apply`"
        return self.children_of(self.case_id, kind)

    def children_of(self, process_id: uuid.UUID, kind: str) -> list[uuid.UUID]:
        """The open child processes of a kind under any process, oldest first."""
        with self.database.read() as session:
            found = select(Process.id).where(
                Process.parent_id == process_id,
                Process.definition_key == kind,
                ~Process.is_terminal,
            )
            return list(session.scalars(found.order_by(Process.id)))

    def state(self, process_id: uuid.UUID | None = None) -> str:
        """The present state of the case, or of one of its children."""
        with self.database.read() as session:
            return session.get_one(Process, process_id or self.case_id).state

    def write(self, process_id: uuid.UUID, sections: Mapping[str, Mapping[str, Any]]) -> None:
        """Fills in sections of a form as the applicant."""
        person = self.world.people[self.applicant]
        with self.database.write() as session:
            for section, answers in sections.items():
                save_section(
                    session,
                    process_id,
                    section,
                    answers,
                    expected_version=0,
                    saved_by=person,
                    when=self.now,
                )

    def apply(self, definition: str, sections: Mapping[str, Mapping[str, Any]]) -> uuid.UUID:
        """Begins a draft under the call of a definition and fills it in."""
        with self.database.write() as session:
            call = session.get_one(Call, self.world.calls[definition])
            process = create_application(
                session,
                self.machinery,
                call,
                organisation_id=self.world.organisations[self.organisation],
                actor_id=self.world.people[self.applicant],
                when=self.now,
                door="demo",
            )
        self.case_id = process.id
        self.write(process.id, sections)
        return process.id

    def signature(self, index: int) -> uuid.UUID:
        """The open co-signature of one ministry."""
        ministry = self.world.ministries[index]
        with self.database.read() as session:
            return session.scalars(
                select(CoSignature.id)
                .join(Process, Process.id == CoSignature.id)
                .where(
                    CoSignature.application_id == self.case_id,
                    CoSignature.ministry_id == ministry,
                    ~Process.is_terminal,
                )
            ).one()

    def sign(self, index: int) -> None:
        """One ministry goes through its three steps, each by its own person."""
        child = self.signature(index)
        number = index + 1
        self.act(f"expert{number}", "clear_expert", on=child)
        self.act(f"officer{number}", "clear_budget", on=child)
        self.act(f"signatory{number}", "sign", on=child)

    def review(
        self, reviewer: str, score: int, words: Callable[[str], tuple[int, str]] | None = None
    ) -> None:
        """One review from invitation to validation; `words` gives score and comment."""
        self.act("office", "assign_reviewer", {"reviewer": str(self.world.people[reviewer])})
        child = self.children("review_assignment")[-1]
        self.act(reviewer, "accept", {"no_conflict": True}, on=child)
        self.score(child, score, words)
        self.act(reviewer, "submit", on=child)
        self.act("office", "validate", on=child)

    def score(
        self,
        child: uuid.UUID,
        score: int,
        words: Callable[[str], tuple[int, str]] | None = None,
    ) -> None:
        """Writes a review: every criterion of the call with points and a comment."""
        with self.database.read() as session:
            criteria = session.scalar(
                select(Call.criteria)
                .join(Process, Process.call_id == Call.id)
                .where(Process.id == child)
            )
        answers: dict[str, Any] = {}
        for criterion in criteria or []:
            key = criterion["key"]
            given, comment = words(key) if words else (score, COMMENT)
            answers |= {f"score_{key}": str(given), f"comment_{key}": comment}
        self.write(child, {"scores": answers})

    def pay(self, child: uuid.UUID) -> None:
        """A payment request that was handed in goes to the treasury and back."""
        self.act("certifier", "certify", on=child)
        self.act("authoriser", "authorise", on=child)
        self.act("authoriser", "export", on=child)
        paid_on = self.now.date().isoformat()
        self.act("certifier", "pay", {"paid_on": paid_on}, on=child)

    def retrieve(self) -> None:
        """The applicant opens the decision in the portal; the next day it is notified."""
        assert self.case_id is not None
        with self.database.write() as session:
            retrieve(session, self.case_id, self.world.people[self.applicant], self.now)
        self.now += timedelta(days=1)

    def answers(self) -> dict[str, Any]:
        """All saved answers of the case."""
        assert self.case_id is not None
        with self.database.read() as session:
            return answers_of(session, self.case_id)


def tell_micro_grant(story: Story, amount: Decimal) -> None:
    """A micro-grant from the draft to the closed case."""
    start = (story.now + timedelta(days=20)).date().isoformat()
    end = (story.now + timedelta(days=30)).date().isoformat()
    story.apply("micro_grant", micro_answers(amount, start, end, "Leihladen für Sensoren"))
    story.act(story.applicant, "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.twice("officer", "approver", "decide_grant", {"amount": str(amount)})
    story.issue_letters(story.now)
    story.act("officer", "notify", {"channel": "own_portal"})
    story.retrieve()
    holder = {"iban": IBAN, "account_holder": "Nachbarschaft Digital e. V."}
    acceptance = {**holder, "terms": True, "waiver": True}
    story.act(story.applicant, "accept_and_waive", acceptance)
    story.pay(story.children("payment_request")[0])
    assert story.case_id is not None
    story.write(story.case_id, {"report": {"narrative": TEXT}})
    figures = {"expenditure": str(amount), "other_funds": "0.00", "correct": True}
    story.write(story.case_id, {"figures": figures})
    story.act(story.applicant, "submit_report")
    story.twice("officer", "approver", "accept_report")


def tell_to_consultation(story: Story, amount: Decimal, start: str, end: str) -> None:
    """A cross-departmental grant from the draft to the opened co-signatures."""
    title = "Klartext: Behördenbriefe in einfacher Sprache"
    story.apply("grant_case", grant_answers(amount, start, end, title))
    story.act(story.applicant, "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    checks: dict[str, Any] = dict.fromkeys(
        ("complete", "eligible", "not_begun", "no_double_funding"), True
    )
    story.act("officer", "pass", checks | {"aid_basis": "none_non_economic"})
    story.review("reviewer1", 4)
    story.review("reviewer2", 5)
    story.act("office", "to_panel")
    story.act("panel", "recommend", {"amount": str(amount), "reasoning": TEXT})
    story.act("officer", "open_consultation")


def tell_to_notified(story: Story, amount: Decimal, start: str, end: str) -> None:
    """The same grant, signed by all ministries, decided and notified in the portal."""
    tell_to_consultation(story, amount, start, end)
    for index in range(len(story.world.ministries)):
        story.sign(index)
    story.act("lead", "approve")
    story.issue_letters(story.now)
    story.act("officer", "notify", {"channel": "own_portal"})
    story.retrieve()


def tell_to_active(story: Story, amount: Decimal, start: str, end: str) -> None:
    """The same grant, accepted, final and active."""
    tell_to_notified(story, amount, start, end)
    holder = {"iban": IBAN, "account_holder": "Nachbarschaft Digital e. V.", "terms": True}
    story.act(story.applicant, "accept", holder)
    story.act(story.applicant, "waive")
    story.twice("officer", "approver", "verify_bank")
    story.act("officer", "activate")


def request_money(story: Story, amount: Decimal) -> uuid.UUID:
    """The applicant asks for money; the payment request."""
    story.act(story.applicant, "request_payment")
    child = story.children("payment_request")[-1]
    needed = (story.now + timedelta(days=20)).date().isoformat()
    request = {"amount": str(amount), "needed_by": needed, "purpose": TEXT}
    story.write(child, {"request": request})
    story.act(story.applicant, "submit", on=child)
    return child


def draw(story: Story, amount: Decimal) -> None:
    """The applicant draws money, which is certified, authorised and paid."""
    story.pay(request_money(story, amount))


def tell_grant(story: Story, amount: Decimal, start: str, end: str) -> None:
    """A cross-departmental grant from the draft to the archived proof of use."""
    tell_to_active(story, amount, start, end)
    draw(story, amount / 2)
    draw(story, amount / 2)
    story.act(story.applicant, "fulfil_purpose")
    proof = story.children("proof_of_use")[0]
    spent = amount + (amount / 9).quantize(Decimal("0.01"))
    figures = {"expenditure": str(spent), "other_funds": "0.00", "correct": True}
    story.write(proof, {"report": {"narrative": TEXT}, "figures": figures})
    story.act(story.applicant, "submit", on=proof)
    story.act("officer", "start_audit", on=proof)
    findings = {
        "recognised_expenditure": str(spent), "new_other_funds": "0.00", "finding": TEXT,
    }  # fmt: skip
    story.act("officer", "record_findings", findings, on=proof)
    story.twice("officer", "approver", "assess", on=proof)
    story.twice("officer", "approver", "close", {"note": "Ziele erreicht, Mittel verwendet."})
