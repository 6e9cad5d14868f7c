"""Whatever happens late in the evening of UTC happens on the next day in Berlin.

Every writer and reader of a day is asked at half past eleven in the evening, UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from funding_app.engine import Machinery, tasks
from funding_app.models import Application, Procedure, Process, Report
from funding_app.services.applications import cases
from funding_app.services.decisions import decisions, reports
from funding_app.services.money import recoveries
from funding_app.services.operations.clock import local_day
from tests.support.effects import acting
from tests.support.rows import LATE, NOW, Rows

NEXT_DAY = date(2026, 6, 16)
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        (datetime(2026, 6, 15, 21, 59, 59, tzinfo=UTC), date(2026, 6, 15)),
        (datetime(2026, 6, 15, 22, 0, tzinfo=UTC), date(2026, 6, 16)),
        (datetime(2026, 1, 15, 22, 59, 59, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 1, 15, 23, 0, tzinfo=UTC), date(2026, 1, 16)),
        # summer time begins on 29 March and ends on 25 October 2026
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (NEW_YEAR, date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_berlin(when: datetime, day: date) -> None:
    assert local_day(when) == day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 6, 15), datetime(2026, 6, 15, 22, tzinfo=UTC)),
        (date(2026, 1, 15), datetime(2026, 1, 15, 23, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_and_ends_at_the_next(day: date, end: datetime) -> None:
    assert tasks.end_of_day(day) == end


def case_after(rows: Rows, case: Process) -> Application:
    return rows.session.get_one(Application, case.id, populate_existing=True)


WRITTEN: dict[str, tuple[Callable[..., None], Mapping[str, Any], Mapping[str, Any]]] = {
    "closed_on": (cases.publish_result, {}, {}),
    "decided_on": (decisions.issue_letter, {"kind": "award"}, {}),
    "sent_on": (decisions.dispatch_letter, {}, {"channel": "post"}),
    "waived_on": (decisions.waive_remedy, {}, {}),
}


@pytest.mark.parametrize("column", WRITTEN)
def test_a_day_is_written_as_in_berlin(rows: Rows, machinery: Machinery, column: str) -> None:
    effect, params, data = WRITTEN[column]
    case = rows.case("notified", notified_on=date(2026, 6, 1))
    effect(acting(rows, machinery, case, data, LATE), params)
    assert getattr(case_after(rows, case), column) == NEXT_DAY


def test_a_letter_by_post_counts_from_the_day_in_berlin(rows: Rows, machinery: Machinery) -> None:
    """Four days after the 16th (§ 41 Abs. 2 VwVfG), then a month and a day (§ 74 VwGO)."""
    case = rows.case("decision_approved")
    decisions.dispatch_letter(acting(rows, machinery, case, {"channel": "post"}, LATE), {})
    after = case_after(rows, case)
    assert (after.notified_on, after.final_on) == (date(2026, 6, 20), date(2026, 7, 21))


def test_a_decision_read_late_in_the_evening_was_read_the_next_day(rows: Rows) -> None:
    case = rows.case("notified", channel="own_portal", sent_on=date(2026, 6, 10))
    decisions.retrieve(rows.session, case.id, rows.person.id, LATE)
    after = case_after(rows, case)
    assert (after.retrieved_on, after.notified_on) == (NEXT_DAY, date(2026, 6, 17))


def test_a_case_gets_its_number_in_the_year_of_berlin(rows: Rows, machinery: Machinery) -> None:
    context = acting(rows, machinery, rows.case("draft"), {}, NEW_YEAR)
    cases.assign_reference(context, {"prefix": "CC"})
    assert str(context.columns["reference"]).startswith("CC-2027-")
    before = acting(rows, machinery, rows.case("draft"), {}, NEW_YEAR)
    before.command = replace(before.command, received_at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    cases.assign_reference(before, {"prefix": "CC"})
    assert str(before.columns["reference"]).startswith("CC-2026-"), "it came in before midnight"


def test_the_year_of_a_claim_begins_on_the_day_in_berlin(rows: Rows, machinery: Machinery) -> None:
    claim = rows.procedure(rows.case("active"), "recovery", "hearing")
    recoveries.fix_one_year(acting(rows, machinery, claim, when=LATE), {})
    record = rows.session.get_one(Procedure, claim.id, populate_existing=True)
    assert record.data == {"decide_by": "2027-06-16"}


def test_the_proof_is_due_from_the_day_of_fulfilment(rows: Rows, machinery: Machinery) -> None:
    """Six months after the day on which the purpose is fulfilled (Nr. 6 ANBest-P)."""
    case = rows.case("active", period_end=date(2027, 12, 31))
    context = acting(rows, machinery, case, when=LATE)
    context.command = replace(context.command, event="fulfil_purpose")
    reports.open_proof(context, {"kind": "proof_of_use"})
    due = [report.due_on for report in rows.session.query(Report).all()]
    assert due == [date(2026, 12, 16)]


def test_now_is_no_evening(rows: Rows, machinery: Machinery) -> None:
    case = rows.case("notified", notified_on=date(2026, 6, 1))
    cases.publish_result(acting(rows, machinery, case, {}, NOW), {})
    assert case_after(rows, case).closed_on == date(2026, 6, 15)
