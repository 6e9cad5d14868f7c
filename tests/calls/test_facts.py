"""Facts about calls: rows in, value out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from funding_app.engine import Machinery
from funding_app.models import Process
from tests.support.facts import Cell, named
from tests.support.rows import NOW, Rows

pytestmark = pytest.mark.both_databases
Arrange = Callable[[Rows], Process]
MOMENT = timedelta(microseconds=1)


def under(**call: Any) -> Arrange:
    """A case under a call with these columns."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, **call)
        return rows.case("draft")

    return arrange


def weights(*each: int, **call: Any) -> Arrange:
    criteria = [{"key": f"c{weight}", "weight": weight} for weight in each]
    return under(criteria=criteria, **call)


def without_call(rows: Rows) -> Process:
    return rows.procedure(None, "call", "draft")


def issued_by(issuer: str) -> Arrange:
    def arrange(rows: Rows) -> Process:
        authority = rows.organisation_of("managing_agency", issuer=issuer)
        rows.change(rows.call, authority_id=authority.id)
        return rows.case("notified")

    return arrange


OPEN = [
    Cell("call_open", True, "at its opening", under(opens_at=NOW)),
    Cell("call_open", False, "a moment before it", under(opens_at=NOW + MOMENT)),
    Cell("call_open", False, "not published", under(opens_at=NOW, is_published=False)),
    Cell("call_open", True, "its end is another matter", under(closes_at=NOW - MOMENT)),
    Cell("in_time", True, "a rolling call", under(closes_at=None)),
    Cell("in_time", True, "a moment before midnight", under(closes_at=NOW + MOMENT)),
    Cell("in_time", False, "midnight itself", under(closes_at=NOW)),
    Cell("in_time", True, "an hour that counts", under(closes_at=NOW, closes_inclusive=True)),
    Cell(
        "in_time",
        False,
        "a moment after an hour that counts",
        under(closes_at=NOW - MOMENT, closes_inclusive=True),
    ),
    Cell("strict_deadline", True, "late is excluded", under(strict_deadline=True)),
    Cell("strict_deadline", False, "late is allowed", under(strict_deadline=False)),
    Cell("cut_off", None, "a rolling call", under(closes_at=None)),
    Cell("cut_off", NOW, "the instant", under(closes_at=NOW)),
    Cell("reviews_needed", 3, "as the call says", under(minimum_reviews=3)),
    Cell("reviews_needed", 0, "none", under(minimum_reviews=0)),
    Cell("reserve_until", None, "no reserve list", under(reserve_until=None)),
    Cell("reserve_until", date(2026, 12, 31), "its day", under(reserve_until=date(2026, 12, 31))),
    Cell("call_opens", NOW, "its opening", under(opens_at=NOW, closes_at=NOW + MOMENT)),
    Cell("call_opens", None, "no call yet", without_call),
    Cell("call_closes", NOW, "its end", under(opens_at=NOW - MOMENT, closes_at=NOW)),
    Cell("call_closes", None, "no call yet", without_call),
]
FIXED = [
    Cell("criteria_fixed", True, "a hundred", weights(60, 40)),
    Cell("criteria_fixed", False, "ninety-nine", weights(60, 39)),
    Cell("criteria_fixed", False, "a hundred and one", weights(60, 41)),
    Cell("criteria_fixed", True, "none, and no reviews", weights(minimum_reviews=0)),
    Cell("criteria_fixed", False, "none, but reviews", weights(minimum_reviews=1)),
    Cell("criteria_fixed", False, "ninety-nine without reviews", weights(99, minimum_reviews=0)),
    Cell(
        "criteria_fixed",
        True,
        "one amount alone",
        weights(100, minimum_amount=Decimal(500), maximum_amount=Decimal(500)),
    ),
    Cell(
        "criteria_fixed",
        False,
        "the least exceeds the most",
        weights(100, minimum_amount=Decimal("500.01"), maximum_amount=Decimal(500)),
    ),
    Cell("criteria_fixed", False, "no call yet", without_call),
]
REMEDIES = [
    Cell("remedy_kind", "court_action", "a ministry", issued_by("supreme_authority")),
    Cell("remedy_kind", "objection", "a subordinate authority", issued_by("subordinate_authority")),
    Cell("remedy_kind", "court_action", "no call yet", without_call),
]
TABLE = [*OPEN, *FIXED, *REMEDIES]


@pytest.mark.parametrize("cell", named(TABLE))
def test_the_fact_has_its_value(rows: Rows, machinery: Machinery, cell: Cell) -> None:
    assert cell.read(rows, machinery) == cell.value
