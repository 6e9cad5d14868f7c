"""What ministries sign: every part of it, split to the cent, and only within the call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from funding_app.engine import Machinery, Refused
from funding_app.engine.log import chain
from funding_app.models import Application, CallShare, FundingShare, Process, Submission
from funding_app.services.decisions.co_signatures import (
    amount_from,
    content_of,
    fix_content,
    parse_shares,
    restructure,
    set_shares,
)
from funding_app.services.money.budget import shares_of
from tests.support.effects import acting
from tests.support.rows import NOW, Rows

PERIOD = {"period_start": date(2026, 10, 1), "period_end": date(2027, 9, 30)}


@pytest.fixture
def case(rows: Rows) -> Process:
    """A case of 1,000 euro with one share, handed in twice."""
    made = rows.case(
        "recommended", recommended_amount=Decimal(1000), expenditure=Decimal(1100), **PERIOD
    )
    rows.share(made, rows.ministry, "100", "1000.00")
    for number, sha256 in ((1, "first"), (2, "last")):
        rows.add(
            Submission(
                process_id=made.id,
                number=number,
                answers={},
                sha256=sha256,
                received_at=NOW,
                log_seq=number,
                submitted_by=rows.person.id,
            )
        )
    return made


def application(rows: Rows, case: Process) -> Application:
    return rows.session.get_one(Application, case.id, populate_existing=True)


def test_the_content_says_all_of_it(rows: Rows, case: Process) -> None:
    assert content_of(rows.session, case.id, 3) == {
        "application": str(case.id),
        "round": 3,
        "answers_sha256": "last",
        "amount": "1000.00",
        "financing_type": "pro_rata",
        "expenditure": "1100.00",
        "period": ["2026-10-01", "2027-09-30"],
        "shares": [
            {
                "ministry": str(rows.ministry.id),
                "percent": "100.00",
                "amount": "1000.00",
                "amounts": {"2026": "1000.00"},
                "budget_title": "1101 684 21",
            }
        ],
    }


def _case(**values: Any) -> Callable[[Rows, Process], None]:
    return lambda rows, case: rows.change(application(rows, case), **values)


def _share(**values: Any) -> Callable[[Rows, Process], None]:
    def change(rows: Rows, case: Process) -> None:
        rows.change(rows.session.get_one(FundingShare, (case.id, rows.ministry.id)), **values)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _case(recommended_amount=Decimal(999)),
        _case(expenditure=Decimal(1)),
        _case(period_start=date(2026, 10, 2)),
        _case(period_end=date(2027, 9, 29)),
        _share(percent=Decimal(99)),
        _share(amount=Decimal(999)),
        _share(amounts={"2027": "1000.00"}),
        _share(budget_title="another title"),
        lambda rows, _case: rows.change(rows.call, financing_type="deficit"),
    ],
    ids="amount expenditure start end percent part years title financing".split(),
)
def test_its_hash_covers_each_part(
    rows: Rows, case: Process, change: Callable[[Rows, Process], None]
) -> None:
    before = chain.digest(content_of(rows.session, case.id, 1))
    assert chain.digest(content_of(rows.session, case.id, 2)) != before
    change(rows, case)
    assert chain.digest(content_of(rows.session, case.id, 1)) != before


def test_each_round_fixes_a_content_of_its_own(
    rows: Rows, case: Process, machinery: Machinery
) -> None:
    first = acting(rows, machinery, case)
    fix_content(first, {})
    kept = application(rows, case)
    assert (kept.round, kept.content_hash) == (1, first.notes["content_hash"])
    assert kept.content_hash == chain.digest(content_of(rows.session, case.id, 1))
    second = acting(rows, machinery, case)
    fix_content(second, {})
    assert application(rows, case).round == 2
    assert second.notes["content_hash"] != first.notes["content_hash"]


def test_an_amount_is_split_between_ministries_and_years(rows: Rows, case: Process) -> None:
    """A third each, the lead takes the cent; 92 of 365 days lie in the first year."""
    others = [rows.organisation_of("ministry", f"Ministerium {number}") for number in (1, 2)]
    for position, ministry in enumerate((rows.ministry, *others)):
        share = {"call_id": rows.call.id, "ministry_id": ministry.id, "budget_title": "1"}
        rows.add(CallShare(position=position, percent=0, **share))
    percents = [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    set_shares(rows.session, case.id, Decimal("100.01"), percents)
    found = shares_of(rows.session, case.id)
    assert [str(each.amount) for each in found] == ["33.35", "33.33", "33.33"]
    assert [each.amounts for each in found] == [
        {"2026": "8.41", "2027": "24.94"},
        {"2026": "8.40", "2027": "24.93"},
        {"2026": "8.40", "2027": "24.93"},
    ]
    assert [each.ministry_id for each in found] == [rows.ministry.id, *(one.id for one in others)]


@pytest.mark.parametrize(
    ("text", "percents"),
    [("60/25/15", [60, 25, 15]), ("33,5/66,5", ["33.5", "66.5"]), (" 100 / 0 ", [100, 0])],
)
def test_shares_are_read(text: str, percents: list[Any]) -> None:
    assert parse_shares(text) == [Decimal(each) for each in percents]


@pytest.mark.parametrize("text", ["60/39", "60/41", "110/-10", "a/b", "", "NaN/100", "Infinity"])
def test_what_does_not_add_up_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_shares(text)


@pytest.mark.parametrize(
    ("amount", "requested", "fits"),
    [
        ("500.00", "5000", True),
        ("499.99", "5000", False),
        ("5000.00", None, True),
        ("5000.01", None, False),
        ("800.00", "800", True),
        ("800.01", "800", False),
        ("5000.01", "9000", False),
    ],
)
def test_an_amount_is_within_what_was_asked_and_the_call(
    rows: Rows, machinery: Machinery, amount: str, requested: str | None, fits: bool
) -> None:
    rows.change(rows.call, minimum_amount=Decimal(500), maximum_amount=Decimal(5000))
    asked = {"requested": Decimal(requested)} if requested else {}
    context = acting(rows, machinery, rows.case("panel", **asked), {"amount": amount})
    if fits:
        assert amount_from(context) == Decimal(amount)
    else:
        with pytest.raises(Refused) as refused:
            amount_from(context)
        assert refused.value.code == "amount_outside_call"


@pytest.mark.parametrize(
    ("data", "code"),
    [({}, "invalid_data"), ({"amount": "viel"}, "invalid_data"), ({"amount": "0"},
     "amount_outside_call"), ({"amount": "1.001"}, "invalid_data")],
)  # fmt: skip
def test_what_is_no_amount_is_refused(
    rows: Rows, machinery: Machinery, data: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        amount_from(acting(rows, machinery, rows.case("panel"), data))
    assert refused.value.code == code


def test_a_new_key_takes_content_and_decision_back(
    rows: Rows, case: Process, machinery: Machinery
) -> None:
    rows.call_share(rows.ministry)
    values = {"decision_kind": "grant", "granted": Decimal(1000), "content_hash": "old"}
    rows.change(application(rows, case), **values)
    restructure(acting(rows, machinery, case, {"amount": "900.00", "shares": "100"}), {})
    after = application(rows, case)
    assert (after.recommended_amount, after.granted) == (Decimal(900), None)
    assert (after.content_hash, after.decision_kind) == ("", "")
    with pytest.raises(Refused) as refused:
        restructure(acting(rows, machinery, case, {"amount": "900.00", "shares": "99"}), {})
    assert refused.value.code == "shares_incomplete"
