"""Facts about money: rows in, value out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from funding_app.engine import Machinery
from funding_app.models import LabCapacity, LabHours, Process, Receipt
from tests.support.facts import Cell, named
from tests.support.rows import LATE, TODAY, Rows

pytestmark = pytest.mark.both_databases
Arrange = Callable[[Rows], Process]
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def drawing(
    asks: str,
    *,
    granted: str | None = "1000.00",
    paid: str = "0",
    final: str | None = None,
    others: Sequence[tuple[str, str]] = (),
) -> Arrange:
    """A drafted request under a grant, beside requests with their state and amount."""

    def arrange(rows: Rows) -> Process:
        euro = {name: Decimal(text) for name, text in (("granted", granted), ("final_grant", final))
                if text is not None}  # fmt: skip
        case = rows.case("active", paid=Decimal(paid), **euro)
        for state, amount in others:
            rows.payment(case, state, amount)
        request = rows.payment(case, "draft")
        rows.answers(request, amount=asks)
        return request

    return arrange


def handed_in(state: str, amount: str, typed_since: str) -> Arrange:
    """A request whose amount is fixed, whatever stands in the form since."""

    def arrange(rows: Rows) -> Process:
        case = rows.case("active", granted=Decimal("1000.00"))
        request = rows.payment(case, state, amount)
        rows.answers(request, amount=typed_since)
        return request

    return arrange


def beside_another_case(rows: Rows) -> Process:
    other = rows.case("active", granted=Decimal("1000.00"))
    rows.payment(other, "submitted", "1000.00")
    return drawing("1000.00")(rows)


def of_a_case_in(state: str, key: str = "grant_case") -> Arrange:
    return lambda rows: rows.payment(rows.case(state, key), "draft")


def with_report(state: str, due_on: date) -> Arrange:
    def arrange(rows: Rows) -> Process:
        case = rows.case("active")
        rows.report(case, state, due_on)
        return rows.payment(case, "draft")

    return arrange


def with_report_of_another(rows: Rows) -> Process:
    rows.report(rows.case("active"), "due", YESTERDAY)
    return rows.payment(rows.case("active"), "draft")


DRAWN = [
    Cell("amount_available", True, "the whole grant", drawing("1000.00")),
    Cell("amount_available", False, "a cent more than the grant", drawing("1000.01")),
    Cell("amount_available", True, "just what is left", drawing("600.00", paid="400.00")),
    Cell("amount_available", False, "a cent more than is left", drawing("600.01", paid="400.00")),
    Cell(
        "amount_available",
        True,
        "just what two requests under way leave",
        drawing("300.00", paid="400.00", others=[("submitted", "100.00"), ("exported", "200.00")]),
    ),
    Cell(
        "amount_available",
        False,
        "a cent more than two requests under way leave",
        drawing("300.01", paid="400.00", others=[("submitted", "100.00"), ("exported", "200.00")]),
    ),
    *(
        Cell(
            "amount_available",
            value,
            f"another request is {state}",
            drawing("1000.00", others=[(state, "0.01")]),
        )
        for state, value in (
            ("draft", True),
            ("submitted", False),
            ("certified", False),
            ("authorised", False),
            ("exported", False),
            ("paid", True),
            ("rejected", True),
        )
    ),
    Cell("amount_available", True, "another case's request is its own", beside_another_case),
    Cell("amount_available", True, "the final grant counts", drawing("500.00", final="500.00")),
    Cell("amount_available", False, "and no cent more", drawing("500.01", final="500.00")),
    Cell("amount_available", False, "a final grant of nothing", drawing("0.01", final="0.00")),
    Cell("amount_available", False, "nothing was granted yet", drawing("0.01", granted=None)),
    Cell(
        "amount_available",
        True,
        "a request handed in stands not against itself",
        handed_in("submitted", "1000.00", "1000.00"),
    ),
    Cell(
        "amount_available",
        True,
        "what is typed after the handing in changes nothing",
        handed_in("certified", "1000.00", "1000.01"),
    ),
    Cell(
        "amount_available",
        False,
        "nor does it help",
        handed_in("certified", "1000.01", "1.00"),
    ),
    Cell("parent_active", True, "an active grant", of_a_case_in("active")),
    Cell("parent_active", True, "a grant in settlement", of_a_case_in("settlement")),
    Cell("parent_active", True, "an accepted micro-grant", of_a_case_in("accepted", "micro_grant")),
    Cell("parent_active", False, "a suspended grant", of_a_case_in("suspended")),
    Cell("parent_active", False, "a final decision alone", of_a_case_in("final")),
    Cell("parent_active", False, "a closed grant", of_a_case_in("closed")),
    Cell("no_overdue_report", True, "due tomorrow", with_report("due", TOMORROW)),
    Cell("no_overdue_report", True, "due today", with_report("due", TODAY)),
    Cell("no_overdue_report", False, "due yesterday", with_report("due", YESTERDAY)),
    Cell("no_overdue_report", False, "the day is over in Berlin", with_report("due", TODAY), LATE),
    Cell("no_overdue_report", True, "handed in meanwhile", with_report("submitted", YESTERDAY)),
    Cell("no_overdue_report", True, "another case's report", with_report_of_another),
]


def claimed(data: Mapping[str, Any], *receipts: str, elsewhere: str | None = None) -> Arrange:
    """A recovery with what it has recorded, and the money that came back on it."""

    def arrange(rows: Rows) -> Process:
        case = rows.case("active")
        claim = rows.procedure(case, "recovery", "claimed", data)
        for amount in receipts:
            rows.add(Receipt(process_id=claim.id, received_on=TODAY, amount=Decimal(amount)))
        if elsewhere:
            other = rows.procedure(case, "recovery", "claimed", data)
            rows.add(Receipt(process_id=other.id, received_on=TODAY, amount=Decimal(elsewhere)))
        return claim

    return arrange


CLAIM = {"claim": "100.00"}
CLAIMED = [
    Cell("within_one_year", True, "nobody was heard yet", claimed({})),
    Cell("within_one_year", True, "the last day", claimed({"decide_by": "2026-06-15"})),
    Cell("within_one_year", False, "the day after", claimed({"decide_by": "2026-06-14"})),
    Cell("within_one_year", False, "over in Berlin", claimed({"decide_by": "2026-06-15"}), LATE),
    Cell("claim_settled", False, "no claim is fixed", claimed({})),
    Cell("claim_settled", False, "nothing is paid", claimed(CLAIM)),
    Cell("claim_settled", False, "a cent is missing", claimed(CLAIM, "50.00", "49.99")),
    Cell("claim_settled", True, "two receipts make it whole", claimed(CLAIM, "50.00", "50.00")),
    Cell(
        "claim_settled",
        False,
        "the interest is missing",
        claimed(CLAIM | {"interest": "0.01"}, "100.00"),
    ),
    Cell(
        "claim_settled",
        True,
        "claim and interest are paid",
        claimed(CLAIM | {"interest": "0.01"}, "100.01"),
    ),
    Cell("claim_settled", False, "paid on another claim", claimed(CLAIM, elsewhere="100.00")),
]


def quarter(
    *decided: tuple[date | None, str], asks: str | None = "100.00", ceiling: str | None = "1000.00"
) -> Arrange:
    """A request under a ceiling, beside what was decided on a day of the same call."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, quarterly_ceiling=Decimal(ceiling) if ceiling else None)
        for day, amount in decided:
            rows.case("paid", "micro_grant", decided_on=day, granted=Decimal(amount))
        return rows.case(
            "quick_check", "micro_grant", requested=Decimal(asks) if asks is not None else None
        )

    return arrange


def quarter_of_another_call(rows: Rows) -> Process:
    other = rows.another_call()
    rows.case("paid", "micro_grant", process={"call_id": other.id}, decided_on=TODAY,
              granted=Decimal("1000.00"))  # fmt: skip
    return quarter()(rows)


NEW_QUARTER = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
"""Half past midnight on 1 July in Berlin."""
QUARTERS = [
    Cell("within_quarter", True, "no ceiling", quarter((TODAY, "9999.00"), ceiling=None)),
    Cell("within_quarter", True, "just below the ceiling", quarter((TODAY, "900.00"))),
    Cell("within_quarter", False, "a cent too much", quarter((TODAY, "900.01"))),
    Cell("within_quarter", False, "two decisions", quarter((TODAY, "500"), (TODAY, "400.01"))),
    Cell("within_quarter", False, "its first day", quarter((date(2026, 4, 1), "900.01"))),
    Cell("within_quarter", True, "the day before it", quarter((date(2026, 3, 31), "900.01"))),
    Cell("within_quarter", True, "not decided yet", quarter((None, "900.01"))),
    Cell("within_quarter", True, "another call has its own", quarter_of_another_call),
    Cell("within_quarter", True, "nothing is asked", quarter((TODAY, "1000.00"), asks=None)),
    Cell(
        "within_quarter",
        True,
        "a new quarter has begun in Berlin",
        quarter((date(2026, 6, 30), "900.01")),
        NEW_QUARTER,
    ),
]


def lab(
    *capacity: tuple[str, date, int, int],
    needs: Mapping[str, Any] | None = None,
    own: tuple[str, date, int, int] | None = None,
) -> Arrange:
    """What the lab has (skill, month, hours, reserved) and what a project needs or holds."""

    def arrange(rows: Rows) -> Process:
        for skill, month, hours, reserved in capacity:
            rows.add(LabCapacity(skill=skill, month=month, hours=hours, reserved=reserved))
        case = rows.procedure(None, "lab_support", "interview", needs or {})
        if own:
            skill, month, reserved, logged = own
            rows.add(
                LabHours(id=case.id, skill=skill, month=month, reserved=reserved, logged=logged)
            )
        return case

    return arrange


JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
NEEDS = {"skill": "ml", "month": "2026-06-20", "hours": "10"}
LAB = [
    Cell("capacity", 0, "nothing is said yet", lab(("ml", JUNE, 120, 20))),
    Cell("capacity", 0, "no month yet", lab(("ml", JUNE, 120, 20), needs={"skill": "ml"})),
    Cell("capacity", 100, "what is not reserved", lab(("ml", JUNE, 120, 20), needs=NEEDS)),
    Cell("capacity", 0, "all is reserved", lab(("ml", JUNE, 120, 120), needs=NEEDS)),
    Cell("capacity", 0, "another month", lab(("ml", JULY, 120, 20), needs=NEEDS)),
    Cell("capacity", 0, "another skill", lab(("data", JUNE, 120, 20), needs=NEEDS)),
    Cell(
        "capacity",
        70,
        "what it holds counts, not what it said",
        lab(("ml", JUNE, 120, 20), ("ml", JULY, 80, 10), needs=NEEDS, own=("ml", JULY, 10, 0)),
    ),
    Cell("hours_left", 0, "nothing is reserved", lab(needs=NEEDS)),
    Cell("hours_left", 3, "reserved, not worked", lab(own=("ml", JUNE, 10, 7))),
    Cell("hours_left", 0, "all is worked", lab(own=("ml", JUNE, 10, 10))),
]
TABLE = [*DRAWN, *CLAIMED, *QUARTERS, *LAB]


@pytest.mark.parametrize("cell", named(TABLE))
def test_the_fact_has_its_value(rows: Rows, machinery: Machinery, cell: Cell) -> None:
    assert cell.read(rows, machinery) == cell.value
