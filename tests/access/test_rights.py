"""What one person may see and write of one process, role by role and state by state."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

import workflows
from funding_app.access import Grant, Person, Rights, lists
from workflows.vocabulary import ROLES

DEFINITIONS = workflows.load()
OWN, MINISTRY, ANNA = (uuid.UUID(int=number) for number in (1, 2, 3))
HANDED_IN = datetime(2026, 2, 2, tzinfo=UTC)
PEOPLE = {
    "stranger": (),
    "signatory": (("applicant_signatory", OWN),),
    "editor": (("applicant_editor", OWN),),
    "reader": (("applicant_reader", OWN),),
    "competitor": (("applicant_signatory", uuid.UUID(int=9)),),
    "expert": (("ministry_expert", MINISTRY),),
    "reviewer": (("reviewer", None),),
    "officer": (("case_officer", None),),
    "clerk": (("office_clerk", None),),
    "auditor": (("auditor", None),),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A process with nothing but what rights are judged by."""

    definition_key: str
    state: str
    is_root: bool = True
    handed_in_at: datetime | None = HANDED_IN
    organisation_id: uuid.UUID | None = OWN
    ministry_id: uuid.UUID | None = MINISTRY
    assignee_id: uuid.UUID | None = None

    @property
    def record(self) -> str:
        return DEFINITIONS.get(self.definition_key).record

    @property
    def tags(self) -> frozenset[str]:
        return DEFINITIONS.get(self.definition_key).states[self.state].tags


def rights_of(name: str, process: Standing) -> Rights:
    """Anna's rights on the process, in one of the roles above."""
    (definition,) = (one for one in DEFINITIONS.newest() if one.key == process.definition_key)
    grants = frozenset(Grant(role, scope) for role, scope in PEOPLE[name])
    return Rights(Person(ANNA, "Anna", "de", grants), process, definition)


def who(right: str, process: Standing) -> set[str]:
    """Those of whom the right holds on the process."""
    return {name for name in PEOPLE if getattr(rights_of(name, process), right)}


DRAFT = Standing("grant_case", "draft", handed_in_at=None)
CHECKED = Standing("grant_case", "formal_check")
ASKED = Standing("grant_case", "info_requested")
INVITED, SCORING, DONE, RECUSED = (
    Standing("review_assignment", state, is_root=False, assignee_id=ANNA)
    for state in ("invited", "in_progress", "submitted", "recused")
)
PAYMENT = Standing("payment_request", "requested", is_root=False)
APPLICANTS = {"signatory", "editor", "reader"}
OFFICES = {"officer", "clerk", "auditor"}


@pytest.mark.parametrize(
    ("process", "expected"),
    [(DRAFT, {"signatory", "editor"}), (CHECKED, set()), (ASKED, {"signatory", "editor"})],
)
def test_answers_are_written_by_those_whom_the_state_names(
    process: Standing, expected: set[str]
) -> None:
    assert who("may_write", process) == expected


def test_a_reviewer_writes_only_while_the_review_is_scored() -> None:
    assert [bool(who("may_write", each)) for each in (INVITED, SCORING, DONE, RECUSED)] == [
        False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("process", "expected"),
    [(INVITED, set()), (SCORING, set(PEOPLE)), (DONE, set(PEOPLE)), (RECUSED, set())],
)
def test_the_own_review_is_read_from_the_declaration_to_its_end(
    process: Standing, expected: set[str]
) -> None:
    assert who("is_reviewer", process) == set(PEOPLE)
    assert who("reads_answers", process) == expected


def test_what_is_being_written_is_read_by_the_applicants_alone() -> None:
    assert who("reads_unsent", ASKED) == APPLICANTS
    assert who("reads_unsent", CHECKED) == set(PEOPLE)
    assert who("reads_drafts", CHECKED) == who("reads_drafts", ASKED) == APPLICANTS


def test_reasons_are_for_offices_and_ministries_and_for_the_own_review() -> None:
    assert who("reads_reasons", CHECKED) == OFFICES | {"expert"}
    assert who("reads_reasons", SCORING) == set(PEOPLE)


def test_a_case_is_deleted_by_who_signs_as_long_as_nobody_has() -> None:
    assert who("may_delete", DRAFT) == {"signatory"}
    assert who("may_delete", Standing("grant_case", "withdrawn", handed_in_at=None)) == {
        "signatory"
    }
    assert who("may_delete", Standing("grant_case", "withdrawn")) == set()
    assert who("may_delete", PAYMENT) == set()


@pytest.mark.parametrize(
    ("process", "applicants", "office"),
    [(DRAFT, ("own",), ("both",)), (CHECKED, ("both", "own"), ("both",)), (PAYMENT, (), ())],
)
def test_messages_have_two_sides_once_a_case_is_handed_in(
    process: Standing, applicants: tuple[str, ...], office: tuple[str, ...]
) -> None:
    expected = dict.fromkeys(APPLICANTS, applicants) | dict.fromkeys(OFFICES, office)
    seen = {name: rights_of(name, process).audiences for name in PEOPLE}
    assert {name: found for name, found in seen.items() if found} == {
        name: found for name, found in expected.items() if found
    }


def test_who_only_reads_writes_no_message() -> None:
    assert who("may_write_messages", CHECKED) == {"signatory", "editor", "officer", "clerk"}
    assert who("reads_versions", CHECKED) == APPLICANTS | OFFICES


def test_lists_name_roles_that_there_are() -> None:
    named = {
        role for value in vars(lists).values() if isinstance(value, frozenset) for role in value
    }
    assert named <= set(ROLES)
