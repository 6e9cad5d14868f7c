"""Facts about co-signatures, approvals, letters, procedures, reports and amendments."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from funding_app.engine import Machinery
from funding_app.models import Procedure, Process
from tests.support.facts import Cell, named
from tests.support.rows import LATE, TODAY, Rows

pytestmark = pytest.mark.both_databases
Arrange = Callable[[Rows], Process]
YESTERDAY = TODAY - timedelta(days=1)


def shared(
    *shares: tuple[str, str],
    recommended: str | None = "100.00",
    signed: Mapping[int, tuple[str, str]] | None = None,
    of: int | None = None,
) -> Arrange:
    """A case whose content is `new`, with shares (percent, amount) of the amount recommended.

    `signed` has state and content of a signature by the number of its share; with `of` the fact is
    read of that signature. A signature of another case is there as well.
    """

    def arrange(rows: Rows) -> Process:
        amount = Decimal(recommended) if recommended else None
        case = rows.case("signing", recommended_amount=amount, content_hash="new")
        other = rows.case("signing", content_hash="new")
        signatures = {}
        for number, (percent, part) in enumerate(shares):
            ministry = rows.organisation_of("ministry", f"Ministerium {number}")
            rows.share(case, ministry, percent, part, number)
            rows.signature(other, ministry, "signed", "new")
            if number in (signed or {}):
                signatures[number] = rows.signature(case, ministry, *(signed or {})[number])
        return case if of is None else signatures[of]

    return arrange


TWO = ("60", "60.00"), ("40", "40.00")
SIGNED = ("signed", "new")
SIGNATURES = [
    Cell("shares_complete", False, "no shares", shared()),
    Cell("shares_complete", True, "all of it", shared(*TWO)),
    Cell("shares_complete", False, "99 percent", shared(("60", "60.00"), ("39", "40.00"))),
    Cell("shares_complete", False, "a cent is missing", shared(("60", "60.00"), ("40", "39.99"))),
    Cell("shares_complete", False, "nothing recommended", shared(*TWO, recommended=None)),
    Cell("signatures_missing", 2, "none is there", shared(*TWO)),
    Cell("signatures_missing", 1, "one has signed", shared(*TWO, signed={0: SIGNED})),
    Cell("signatures_missing", 0, "both have", shared(*TWO, signed={0: SIGNED, 1: SIGNED})),
    Cell(
        "signatures_missing",
        1,
        "one signed an older content",
        shared(*TWO, signed={0: SIGNED, 1: ("signed", "old")}),
    ),
    Cell(
        "signatures_missing",
        1,
        "one has not signed yet",
        shared(*TWO, signed={0: SIGNED, 1: ("waiting", "new")}),
    ),
    Cell(
        "signatures_missing",
        0,
        "who bears nothing need not sign",
        shared(("100", "100.00"), ("0", "0.00"), signed={0: SIGNED}),
    ),
    Cell("content_current", True, "the present", shared(*TWO, signed={0: SIGNED}, of=0)),
    Cell(
        "content_current",
        False,
        "an older one, though another is current",
        shared(*TWO, signed={0: ("waiting", "old"), 1: SIGNED}, of=0),
    ),
    Cell("content_current", False, "a case is no signature", shared(*TWO, signed={0: SIGNED})),
]

ONE, OTHER = uuid.UUID(int=7), uuid.UUID(int=8)


def proposed(*second: str, by: uuid.UUID = ONE) -> Arrange:
    def arrange(rows: Rows) -> Process:
        proposer = rows.account("proposer", "case_officer", id=by)
        case = rows.case()
        rows.approval(case, "reject", second_roles=["auditor"])
        return rows.approval(case, "grant", proposer_id=proposer.id, second_roles=list(second))

    return arrange


APPROVALS = [
    Cell("proposer", str(ONE), "who proposed this one", proposed("approver")),
    Cell("proposer", str(OTHER), "somebody else did", proposed("approver", by=OTHER)),
    Cell("second_roles", ("approver",), "who may confirm", proposed("approver")),
    Cell("second_roles", (), "whoever the definition says", proposed()),
]


def lettered(kind: str, *, issued: bool = True, of_another: bool = False) -> Arrange:
    """A case with a letter, and with a child that has one."""

    def arrange(rows: Rows) -> Process:
        case = rows.case("decided")
        holder = rows.case("decided") if of_another else case
        rows.document(holder, kind, sha256="0" * 64 if issued else None)
        return case

    return arrange


LETTERS = [
    Cell("letter_issued", True, "an award", lettered("award")),
    Cell("letter_issued", True, "a rejection", lettered("rejection")),
    Cell("letter_issued", True, "an amendment", lettered("amendment")),
    Cell("letter_issued", False, "not issued yet", lettered("award", issued=False)),
    Cell("letter_issued", False, "a receipt is no decision", lettered("receipt")),
    Cell("letter_issued", False, "another case's", lettered("award", of_another=True)),
]


def recorded(data: Mapping[str, Any] | None, day: date | None = None) -> Arrange:
    def arrange(rows: Rows) -> Process:
        case = rows.case("notified")
        rows.procedure(case, "hearing", "open", {"other": "1"}, YESTERDAY)
        if data is None:
            return rows.process("hearing", "open", case)
        return rows.procedure(case, "hearing", "open", data, day)

    return arrange


WINDOW = {"court_window_ends": "2026-06-15"}
PROCEDURES = [
    Cell("recorded", {}, "no record", recorded(None)),
    Cell("recorded", {"words": "Ja"}, "its own", recorded({"words": "Ja"})),
    Cell("until", None, "no record", recorded(None)),
    Cell("until", None, "no day", recorded({"words": "Ja"})),
    Cell("until", TODAY, "the day", recorded({}, TODAY)),
    Cell("court_window_ends", None, "nothing was served", recorded({})),
    Cell("court_window_ends", TODAY, "the day", recorded(WINDOW)),
]


def consents(*each: tuple[str, int], elsewhere: str = "") -> Arrange:
    """An amendment with consents (state, round), beside children that are none."""

    def arrange(rows: Rows) -> Process:
        case = rows.case("active")
        amendment = rows.procedure(case, "amendment", "consulting")
        for state, round_ in each:
            rows.procedure(amendment, "consent", state, {"round": round_})
        rows.procedure(amendment, "hearing", "denied", {"round": 1})
        if elsewhere:
            other = rows.procedure(case, "amendment", "consulting")
            rows.procedure(other, "consent", elsewhere, {"round": 9})
        return amendment

    return arrange


CONSENTS = [
    Cell("consents_missing", 1, "nobody is asked yet", consents()),
    Cell("consents_missing", 2, "two are asked", consents(("asked", 1), ("asked", 1))),
    Cell("consents_missing", 1, "one has consented", consents(("given", 1), ("asked", 1))),
    Cell("consents_missing", 0, "both have", consents(("given", 1), ("given", 1))),
    Cell("consents_missing", 1, "a denial is no consent", consents(("given", 1), ("denied", 1))),
    Cell("consents_missing", 1, "the round before is over", consents(("given", 1), ("asked", 2))),
    Cell("consents_missing", 0, "of another", consents(("given", 1), elsewhere="asked")),
    Cell("consents_denied", 0, "nobody is asked yet", consents()),
    Cell("consents_denied", 1, "one has denied", consents(("given", 1), ("denied", 1))),
    Cell("consents_denied", 0, "in the round before", consents(("denied", 1), ("given", 2))),
    Cell("consents_denied", 0, "of another", consents(("given", 1), elsewhere="denied")),
]


def report(due: date) -> Arrange:
    def arrange(rows: Rows) -> Process:
        case = rows.case("active", period_end=date(2026, 1, 31))
        rows.report(case, "due", YESTERDAY)
        return rows.report(case, "due", due)

    return arrange


def micro_grant(end: date | None) -> Arrange:
    return lambda rows: rows.case("paid", "micro_grant", period_end=end)


REPORTS = [
    Cell("report_due_on", TODAY, "its own day", report(TODAY)),
    Cell("report_due_on", None, "a micro-grant without a period", micro_grant(None)),
    # so many months after the period (§ 188 BGB), on a working day
    Cell("report_due_on", date(2026, 8, 10), "two months", micro_grant(date(2026, 6, 10))),
    Cell("report_due_on", date(2026, 8, 17), "not a Saturday", micro_grant(date(2026, 6, 15))),
]


def amended(end: date | None) -> Arrange:
    def arrange(rows: Rows) -> Process:
        return rows.procedure(rows.case("active", period_end=end), "amendment", "draft")

    return arrange


def shift(
    amount: str, kind: str = "reallocation", source: str = "0812", financing: str = "pro_rata"
) -> Arrange:
    """A shift from a line of 100 euro (in two years) to one of 1,000 euro."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, financing_type=financing)
        case = rows.case("active", period_end=TODAY)
        lines = [
            {"line": "0812", "years": {"2026": "60.00", "2027": "40.00"}},
            {"line": "0843", "years": {"2026": "1000.00"}},
        ]
        rows.answers(case, budget={"lines": lines, "income": []})
        data = {"kind": kind, "amount": amount, "line_from": source, "line_to": "0843"}
        return rows.procedure(case, "amendment", "draft", data)

    return arrange


def shift_back(amount: str) -> Arrange:
    """A shift to the line of 100 euro, which may grow by a fifth (Nr. 1.2 ANBest-P)."""

    def arrange(rows: Rows) -> Process:
        amendment = shift(amount)(rows)
        turned = {"line_from": "0843", "line_to": "0812"}
        record = rows.session.get_one(Procedure, amendment.id)
        rows.change(record, data=record.data | turned)
        return amendment

    return arrange


def free_shift(rows: Rows) -> Process:
    amendment = shift_back("500.00")(rows)
    rows.change(rows.call, financing_type="fixed_amount")
    return amendment


AMENDMENTS = [
    Cell("amendment_in_time", False, "no period", amended(None)),
    Cell("amendment_in_time", True, "its last day", amended(TODAY)),
    Cell("amendment_in_time", False, "the day after", amended(YESTERDAY)),
    Cell("amendment_in_time", False, "over in Berlin", amended(TODAY), LATE),
    Cell("within_line_shift", False, "another kind", shift("1.00", "supplement")),
    Cell("within_line_shift", True, "the whole line", shift("100.00")),
    Cell("within_line_shift", False, "more than the line has", shift("100.01")),
    Cell("within_line_shift", False, "a line that is none", shift("1.00", source="0835")),
    Cell("within_line_shift", True, "a fifth", shift_back("20.00")),
    Cell("within_line_shift", False, "a cent more than a fifth", shift_back("20.01")),
    Cell(
        "within_line_shift",
        True,
        "a fixed amount is free within its total",
        free_shift,
    ),
]


TABLE = [*SIGNATURES, *APPROVALS, *LETTERS, *PROCEDURES, *CONSENTS, *REPORTS, *AMENDMENTS]


@pytest.mark.parametrize("cell", named(TABLE))
def test_the_fact_has_its_value(rows: Rows, machinery: Machinery, cell: Cell) -> None:
    assert cell.read(rows, machinery) == cell.value
