"""Facts about meetings of a panel: rows in, value out."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from funding_app.engine import Machinery
from funding_app.models import Process
from tests.support.facts import Cell, named
from tests.support.rows import Rows

pytestmark = pytest.mark.both_databases
Arrange = Callable[[Rows], Process]


def seated(*seats: tuple[bool, bool]) -> Arrange:
    """A meeting with seats (may vote, is present), beside a meeting where everybody is there."""

    def arrange(rows: Rows) -> Process:
        meeting, other = rows.meeting(), rows.meeting()
        for number, (votes, present) in enumerate(seats):
            member = rows.account(f"member{number}", "panel_member")
            rows.seat(meeting, member, may_vote=votes, is_present=present)
        rows.seat(other, rows.account("elsewhere", "panel_member"), is_present=True)
        return meeting

    return arrange


SEATS = [
    Cell("voters", 0, "nobody", seated()),
    Cell("voters", 2, "guests do not vote", seated((True, True), (True, False), (False, True))),
    Cell("voters_present", 0, "nobody is there", seated((True, False), (True, False))),
    Cell("voters_present", 1, "guests do not count", seated((True, True), (False, True))),
    Cell("voters_present", 2, "two are there", seated((True, True), (True, True), (True, False))),
]


ITEM, MEMBER = uuid.UUID(int=1), uuid.UUID(int=2)
NAMED = [f"{ITEM}:{MEMBER}"]


def excluded(state: str, *, own: bool, decided: bool = False, elsewhere: bool = False) -> Arrange:
    """A meeting in a state with one exclusion, by the member's own word or by the office."""

    def arrange(rows: Rows) -> Process:
        meeting = rows.meeting(state)
        member = rows.account("member", "panel_member", id=MEMBER)
        office = rows.account("office", "office_clerk")
        item = rows.item(
            rows.meeting(state) if elsewhere else meeting,
            rows.case("panel"),
            id=ITEM,
            outcome="recommend" if decided else None,
        )
        rows.recusal(item, member, by=member if own else office)
        return meeting

    return arrange


RECUSALS = [
    Cell("recusals", [], "nobody is excluded", seated((True, True))),
    Cell("recusals", [], "a member's own, before it opens", excluded("scheduled", own=True)),
    Cell("recusals", NAMED, "the office's, before it opens", excluded("scheduled", own=False)),
    Cell("recusals", NAMED, "a member's own, in session", excluded("in_session", own=True)),
    Cell("recusals", NAMED, "the office's, in session", excluded("in_session", own=False)),
    Cell("recusals", [], "the session is over", excluded("closed", own=False)),
    Cell("recusals", [], "it is decided", excluded("in_session", own=False, decided=True)),
    Cell("recusals", [], "of another meeting", excluded("in_session", own=False, elsewhere=True)),
]
TABLE = [*SEATS, *RECUSALS]


@pytest.mark.parametrize("cell", named(TABLE))
def test_the_fact_has_its_value(rows: Rows, machinery: Machinery, cell: Cell) -> None:
    assert cell.read(rows, machinery) == cell.value
