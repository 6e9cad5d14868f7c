"""Both programmes from draft to closed, each step by its own person, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from funding_app.demo.runner import Story, draw, tell_grant, tell_micro_grant, tell_to_active
from funding_app.engine.log.verify import verify
from funding_app.models import (
    Application,
    BudgetLine,
    Document,
    FundingShare,
    LogRecord,
    PaymentRequest,
    Process,
    Task,
)

pytestmark = pytest.mark.both_databases

AMOUNT = Decimal("250000.00")
PERIOD = ("2026-04-01", "2026-12-31")


def test_a_grant_of_three_ministries_is_settled_to_the_cent(story: Story) -> None:
    tell_grant(story, AMOUNT, *PERIOD)
    with story.database.read() as session:
        case = session.get_one(Application, story.case_id)
        assert session.get_one(Process, story.case_id).state == "closed"
        assert (case.granted, case.paid, case.final_grant) == (AMOUNT, AMOUNT, AMOUNT)
        shares = session.scalars(select(FundingShare.amount).order_by(FundingShare.position)).all()
        # 60 / 25 / 15 percent of 250,000.00
        assert list(shares) == [Decimal("150000.00"), Decimal("62500.00"), Decimal("37500.00")]
        lines = session.scalars(select(BudgetLine).where(BudgetLine.year == 2026)).all()
        assert sorted(line.disbursed for line in lines) == sorted(shares)
        assert all(line.committed == line.disbursed and not line.reserved for line in lines)
        assert verify(session) == []
        open_tasks = session.scalar(
            select(func.count())
            .select_from(Task)
            .join(Process, Process.id == Task.process_id)
            .where(Task.done_at.is_(None), Process.is_terminal)
        )
        assert open_tasks == 0


def test_a_micro_grant_is_decided_by_two_persons_and_paid_in_full(story: Story) -> None:
    tell_micro_grant(story, Decimal("4800.00"))
    with story.database.read() as session:
        case = session.get_one(Application, story.case_id)
        assert session.get_one(Process, story.case_id).state == "closed"
        assert case.paid == case.final_grant == Decimal("4800.00")
        decided = session.scalars(select(LogRecord).where(LogRecord.event == "decide_grant")).one()
        assert decided.proposer_id == story.world.people["officer"]
        assert decided.actor_id == story.world.people["approver"]
        kinds = session.scalars(select(Document.kind).order_by(Document.kind)).all()
        assert kinds == ["award", "receipt"]


def test_odd_payments_never_drift(story: Story) -> None:
    tell_to_active(story, Decimal("100000.01"), *PERIOD)
    for amount in ("33333.33", "33333.33", "33333.35"):
        draw(story, Decimal(amount))
    with story.database.read() as session:
        parts = session.scalars(select(PaymentRequest.parts)).all()
        shares = session.scalars(select(FundingShare)).all()
        for share in shares:
            drawn = sum(Decimal(part[str(share.ministry_id)]) for part in parts)
            assert drawn == share.amount
