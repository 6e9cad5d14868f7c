"""What effects book: lines before, lines after, to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from funding_app.engine import EffectContext, Machinery, Refused
from funding_app.models import (
    Application,
    BudgetEntry,
    BudgetLine,
    FundingShare,
    LabCapacity,
    LabHours,
    Organisation,
    PaymentRequest,
    Procedure,
    Process,
    Report,
)
from funding_app.services.decisions import reports
from funding_app.services.money import budget, lab, payments, recoveries
from tests.support.effects import acting
from tests.support.rows import NOW, TODAY, Rows

pytestmark = pytest.mark.both_databases
TITLE = "1101 684 21"


def line(
    rows: Rows,
    year: int = 2026,
    *,
    ministry: Organisation | None = None,
    title: str = TITLE,
    **euro: str,
) -> BudgetLine:
    amounts = {name: Decimal(text) for name, text in ({"available": "1000"} | euro).items()}
    owner = ministry or rows.ministry
    return rows.add(BudgetLine(ministry_id=owner.id, title=title, year=year, **amounts))


def stands(rows: Rows, of: BudgetLine) -> tuple[str, str, str]:
    """Reserved, committed and paid out."""
    now = rows.session.get_one(BudgetLine, of.id, populate_existing=True)
    return str(now.reserved), str(now.committed), str(now.disbursed)


def entry(rows: Rows, of: BudgetLine, process: Process, kind: str, euro: str) -> None:
    rows.add(
        BudgetEntry(
            budget_line_id=of.id, process_id=process.id, kind=kind, amount=Decimal(euro), at=NOW
        )
    )


def entries(rows: Rows, process: Process) -> list[tuple[str, str]]:
    found = rows.session.execute(
        select(BudgetEntry.kind, BudgetEntry.amount)
        .where(BudgetEntry.process_id == process.id)
        .order_by(BudgetEntry.kind, BudgetEntry.amount)
    )
    return [(kind, str(amount)) for kind, amount in found]


def committed_as_entered(rows: Rows) -> bool:
    """Whether what lines say is committed is the sum of what was entered."""
    said = rows.session.scalar(select(func.sum(BudgetLine.committed)))
    entered = select(func.sum(BudgetEntry.amount)).where(BudgetEntry.kind == "commit")
    return said == rows.session.scalar(entered)


def refusal(context: EffectContext, effect: Any, params: Mapping[str, Any] | None = None) -> str:
    with pytest.raises(Refused) as refused:
        effect(context, params or {})
    return refused.value.code


def test_what_is_available_is_never_set_below_what_is_taken(rows: Rows) -> None:
    kept = line(rows, available="1000", reserved="300", committed="200")
    other = line(rows, 2027, available="1000")
    args = rows.session, rows.ministry.id, TITLE, 2026, "appropriation"
    assert not budget.set_available(*args, Decimal("499.99"))
    assert budget.set_available(*args, Decimal("500.00"))
    rows.session.expire_all()
    assert (kept.available, other.available) == (Decimal(500), Decimal(1000))
    new = rows.session, rows.ministry.id, "another title", 2026, "appropriation"
    assert budget.set_available(*new, Decimal(7))
    titles = select(BudgetLine.title).where(BudgetLine.available == Decimal(7))
    assert rows.session.scalars(titles).all() == ["another title"]


def signing(rows: Rows) -> tuple[Process, BudgetLine, BudgetLine]:
    """A signature of one of two ministries that share a case half and half."""
    other = rows.organisation_of("ministry", "Anderes Ministerium")
    case = rows.case("consultation")
    rows.share(case, rows.ministry, "50", "400.00", 0)
    rows.share(case, other, "50", "400.00", 1)
    lines = line(rows), line(rows, ministry=other)
    line(rows, 2027)
    line(rows, title="another title")
    return rows.signature(case, rows.ministry, "waiting", ""), *lines


def test_a_ministry_sets_its_own_share_aside(rows: Rows, machinery: Machinery) -> None:
    signature, own, other = signing(rows)
    budget.reserve_budget(acting(rows, machinery, signature), {})
    assert stands(rows, own) == ("400.00", "0.00", "0.00")
    assert stands(rows, other) == ("0.00", "0.00", "0.00")
    assert entries(rows, signature) == [("reserve", "400.00")]
    budget.release_reservation(acting(rows, machinery, signature), {})
    assert stands(rows, own) == ("0.00", "0.00", "0.00")
    assert entries(rows, signature) == []


@pytest.mark.parametrize(
    ("reserved", "committed", "code"),
    [
        ("600.00", "0", None),
        ("0", "600.00", None),
        ("300.01", "300.00", "budget_insufficient"),
        ("600.01", "0", "budget_insufficient"),
        ("0", "600.01", "budget_insufficient"),
    ],
)
def test_money_that_is_taken_is_not_free(
    rows: Rows, machinery: Machinery, reserved: str, committed: str, code: str | None
) -> None:
    signature, own, _other = signing(rows)
    rows.change(own, reserved=Decimal(reserved), committed=Decimal(committed))
    context = acting(rows, machinery, signature)
    if code:
        assert refusal(context, budget.reserve_budget) == code
    else:
        budget.reserve_budget(context, {})


def test_a_year_without_a_line_is_refused(rows: Rows, machinery: Machinery) -> None:
    case = rows.case("consultation")
    rows.share(case, rows.ministry, "100", "400.00")
    line(rows, 2027)
    signature = rows.signature(case, rows.ministry, "waiting", "")
    context = acting(rows, machinery, signature)
    assert refusal(context, budget.reserve_budget) == "budget_insufficient"


def test_a_decision_turns_reservations_into_commitments(rows: Rows, machinery: Machinery) -> None:
    signature, own, other = signing(rows)
    case = rows.session.get_one(Process, signature.parent_id)
    budget.reserve_budget(acting(rows, machinery, signature), {})
    stranger = rows.signature(rows.case(), rows.ministry, "waiting", "")
    entry(rows, own, stranger, "reserve", "5.00")
    rows.change(own, reserved=own.reserved)
    budget.commit_budget(acting(rows, machinery, case), {})
    assert stands(rows, own) == ("0.00", "400.00", "0.00")
    assert stands(rows, other) == ("0.00", "400.00", "0.00")
    assert entries(rows, case) == [("commit", "400.00"), ("commit", "400.00")]
    assert entries(rows, stranger) == [("reserve", "5.00")]


def granted(rows: Rows, *lines: tuple[int, str, str], state: str = "active") -> Process:
    """A grant of one ministry, with lines of a year: committed and paid so far."""
    case = rows.case(state, granted=Decimal("300.00"), paid=Decimal(0))
    rows.share(case, rows.ministry, "100", "300.00")
    for year, committed, paid in lines:
        made = line(rows, year, committed=committed, disbursed=paid)
        entry(rows, made, case, "commit", committed)
        if Decimal(paid):
            earlier = rows.payment(case, "paid", paid, parts={str(rows.ministry.id): paid})
            entry(rows, made, earlier, "disburse", paid)
    return case


def lines_of(rows: Rows) -> dict[int, tuple[str, str, str]]:
    found = rows.session.scalars(select(BudgetLine).order_by(BudgetLine.year)).all()
    return {each.year: stands(rows, each) for each in found}


def pay(
    rows: Rows, machinery: Machinery, case: Process, amount: str, on: date = TODAY
) -> EffectContext:
    request = rows.payment(case, "exported", amount)
    return acting(rows, machinery, request, {"paid_on": on.isoformat()})


def test_a_payment_draws_the_oldest_commitments_first(rows: Rows, machinery: Machinery) -> None:
    case = granted(rows, (2027, "100.00", "0"), (2025, "100.00", "40.00"), (2026, "100.00", "0"))
    context = pay(rows, machinery, case, "100.00")
    payments.book_disbursement(context, {})
    assert lines_of(rows) == {
        2025: ("0.00", "100.00", "100.00"),
        2026: ("0.00", "100.00", "40.00"),
        2027: ("0.00", "100.00", "0.00"),
    }
    request = rows.session.get_one(PaymentRequest, context.process.id, populate_existing=True)
    # six weeks to use it (Nr. 1.4 ANBest-P)
    assert (request.paid_on, request.use_by) == (TODAY, date(2026, 7, 27))
    assert request.parts == {str(rows.ministry.id): "100.00"}
    assert rows.session.get_one(Application, case.id, populate_existing=True).paid == 100


@pytest.mark.parametrize(("amount", "fits"), [("160.00", True), ("160.01", False)])
def test_no_payment_draws_on_a_coming_year(
    rows: Rows, machinery: Machinery, amount: str, fits: bool
) -> None:
    case = granted(rows, (2025, "100.00", "40.00"), (2026, "100.00", "0"), (2027, "100.00", "0"))
    context = pay(rows, machinery, case, amount)
    if fits:
        payments.check_year_budget(context, {})
        payments.book_disbursement(context, {})
        return
    for effect in (payments.check_year_budget, payments.book_disbursement):
        assert refusal(context, effect) == "commitment_authority_insufficient"


def test_a_payment_says_on_which_day(rows: Rows, machinery: Machinery) -> None:
    case = granted(rows, (2026, "100.00", "0"))
    request = rows.payment(case, "exported", "1.00")
    for data in ({}, {"paid_on": "gestern"}):
        context = acting(rows, machinery, request, data)
        assert refusal(context, payments.book_disbursement) == "invalid_data"


def test_what_was_not_paid_is_free_at_the_end(rows: Rows, machinery: Machinery) -> None:
    case = granted(rows, (2025, "100.00", "100.00"), (2026, "100.00", "30.00"))
    granted(rows, (2028, "50.00", "0"))
    budget.release_commitments(acting(rows, machinery, case), {})
    assert lines_of(rows) == {
        2025: ("0.00", "100.00", "100.00"),
        2026: ("0.00", "30.00", "30.00"),
        2028: ("0.00", "50.00", "0.00"),
    }
    assert entries(rows, case)[-2:] == [("commit", "100.00")] * 2 and committed_as_entered(rows)


def test_what_is_free_again_is_free_once_and_can_be_committed_anew(
    rows: Rows, machinery: Machinery
) -> None:
    """After an objection that succeeded the case is decided again, on the same lines."""
    case = granted(rows, (2026, "300.00", "0"))
    context = acting(rows, machinery, case)
    for _again in range(2):
        budget.release_commitments(context, {})
        assert lines_of(rows) == {2026: ("0.00", "0.00", "0.00")}
    budget.commit_budget(context, {})
    assert lines_of(rows) == {2026: ("0.00", "300.00", "0.00")}
    assert committed_as_entered(rows)
    budget.release_commitments(context, {})
    assert lines_of(rows) == {2026: ("0.00", "0.00", "0.00")}
    assert committed_as_entered(rows)


def test_commitments_move_to_another_year(rows: Rows, machinery: Machinery) -> None:
    case = granted(rows, (2026, "300.00", "100.00"))
    line(rows, 2027)
    context = acting(rows, machinery, rows.procedure(case, "amendment", "draft"))
    with pytest.raises(Refused) as refused:
        budget.move_year(context, "2026", "2027", Decimal("200.01"))
    assert refused.value.code == "total_exceeded"
    budget.move_year(context, "2026", "2027", Decimal("200.00"))
    assert lines_of(rows) == {2026: ("0.00", "100.00", "100.00"), 2027: ("0.00", "200.00", "0.00")}
    share = rows.session.get_one(FundingShare, (case.id, rows.ministry.id), populate_existing=True)
    assert share.amounts == {"2026": "100.00", "2027": "200.00"}
    with pytest.raises(Refused) as unknown:
        budget.move_year(context, "2031", "2027", Decimal(1))
    assert unknown.value.code == "invalid_data"


def record(rows: Rows, process: Process) -> Mapping[str, Any]:
    return rows.session.get_one(Procedure, process.id, populate_existing=True).data


def recovered(rows: Rows, *paid: tuple[str, str, str]) -> Process:
    """A recovery on a case whose payments were split between two ministries."""
    case = rows.case("active")
    for state, first, second in paid:
        parts = {"a": first, "b": second}
        rows.payment(case, state, str(Decimal(first) + Decimal(second)), parts=parts)
    rows.payment(rows.case("active"), "paid", "900", parts={"a": "900"})
    return rows.procedure(case, "recovery", "hearing", {"interest_from": "2026-01-01"})


def test_a_claim_is_split_by_what_each_has_paid(rows: Rows, machinery: Machinery) -> None:
    claim = recovered(rows, ("paid", "60", "40"), ("paid", "30", "20"), ("exported", "500", "0"))
    context = acting(rows, machinery, claim, {"amount": "100.01"})
    recoveries.fix_claim(context, {})
    assert record(rows, claim)["claim"] == "100.01"
    assert record(rows, claim)["claim_parts"] == {"a": "60.01", "b": "40.00"}


@pytest.mark.parametrize(
    ("amount", "code"),
    [("150.00", None), ("150.01", "total_exceeded"), ("0", "total_exceeded"),
     ("viel", "invalid_data"), (None, "invalid_data"), ("-1", "invalid_data")],
)  # fmt: skip
def test_no_more_is_claimed_than_was_paid(
    rows: Rows, machinery: Machinery, amount: str | None, code: str | None
) -> None:
    claim = recovered(rows, ("paid", "90", "60"))
    context = acting(rows, machinery, claim, {"amount": amount} if amount is not None else {})
    if code:
        assert refusal(context, recoveries.fix_claim) == code
    else:
        recoveries.fix_claim(context, {})


def test_interest_runs_to_the_last_receipt(rows: Rows, machinery: Machinery) -> None:
    """1,000 euro at 6.27 % (base rate 1.27 and five points) for 73 days of 365."""
    claim = recovered(rows, ("paid", "1000", "0"))
    recoveries.fix_claim(acting(rows, machinery, claim, {"amount": "1000.00"}), {})
    data = {"received_on": "2026-03-15", "received": "1000.00"}
    recoveries.book_receipt(acting(rows, machinery, claim, data), {})
    assert record(rows, claim)["interest"] == "12.54"


def test_no_interest_without_a_base_rate(rows: Rows, machinery: Machinery) -> None:
    """Nobody knows the base rate of 2099 yet."""
    claim = recovered(rows, ("paid", "1000", "0"))
    recoveries.fix_claim(acting(rows, machinery, claim, {"amount": "1000.00"}), {})
    data = {"received_on": "2099-03-15", "received": "1000.00"}
    receipt = acting(rows, machinery, claim, data)
    assert refusal(receipt, recoveries.book_receipt) == "base_rate_missing"
    late = used(rows, machinery, rest="1.00", on="2099-03-15")
    assert refusal(late, payments.fix_usage_interest) == "base_rate_missing"


def used(rows: Rows, machinery: Machinery, *, rest: str, on: str) -> EffectContext:
    """A rest of 100 euro that had to be used until 1 January is used on a day."""
    data = {"until": "2026-01-01", "paid": "100.00", "rest": rest}
    usage = rows.procedure(rows.case("active"), "usage_report", "asked", data)
    return acting(rows, machinery, usage, {"used_on": on})


def test_a_rest_used_late_bears_interest(rows: Rows, machinery: Machinery) -> None:
    """100 euro at 6.27 % for 73 days of 365 (§ 49a Abs. 4 VwVfG)."""
    context = used(rows, machinery, rest="100.00", on="2026-03-15")
    payments.fix_usage_interest(context, {})
    usage = rows.session.get_one(Procedure, context.process.id, populate_existing=True)
    assert usage.data["interest"] == "1.25"
    too_much = used(rows, machinery, rest="100.01", on="2026-03-15")
    assert refusal(too_much, payments.fix_usage_interest) == "total_exceeded"


def test_hours_are_taken_worked_and_given_back(rows: Rows, machinery: Machinery) -> None:
    june = date(2026, 6, 1)
    for skill, month in (("ml", june), ("data", june), ("ml", date(2026, 7, 1))):
        rows.add(LabCapacity(skill=skill, month=month, hours=20, reserved=10))
    data = {"skill": "ml", "month": "2026-06-20", "hours": "8"}
    case = rows.procedure(None, "lab_support", "interview", data)

    def stand() -> tuple[int, int, int]:
        own = rows.session.get_one(LabHours, case.id, populate_existing=True)
        free = rows.session.get_one(LabCapacity, ("ml", june), populate_existing=True)
        return own.reserved, own.logged, free.reserved

    lab.reserve_hours(acting(rows, machinery, case), {})
    assert stand() == (8, 0, 18)
    too_many = acting(rows, machinery, case, {"more_hours": "3"})
    assert refusal(too_many, lab.extend_hours) == "capacity_insufficient"
    lab.extend_hours(acting(rows, machinery, case, {"more_hours": "2"}), {})
    assert stand() == (10, 0, 20)
    first = acting(rows, machinery, case, {"spent": "7"})
    lab.log_hours(first, {})
    assert "hours_warning" not in first.notes
    second = acting(rows, machinery, case, {"spent": "1"})
    lab.log_hours(second, {})
    assert second.notes["hours_warning"] == "8 / 10"
    assert record(rows, case)["ledger"] == [{"spent": "7"}, {"spent": "1"}]
    lab.release_hours(acting(rows, machinery, case), {})
    assert stand() == (8, 8, 18)
    others = select(LabCapacity.reserved).where(LabCapacity.reserved != 18)
    assert rows.session.scalars(others).all() == [10, 10]


def test_the_final_grant_follows_what_was_recognised(rows: Rows, machinery: Machinery) -> None:
    """Ninety percent of 900 euro instead of 1,000, above the threshold (Nr. 2 ANBest-P)."""
    rows.change(rows.call, financing_type="pro_rata")
    case = rows.case("settlement", granted=Decimal(9000), expenditure=Decimal(10000))
    own = rows.report(case, "audited", TODAY, "proof_of_use")
    rows.change(
        rows.session.get_one(Report, own.id),
        recognised_expenditure=Decimal(9000),
        new_other_funds=Decimal(0),
    )
    interim = rows.report(case, "audited", TODAY, "interim_report")
    rows.change(rows.session.get_one(Report, interim.id), recognised_expenditure=Decimal(1))
    reports.settle(acting(rows, machinery, case), {})
    after = rows.session.get_one(Application, case.id, populate_existing=True)
    assert after.final_grant == Decimal(8100)
