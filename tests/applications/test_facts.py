"""Facts about cases, their answers and their consortia: rows in, value out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from funding_app.demo.runner import grant_answers
from funding_app.engine import Machinery
from funding_app.models import Attachment, Process
from tests.support.facts import Cell, named
from tests.support.rows import LATE, NOW, TODAY, Rows

pytestmark = pytest.mark.both_databases
Arrange = Callable[[Rows], Process]
MOMENT = timedelta(microseconds=1)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def case(**application: Any) -> Arrange:
    return lambda rows: rows.case("notified", **application)


def child_of(**application: Any) -> Arrange:
    """A child asks about its case."""
    return lambda rows: rows.process("hearing", "open", rows.case("notified", **application))


def amounts(asked: str | None, recommended: str | None = None) -> Arrange:
    """A case under a call from 500 to 5,000 euro."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, minimum_amount=Decimal(500), maximum_amount=Decimal(5000))
        euro = {name: Decimal(text) for name, text in
                (("requested", asked), ("recommended_amount", recommended)) if text}  # fmt: skip
        return rows.case("checking", **euro)

    return arrange


def due(at: datetime | None) -> Arrange:
    return lambda rows: rows.case("checking", process={"due_at": at})


OF_THE_CASE = [
    Cell("amount_within_call", True, "the least", amounts("500.00")),
    Cell("amount_within_call", False, "a cent less", amounts("499.99")),
    Cell("amount_within_call", True, "the most", amounts("5000.00")),
    Cell("amount_within_call", False, "a cent more", amounts("5000.01")),
    Cell("amount_within_call", False, "nothing asked yet", amounts(None)),
    Cell("amount_within_call", True, "the recommendation counts", amounts("9000.00", "5000.00")),
    Cell("amount_within_call", False, "also against it", amounts("5000.00", "5000.01")),
    Cell("content_hash", "", "no content is fixed", case()),
    Cell("content_hash", "abc", "the case's", child_of(content_hash="abc")),
    Cell("decision_kind", "", "no decision", case()),
    Cell("decision_kind", "reject", "the recorded one", case(decision_kind="reject")),
    Cell("already_notified", False, "not sent", case()),
    Cell("already_notified", True, "its day is today", case(notified_on=TODAY)),
    Cell("already_notified", False, "its day is tomorrow", case(notified_on=TOMORROW)),
    Cell("already_notified", True, "tomorrow has begun", case(notified_on=TOMORROW), LATE),
    Cell("final_on", None, "no limit runs", case()),
    Cell("final_on", YESTERDAY, "the day before it is final", case(final_on=TODAY)),
    Cell("accepted", False, "not accepted", case()),
    Cell("accepted", True, "accepted", case(accepted_at=NOW)),
    Cell("bank_verified", False, "accepted alone", case(accepted_at=NOW)),
    Cell("bank_verified", True, "verified", case(bank_verified_at=NOW)),
    Cell("period_end", None, "no period", case()),
    Cell("period_end", TODAY, "the last day", case(period_start=YESTERDAY, period_end=TODAY)),
    Cell("balance_zero", False, "not settled", case(paid=Decimal(0))),
    Cell("balance_zero", True, "paid in full", case(paid=Decimal(9), final_grant=Decimal(9))),
    Cell(
        "balance_zero",
        False,
        "a cent too much is paid",
        case(paid=Decimal("9.01"), final_grant=Decimal(9)),
    ),
    Cell("balance_zero", False, "a euro is open", case(paid=Decimal(8), final_grant=Decimal(9))),
    Cell(
        "balance_zero",
        True,
        "the final grant counts, not the award",
        case(paid=Decimal(0), final_grant=Decimal(0), granted=Decimal(9)),
    ),
    Cell("limit_passed", False, "without a limit", due(None)),
    Cell("limit_passed", False, "a moment before", due(NOW + MOMENT)),
    Cell("limit_passed", True, "at the instant", due(NOW)),
    # ten days, and not to the next working day (§ 41 Abs. 2a VwVfG)
    Cell("retrieval_ends", None, "not sent", case()),
    Cell("retrieval_ends", date(2026, 6, 13), "a Saturday", case(sent_on=date(2026, 6, 3))),
    # the last day of the sixth month after the award period's
    Cell("proof_due_on", None, "no period", case()),
    Cell("proof_due_on", date(2026, 12, 31), "half a year", case(period_end=date(2026, 6, 10))),
    Cell("proof_due_on", date(2026, 6, 1), "31 May is a Sunday",
         case(period_end=date(2025, 11, 30))),
]  # fmt: skip


def entered(at: datetime) -> Arrange:
    return lambda rows: rows.process("retention", "kept", entered_at=at)


OF_THE_FILE = [
    Cell("retention_ends", date(2036, 6, 15), "ten years", entered(NOW)),
    Cell("retention_ends", date(2036, 6, 16), "from the day in Berlin", entered(LATE)),
    Cell(
        "retention_ends",
        date(2034, 2, 28),
        "no working day is needed",
        entered(datetime(2024, 2, 29, 10, tzinfo=UTC)),
    ),
]


def awarded(
    decided: date | None = YESTERDAY,
    *,
    kind: str = "grant",
    key: str = "micro_grant",
    by_another: bool = False,
    itself: bool = False,
) -> Arrange:
    """A case of an organisation with an earlier decision."""

    def arrange(rows: Rows) -> Process:
        record = {"decision_kind": kind, "decided_on": decided}
        if itself:
            return rows.case("decided", "micro_grant", **record)
        other = rows.organisation_of("applicant").id if by_another else rows.organisation.id
        rows.case("closed", key, process={"organisation_id": other}, **record)
        return rows.case("quick_check", "micro_grant")

    return arrange


ONCE_A_YEAR = [
    Cell("one_per_year", False, "yesterday", awarded()),
    Cell("one_per_year", True, "a year ago", awarded(date(2025, 6, 15))),
    Cell("one_per_year", False, "a day less", awarded(date(2025, 6, 16))),
    Cell("one_per_year", True, "a year in Berlin", awarded(date(2025, 6, 16)), LATE),
    Cell("one_per_year", True, "it was a rejection", awarded(kind="reject")),
    Cell("one_per_year", True, "it is not decided", awarded(None)),
    Cell("one_per_year", True, "of another kind", awarded(key="grant_case")),
    Cell("one_per_year", True, "another organisation's", awarded(by_another=True)),
    Cell("one_per_year", True, "its own decision", awarded(itself=True)),
    Cell(
        "one_per_year",
        True,
        "29 February, a year after 28 February",
        awarded(date(2023, 2, 28)),
        datetime(2024, 2, 29, 10, tzinfo=UTC),
    ),
]


def filled_in(*without: str, **changed: Any) -> Arrange:
    """A draft with complete answers but for some fields."""

    def arrange(rows: Rows) -> Process:
        draft = rows.case("draft")
        sections = grant_answers(Decimal(60000), "2026-09-01", "2026-12-31", "Titel")
        for section, answers in sections.items():
            kept = {name: value for name, value in answers.items() if name not in without}
            kept |= {name: value for name, value in changed.items() if name in answers}
            rows.answers(draft, section, **kept)
        return draft

    return arrange


def with_file(scan: str, *, removed: bool = False, of_another: bool = False) -> Arrange:
    """The same with a file of which the virus scanner has said something."""

    def arrange(rows: Rows) -> Process:
        draft = filled_in()(rows)
        rows.answers(draft, "attachments", letters=[{"name": "a.pdf", "size": 1}])
        holder = rows.case("draft") if of_another else draft
        rows.add(
            Attachment(
                process_id=holder.id,
                field="letters",
                file_name="a.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
                scan=scan,
                uploaded_at=NOW,
                uploaded_by=rows.person.id,
                removed_at=NOW if removed else None,
            )
        )
        return draft

    return arrange


def plan(*lines: tuple[str, str], income: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {
        "lines": [{"line": "0812", "years": {year: amount}} for year, amount in lines],
        "income": [{"line": "grant", "years": {year: amount}} for year, amount in income],
    }


EVEN = plan(("2026", "100.00"), income=(("2026", "100.00"),))
SHORT = plan(("2026", "100.00"), income=(("2026", "99.99"),))
SHIFTED = plan(
    ("2026", "100.00"), ("2027", "50.00"), income=(("2026", "50.00"), ("2027", "100.00"))
)
ANSWERS = [
    Cell("form_complete", True, "every answer", filled_in()),
    Cell("form_complete", False, "one is missing", filled_in("summary")),
    Cell("form_complete", False, "one is not accepted", filled_in(not_begun=False)),
    Cell("form_complete", True, "a process without a form",
         lambda rows: rows.process("hearing", "open", rows.case())),
    Cell("form_complete", True, "a clean file", with_file("clean")),
    Cell("form_complete", True, "a file waits for the scanner", with_file("pending")),
    Cell("form_complete", False, "an infected file", with_file("infected")),
    Cell("form_complete", True, "it was removed", with_file("infected", removed=True)),
    Cell("form_complete", True, "another case's", with_file("infected", of_another=True)),
    Cell("budget_balanced", True, "nothing is planned", filled_in("budget")),
    Cell("budget_balanced", True, "even", filled_in(budget=EVEN)),
    Cell("budget_balanced", False, "a cent short", filled_in(budget=SHORT)),
    Cell("budget_balanced", False, "even in total, not by year", filled_in(budget=SHIFTED)),
]  # fmt: skip


def partners(*each: tuple[str, str | None], ended: tuple[str, ...] = ()) -> Arrange:
    """A consortium whose partners' cases (state, amount) may ask for 1,000 euro together."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, maximum_amount=Decimal(1000))
        consortium = rows.procedure(None, "consortium", "forming", call_id=rows.call.id)
        other = rows.procedure(None, "consortium", "forming", call_id=rows.call.id)
        rows.case("draft", consortium_id=other.id, requested=Decimal(1))
        for state, amount in each:
            rows.case(
                state,
                process={"is_terminal": state in ended},
                consortium_id=consortium.id,
                requested=Decimal(amount) if amount else None,
            )
        return consortium

    return arrange


CONSORTIA = [
    Cell("partners_submitted", False, "nobody takes part", partners()),
    Cell("partners_submitted", True, "all", partners(("submitted", "1"), ("checking", "1"))),
    Cell("partners_submitted", False, "one drafts", partners(("submitted", "1"), ("draft", "1"))),
    Cell("partners_submitted", True, "one left", partners(("submitted", "1"), ("withdrawn", "1"))),
    Cell("partners_submitted", False, "all have left", partners(("withdrawn", "1"))),
    Cell("partners_within_call", False, "nobody takes part", partners()),
    Cell("partners_within_call", True, "the most", partners(("draft", "600"), ("draft", "400"))),
    Cell("partners_within_call", False, "a cent more", partners(("draft", "1000.01"))),
    Cell("partners_within_call", True, "who left asks nothing",
         partners(("draft", "600"), ("withdrawn", "900"))),
    Cell("partners_within_call", True, "nothing asked yet", partners(("draft", None))),
    Cell("partners_final", False, "nobody takes part", partners()),
    Cell("partners_final", True, "final and beyond", partners(("final", "1"), ("active", "1"))),
    Cell("partners_final", False, "one is not yet", partners(("final", "1"), ("notified", "1"))),
    Cell("partners_final", True, "who left is not waited for",
         partners(("final", "1"), ("withdrawn", "1"))),
    Cell("partners_closed", False, "nobody takes part", partners()),
    Cell("partners_closed", True, "all have ended",
         partners(("closed", "1"), ("rejected", "1"), ended=("closed", "rejected"))),
    Cell("partners_closed", False, "one goes on",
         partners(("closed", "1"), ("settlement", "1"), ended=("closed",))),
]  # fmt: skip


def asking(text: str | None) -> Arrange:
    """A draft under a call from 500 to 5,000 euro."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, minimum_amount=Decimal(500), maximum_amount=Decimal(5000))
        draft = rows.case("draft")
        if text is not None:
            rows.answers(draft, requested_amount=text)
        return draft

    return arrange


ASKED = [
    Cell("requested_within_call", True, "the least", asking("500.00")),
    Cell("requested_within_call", False, "a cent less", asking("499.99")),
    Cell("requested_within_call", True, "the most", asking("5000.00")),
    Cell("requested_within_call", False, "a cent more", asking("5000.01")),
    Cell("requested_within_call", False, "nothing", asking(None)),
    Cell("requested_within_call", False, "no number", asking("viel")),
]
TABLE = [*OF_THE_CASE, *OF_THE_FILE, *ONCE_A_YEAR, *ANSWERS, *CONSORTIA, *ASKED]


@pytest.mark.parametrize("cell", named(TABLE))
def test_the_fact_has_its_value(rows: Rows, machinery: Machinery, cell: Cell) -> None:
    assert cell.read(rows, machinery) == cell.value
