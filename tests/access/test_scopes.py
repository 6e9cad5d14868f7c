"""What a query that takes a person gives to whom: exactly what that person may see.

The queries are found by their signature. One that is new fails until it stands in `SCOPES`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from funding_app import queries
from funding_app.access import Person
from funding_app.engine import Machinery
from funding_app.models.database import Database
from funding_app.queries.applications import cases
from funding_app.queries.applications.cases import CaseFilter
from funding_app.queries.operations import case_counts, exports
from funding_app.queries.panels import meetings, ranking
from funding_app.queries.reviews import (
    discussions,
    own_reviews,
    past_invitations,
    readable,
    review_mails,
    scores,
)
from tests.access.situation import PEOPLE, Situation, lay_out
from tests.support.rows import Rows

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True, slots=True)
class Scope:
    """A query, how its answer is told by names, and who gets which of them.

    Who is not named gets nothing.
    """

    query: Callable[..., Any]
    told: Callable[[Situation, Person], set[str]]
    seen: dict[str, str]

    def of(self, who: str) -> set[str]:
        return {each.strip() for each in self.seen.get(who, "").split(",") if each.strip()}


def each_process(test: Callable[[Situation, Person, Any], Any]) -> Any:
    """The names of the processes of which the query says something."""
    return lambda it, person: {
        name for name, process in it.processes.items() if test(it, person, process)
    }


CASES = {
    "applicant": "own, draft, unshared",
    "other_applicant": "foreign",
    "ministry": "own, foreign",
    "reviewing_officer": "foreign, unshared",
    "recused_member": "foreign, unshared",
    "member": "own, foreign, unshared",
    "officer": "own, foreign, unshared",
}
HANDED_IN = CASES | {"applicant": ""}
"""Applicants look at no list of a call."""
BESIDE = "declined review, valid review, signature, partner's signature, hearing"
ALL_REVIEWS = f"review, officer's review, {BESIDE}"
CHILDREN = {
    "applicant": "hearing",
    "ministry": ALL_REVIEWS,
    "reviewer": "review",
    "reviewing_officer": "officer's review",
    "member": ALL_REVIEWS,
    "officer": ALL_REVIEWS,
}
PROCESSES = {
    "applicant": "own, draft, unshared, hearing, request",
    "other_applicant": "foreign",
    "ministry": f"own, foreign, foreign review, meeting, {ALL_REVIEWS}",
    "reviewer": "review",
    "reviewing_officer": "foreign, unshared, foreign review, officer's review, request, meeting",
    "recused_member": "foreign, unshared, foreign review, request, meeting",
    "member": f"own, foreign, unshared, foreign review, request, meeting, {ALL_REVIEWS}",
    "officer": f"own, foreign, unshared, foreign review, request, meeting, {ALL_REVIEWS}",
}
OFFICE = ("reviewing_officer", "recused_member", "member", "officer")
EVERYBODY_BUT_RECUSED = dict.fromkeys(PEOPLE, "letter, minutes") | {"recused_member": "letter"}

SCOPES = [
    Scope(
        cases.list_cases,
        lambda it, who: {
            row.reference for row in cases.list_cases(it.rows.session, who, CaseFilter()).rows
        },
        CASES,
    ),
    Scope(
        cases.find_process,
        each_process(lambda it, who, one: cases.find_process(it.rows.session, who, one.id)),
        PROCESSES,
    ),
    Scope(
        cases.find_with_record,
        each_process(lambda it, who, one: cases.find_with_record(it.rows.session, who, one.id)),
        PROCESSES,
    ),
    Scope(
        cases.children_of,
        lambda it, who: it.named(
            row.id for row in cases.children_of(it.rows.session, who, it.processes["own"].id)
        ),
        CHILDREN,
    ),
    Scope(
        cases.children_with_names,
        lambda it, who: it.named(
            row.Process.id
            for row in cases.children_with_names(it.rows.session, who, it.processes["own"].id)
        ),
        CHILDREN,
    ),
    Scope(
        cases.documents_of,
        lambda it, who: it.named(
            row.id
            for name in ("own", "meeting")
            for row in cases.documents_of(it.rows.session, it.processes[name].id, who)
        ),
        EVERYBODY_BUT_RECUSED,
    ),
    Scope(
        cases.find_document,
        lambda it, who: {
            name
            for name, each in it.documents.items()
            if cases.find_document(it.rows.session, who, each)
        },
        EVERYBODY_BUT_RECUSED,
    ),
    Scope(
        cases.open_tasks_for,
        lambda it, who: it.named(row.id for row in cases.open_tasks_for(it.rows.session, who).rows),
        {
            "applicant": "task of draft, task of hearing",
            "ministry": "task of signature",
            "reviewer": "task of review",
            "reviewing_officer": "task of foreign, task of unshared, task of officer's review",
            "officer": "task of own, task of foreign, task of unshared",
        },
    ),
    Scope(
        case_counts.root_procedures,
        lambda it, who: it.named(
            row.id for row in case_counts.root_procedures(it.rows.session, who)
        ),
        {"applicant": "request", "ministry": "meeting"} | dict.fromkeys(OFFICE, "request, meeting"),
    ),
    Scope(
        exports.calls_for,
        lambda it, who: {row.ref for row in exports.calls_for(it.rows.session, who)},
        {"ministry": "shared"} | dict.fromkeys(OFFICE, "shared, unshared"),
    ),
    Scope(
        exports.applications,
        lambda it, who: {each.row.reference for each in exports.applications(it.rows.session, who)},
        {key: value for key, value in CASES.items() if "applicant" not in key},
    ),
    Scope(
        exports.decisions,
        lambda it, who: {each.row.reference for each in exports.decisions(it.rows.session, who)},
        {key: value for key, value in CASES.items() if "applicant" not in key},
    ),
    Scope(
        exports.budget,
        lambda it, who: {row.ministry for row in exports.budget(it.rows.session, who)},
        {"ministry": "Ministerium", "other_ministry": "Anderes Ministerium"}
        | dict.fromkeys(OFFICE, "Ministerium, Anderes Ministerium"),
    ),
    Scope(
        review_mails.open_reviews,
        lambda it, who: it.named(
            each.review.id
            for each in review_mails.open_reviews(it.rows.session, who, it.calls["shared"], 0)
        ),
        {"reviewer": "review", "reviewing_officer": "officer's review"}
        | dict.fromkeys(("ministry", "member", "officer"), "review, officer's review"),
    ),
    Scope(
        review_mails.review_task,
        lambda it, who: {
            name
            for name, task in it.tasks.items()
            if review_mails.review_task(it.rows.session, who, task.id)
        },
        {"reviewer": "task of review", "reviewing_officer": "task of officer's review"}
        | dict.fromkeys(
            ("ministry", "member", "officer"), "task of review, task of officer's review"
        ),
    ),
    Scope(
        past_invitations.declined_in,
        lambda it, who: it.named(
            past_invitations.declined_in(
                it.rows.session, who, [each.id for each in it.processes.values()]
            )
        ),
        dict.fromkeys(("ministry", "member", "officer"), "own"),
    ),
    Scope(
        discussions.seat_of,
        each_process(lambda it, who, one: discussions.seat_of(it.rows.session, who, one)),
        # asked for processes that the person sees: `find_process` stands before it
        {
            "reviewing_officer": "foreign, draft, unshared",
            "officer": "own, foreign, draft, unshared",
        },
    ),
    Scope(
        discussions.discussion_seen,
        each_process(
            lambda it, who, one: discussions.discussion_seen(
                it.rows.session, it.rows.definitions, who, one
            )
        ),
        {
            "reviewing_officer": "foreign, draft, unshared",
            "officer": "own, foreign, draft, unshared",
        },
    ),
    Scope(
        discussions.is_discussed,
        each_process(
            lambda it, who, one: discussions.is_discussed(
                one, who, cases.children_with_names(it.rows.session, who, one.id)
            )
        ),
        {"reviewing_officer": "foreign", "officer": "own, foreign"},
    ),
    Scope(
        meetings.meetings_for,
        lambda it, who: it.named(
            row.Process.id for row in meetings.meetings_for(it.rows.session, who)
        ),
        dict.fromkeys(OFFICE, "meeting"),
    ),
    Scope(
        meetings.meeting_seen,
        lambda it, who: it.named(
            item.row.id
            for item in _items(it, who)
            if item.is_open_to or item.spread or item.knock_outs or item.voted or item.waiting
        ),
        {
            "reviewing_officer": "item of foreign",
            "recused_member": "item of foreign",
            "member": "item of own, item of foreign",
            "officer": "item of own, item of foreign",
        },
    ),
    Scope(
        own_reviews.own_reviews,
        lambda it, who: it.named(row.id for row in own_reviews.own_reviews(it.rows.session, who)),
        {"reviewer": "review", "reviewing_officer": "officer's review"},
    ),
    Scope(
        own_reviews.own_answers,
        lambda it, who: it.named(own_reviews.own_answers(it.rows.session, who)),
        {"reviewer": "review", "reviewing_officer": "officer's review"},
    ),
    Scope(
        own_reviews.next_review,
        lambda it, who: it.named(
            each.id
            for but in it.processes.values()
            if (each := own_reviews.next_review(it.rows.session, who, but.id))
        ),
        {"reviewer": "review", "reviewing_officer": "officer's review"},
    ),
    Scope(
        scores.scores_of,
        lambda it, who: {
            each.reference
            for each in scores.scores_of(
                it.rows.session, it.rows.definitions, it.calls["shared"], who
            ).spreads
        },
        {
            "applicant": "own",
            "other_applicant": "foreign",
            "ministry": "own, foreign",
            "reviewing_officer": "foreign",
            "recused_member": "foreign",
            "member": "own, foreign",
            "officer": "own, foreign",
        },
    ),
    Scope(
        ranking.rankings_seen,
        lambda it, who: {
            place.case.reference
            for place in ranking.rankings_seen(
                it.rows.session,
                it.rows.definitions,
                it.calls["shared"],
                who,
                ranking.Line(Decimal(1)),
            )[0]
        },
        # asked for those who read rankings: it leaves out what the own review or recusal forbids
        dict.fromkeys(PEOPLE, "own, foreign")
        | {"reviewer": "", "reviewing_officer": "foreign", "recused_member": "foreign"},
    ),
    Scope(
        readable.only_name_seen,
        each_process(lambda it, who, one: readable.only_name_seen(it.rows.session, who, one)),
        {"reviewer": "review", "reviewing_officer": "officer's review"},
    ),
    Scope(
        readable.is_blind_to,
        each_process(lambda it, who, one: readable.is_blind_to(it.rows.session, who, one)),
        {"reviewer": "review", "reviewing_officer": "officer's review"},
    ),
    Scope(
        readable.own_review_of,
        lambda it, who: it.named(
            each.id
            for one in it.processes.values()
            if (each := readable.own_review_of(it.rows.session, who, one.id))
        ),
        {"reviewer": "review", "reviewing_officer": "officer's review"},
    ),
]


def _items(it: Situation, who: Person) -> Sequence[meetings.Item]:
    found = meetings.meeting_seen(it.rows.session, who, it.processes["meeting"].id)
    return found.items if found else ()


def asking_who() -> Iterator[str]:
    """The functions of all queries that take a person."""
    for module in pkgutil.walk_packages(queries.__path__, f"{queries.__name__}."):
        found = importlib.import_module(module.name)
        for name, function in inspect.getmembers(found, inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_"):
                taken = inspect.signature(function).parameters.values()
                if any(re.search(r"\bPerson\b", str(each.annotation)) for each in taken):
                    yield f"{module.name}.{name}"


def test_every_query_that_takes_a_person_is_tried() -> None:
    tried = {f"{each.query.__module__}.{each.query.__name__}" for each in SCOPES}
    assert set(asking_who()) == tried, "add what each person may see to SCOPES"


@pytest.fixture(scope="module")
def situation(rows_database: Database, machinery: Machinery) -> Iterator[Situation]:
    """Laid out once: the queries only read."""
    with Session(rows_database.engine) as session:
        yield lay_out(Rows.laid_out(session, machinery.definitions))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.query.__name__)
def test_a_person_sees_exactly_what_they_may(situation: Situation, scope: Scope, who: str) -> None:
    assert scope.told(situation, situation.people[who]) == scope.of(who)
