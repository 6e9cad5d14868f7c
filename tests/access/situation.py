"""Cases as they lie around a person: own, foreign, never handed in, without a ministry's share.

Everything has a short name, by which a test says what somebody may see.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from funding_app.access import Person
from funding_app.models import (
    BudgetLine,
    Call,
    PanelItem,
    Process,
    Task,
    UserAccount,
)
from tests.support.rows import NOW, Rows, person

PEOPLE = (
    "nobody",
    "applicant",
    "other_applicant",
    "ministry",
    "other_ministry",
    "reviewer",
    "reviewing_officer",
    "recused_member",
    "member",
    "officer",
)
"""`reviewing_officer` still reviews the case `own`; `recused_member` is excluded from it."""


@dataclass(slots=True)
class Situation:
    """The rows with their names, and the people who look at them."""

    rows: Rows
    people: dict[str, Person]
    processes: dict[str, Process]
    tasks: dict[str, Task]
    documents: dict[str, uuid.UUID]
    items: dict[str, PanelItem]
    calls: dict[str, Call]

    def named(self, ids: Iterable[uuid.UUID | None]) -> set[str]:
        """The names of these processes, items or documents."""
        known = {each.id: name for name, each in self.processes.items()}
        known |= {each.id: name for name, each in self.items.items()}
        known |= {each.id: name for name, each in self.tasks.items()}
        known |= {each: name for name, each in self.documents.items()}
        return {known[each] for each in ids if each is not None}


def lay_out(rows: Rows) -> Situation:
    """Two applicants, two ministries, four cases, reviews, a meeting, letters and tasks."""
    accounts, people = _people(rows)
    calls = {
        "shared": rows.call,
        "unshared": rows.another_call(ref="unshared", authority_id=rows.ministry.id),
    }
    criteria = [{"key": "idea", "weight": 100, "title": {"de": "Idee", "en": "Idea"}}]
    rows.change(rows.call, ref="shared", is_blind=True, criteria=criteria)
    rows.call_share(rows.ministry)
    partner = rows.organisation_of("ministry", "Partnerministerium", short_name="Partner")
    rows.call_share(partner)
    cases = _cases(rows, people, calls["unshared"])
    processes = cases | _children(rows, cases, accounts)
    processes["partner's signature"] = rows.signature(cases["own"], partner, "pending", "")
    meeting = rows.meeting("in_session", reference="meeting", ministry_id=rows.ministry.id)
    processes["meeting"] = meeting
    for name in ("recused_member", "member"):
        rows.seat(meeting, accounts[name])
    items = {
        f"item of {name}": rows.item(meeting, cases[name], place)
        for place, name in enumerate(("own", "foreign"))
    }
    rows.recusal(items["item of own"], accounts["recused_member"])
    documents = {
        "letter": rows.document(cases["own"], "award").id,
        "minutes": rows.document(meeting, "minutes").id,
    }
    return Situation(rows, people, processes, _tasks(rows, processes), documents, items, calls)


def _people(rows: Rows) -> tuple[dict[str, UserAccount], dict[str, Person]]:
    other = rows.organisation_of("applicant", "Anderer Verein")
    without = rows.organisation_of("ministry", "Anderes Ministerium")
    held = {
        "nobody": (),
        "applicant": (("applicant_signatory", rows.organisation.id),),
        "other_applicant": (("applicant_signatory", other.id),),
        "ministry": (("ministry_expert", rows.ministry.id),),
        "other_ministry": (("ministry_expert", without.id),),
        "reviewer": (("reviewer", None),),
        "reviewing_officer": (("reviewer", None), ("case_officer", None)),
        "recused_member": (("panel_member", None),),
        "member": (("panel_member", None),),
        "officer": (("case_officer", None), ("office_clerk", None)),
    }
    accounts = {name: rows.account(name) for name in PEOPLE}
    for ministry in (rows.ministry, without):
        rows.change(ministry, short_name=ministry.name_de)
        rows.add(BudgetLine(ministry_id=ministry.id, title="1", year=2026, available=Decimal(1)))
    return accounts, {name: person(accounts[name], *held[name]) for name in PEOPLE}


def _cases(rows: Rows, people: dict[str, Person], unshared: Call) -> dict[str, Process]:
    (other,) = people["other_applicant"].organisations(["applicant_signatory"])
    own = {"decided_on": NOW.date(), "requested": Decimal(1), "score": Decimal(5)}
    return {
        "own": rows.case("panel", process={"reference": "own"}, **own),
        "foreign": rows.case(
            "panel", process={"reference": "foreign", "organisation_id": other}, **own
        ),
        "draft": rows.case("draft", process={"reference": "draft", "handed_in_at": None}),
        "unshared": rows.case(
            "panel", process={"reference": "unshared", "call_id": unshared.id}, **own
        ),
    }


def _children(
    rows: Rows, cases: dict[str, Process], accounts: dict[str, UserAccount]
) -> dict[str, Process]:
    own = cases["own"]
    children = {
        "review": rows.review(own, accounts["reviewer"], "in_progress"),
        "officer's review": rows.review(own, accounts["reviewing_officer"], "in_progress"),
        "declined review": rows.review(
            own, rows.account("declined"), "declined", declined_for="time"
        ),
        "valid review": rows.review(
            own, rows.account("valid"), "validated", score=Decimal(4), scores={"idea": 4}
        ),
        "foreign review": rows.review(
            cases["foreign"], rows.account("valid2"), "validated", score=Decimal(4)
        ),
        "signature": rows.signature(own, rows.ministry, "pending", ""),
        "hearing": rows.procedure(own, "hearing", "opened"),
        "request": rows.procedure(
            None, "data_subject_request", "received", organisation_id=rows.organisation.id
        ),
    }
    for name in ("review", "officer's review"):
        rows.answers(children[name], score_idea="4")
    return children


ROLES = {
    "own": "case_officer",
    "draft": "applicant_signatory",
    "unshared": "case_officer",
    "foreign": "case_officer",
    "review": "reviewer",
    "officer's review": "reviewer",
    "hearing": "applicant_signatory",
    "signature": "ministry_expert",
    "partner's signature": "ministry_expert",
}


def _tasks(rows: Rows, processes: dict[str, Process]) -> dict[str, Task]:
    return {
        f"task of {name}": rows.add(
            Task(process_id=processes[name].id, state="", role=role, opened_at=NOW)
        )
        for name, role in ROLES.items()
    }
