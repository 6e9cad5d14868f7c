"""Going from page to page: every row once, also where many stand at the same place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from funding_app.access import Person
from funding_app.models import Process, Task
from funding_app.queries.applications.cases import (
    ORDERS,
    CaseFilter,
    Page,
    decode_cursor,
    encode_cursor,
    list_cases,
    open_tasks_for,
)
from tests.support.rows import NOW, Rows, person

pytestmark = pytest.mark.both_databases
SIZE = 2


@pytest.fixture
def officer(rows: Rows) -> Person:
    return person(rows.account("officer", "case_officer"), ("case_officer", None))


def through(page: Callable[[str | None], Page]) -> list[Page]:
    """The pages, one after the other."""
    pages = [page(None)]
    while pages[-1].next and len(pages) < 20:
        pages.append(page(pages[-1].next))
    return pages


def cases(rows: Rows, *, alike: bool) -> list[Process]:
    """Seven cases, changed, due and asking at the same place of each order, or apart."""
    found = []
    for number in range(7):
        step = 0 if alike else number
        at = NOW + timedelta(minutes=step)
        process = {"updated_at": at, "due_at": at, "reference": f"CC-2026-{step:05}"}
        found.append(rows.case("formal_check", process=process, requested=Decimal(step)))
    return found


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("alike", [True, False])
def test_each_case_is_on_one_page(rows: Rows, officer: Person, sort: str, alike: bool) -> None:
    wanted = [each.id for each in cases(rows, alike=alike)]
    pages = through(
        lambda after: list_cases(
            rows.session, officer, CaseFilter(sort=sort, after=after, limit=SIZE)
        )
    )
    assert [len(each.rows) for each in pages] == [2, 2, 2, 1]
    seen = [row.id for page in pages for row in page.rows]
    assert seen == (wanted[::-1] if ORDERS[sort].descending else wanted)


def test_a_case_without_limit_or_amount_comes_last(rows: Rows, officer: Person) -> None:
    without, with_one = rows.case("formal_check"), cases(rows, alike=False)[1]
    for sort in ("due", "amount"):
        listed = list_cases(rows.session, officer, CaseFilter(sort=sort)).rows
        ids = [row.id for row in listed]
        assert ids.index(with_one.id) < ids.index(without.id)


def test_children_are_in_no_list_of_cases(rows: Rows, officer: Person) -> None:
    case = rows.case("formal_check")
    rows.process("hearing", "open", case)
    for sort in ORDERS:
        listed = list_cases(rows.session, officer, CaseFilter(sort=sort)).rows
        assert [row.id for row in listed] == [case.id]


@pytest.mark.parametrize("alike", [True, False])
def test_each_task_is_on_one_page(rows: Rows, officer: Person, alike: bool) -> None:
    wanted = []
    for number, case in enumerate(cases(rows, alike=True)):
        due = None if alike else NOW + timedelta(minutes=number)
        task = Task(process_id=case.id, state="", role="case_officer", opened_at=NOW, due_at=due)
        wanted.append(rows.add(task).id)
    pages = through(lambda after: open_tasks_for(rows.session, officer, SIZE, after))
    assert [len(each.rows) for each in pages] == [2, 2, 2, 1]
    assert [row.id for page in pages for row in page.rows] == wanted


def test_a_page_that_is_just_full_is_the_last(rows: Rows, officer: Person) -> None:
    rows.case("formal_check")
    rows.case("formal_check")
    page = list_cases(rows.session, officer, CaseFilter(limit=SIZE))
    assert (len(page.rows), page.next) == (2, None)


def test_a_cursor_comes_back_as_it_was(rows: Rows) -> None:
    assert decode_cursor(encode_cursor(NOW, rows.person.id)) == (NOW, rows.person.id)
    assert decode_cursor("none") is None


FOUND = {
    "state": {"state": "formal_check"},
    "definition": {"definition": "grant_case"},
    "call": {"call": "this"},
    "title in part": {"search": "garten"},
    "reference": {"search": "CC-2026-00001"},
    "beginning of a reference": {"search": "cc-2026-0000"},
}


@pytest.mark.parametrize("wanted", FOUND.values(), ids=FOUND)
def test_a_list_is_narrowed(rows: Rows, officer: Person, wanted: dict[str, str]) -> None:
    rows.change(rows.call, ref="this")
    process = {"title": "Der Garten am Kanal", "reference": "CC-2026-00001"}
    found = rows.case("formal_check", process=process)
    other = {"title": "Die Werkstatt", "reference": "CC-2027-00001"}
    other |= {"call_id": rows.another_call(ref="other").id}
    rows.case("quick_check", "micro_grant", process=other)
    listed = list_cases(rows.session, officer, CaseFilter(**wanted)).rows
    assert [row.id for row in listed] == [found.id]


def test_signs_of_a_pattern_are_searched_as_they_are(rows: Rows, officer: Person) -> None:
    found = rows.case("formal_check", process={"title": "100 % _Natur_"})
    rows.case("formal_check", process={"title": "1000 Natur"})
    for search in ("100 %", "_Natur_", "%"):
        listed = list_cases(rows.session, officer, CaseFilter(search=search)).rows
        assert [row.id for row in listed] == [found.id]
