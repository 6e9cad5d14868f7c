"""Recovery: the one-year limit, the claim split by what each ministry paid, interest, receipts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.engine import EffectContext, ProcessRow
from funding_app.engine.records import record, recorded
from funding_app.models import PaymentRequest, Process, Receipt
from funding_app.models.types import tagged
from funding_app.queries.operations.parameters import base_rates, value_on
from funding_app.rules.interest import BaseRateMissing, interest
from funding_app.rules.money import split
from funding_app.rules.periods import end_of_period
from funding_app.services.operations.clock import local_day
from workflows.vocabulary.tags import Tag


def fix_one_year(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: one year from the close of the hearing (§ 48 Abs. 4, § 49 Abs. 2 VwVfG)."""
    heard = local_day(context.when)
    record(context, {"decide_by": end_of_period(heard, years=1, shift=False).isoformat()})


def claim_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """Whether the one-year limit still runs, and whether claim and interest are paid."""
    data = recorded(session, process.id)
    last = data.get("decide_by")
    return {
        "within_one_year": last is None or local_day(when) <= date.fromisoformat(last),
        "claim_settled": "claim" in data and _owed(session, process, data) <= 0,
    }


def _owed(session: Session, process: ProcessRow, data: Mapping[str, Any]) -> Decimal:
    paid = session.scalar(
        select(func.coalesce(func.sum(Receipt.amount), Decimal(0))).where(
            Receipt.process_id == process.id
        )
    )
    return Decimal(data["claim"]) + Decimal(data.get("interest", "0")) - (paid or Decimal(0))


def _paid_parts(session: Session, process: ProcessRow) -> dict[str, Decimal]:
    """What each ministry has paid on the case."""
    parts: dict[str, Decimal] = {}
    for paid in session.scalars(
        select(PaymentRequest.parts)
        .join(Process, Process.id == PaymentRequest.id)
        .where(PaymentRequest.application_id == process.root_id, tagged(Process.tags, Tag.PAID))
        .order_by(PaymentRequest.id)
    ):
        for ministry, part in paid.items():
            parts[ministry] = parts.get(ministry, Decimal(0)) + Decimal(part)
    return parts


def fix_claim(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: what is to be reimbursed, by the key of the payments made (§ 49a Abs. 1 VwVfG).

    Refuses more than was paid.
    """
    claim = context.amount("amount")
    parts = _paid_parts(context.session, context.process)
    if not claim or claim > sum(parts.values(), Decimal(0)):
        raise context.refuse("total_exceeded")
    shares = split(claim, list(parts.values()))
    record(
        context,
        {
            "claim": str(claim),
            "claim_parts": {key: str(share) for key, share in zip(parts, shares, strict=True)},
        },
    )
    context.notes["claim"] = claim


def book_receipt(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: money that came back, and the interest up to that day (§ 49a Abs. 3 VwVfG).

    Refuses where a half-year that bears interest has no base rate.
    """
    session, process = context.session, context.process
    received_on = date.fromisoformat(str(context.data["received_on"]))
    session.add(
        Receipt(process_id=process.id, received_on=received_on, amount=context.amount("received"))
    )
    session.flush()
    data = recorded(session, process.id)
    receipts = session.execute(
        select(Receipt.received_on, Receipt.amount).where(Receipt.process_id == process.id)
    ).all()
    try:
        due = interest(
            Decimal(data["claim"]),
            start=date.fromisoformat(data["interest_from"]),
            end=max(row.received_on for row in receipts),
            base_rates=base_rates(session),
            points=value_on(session, "interest_points", received_on),
            payments=[(row.received_on, row.amount) for row in receipts],
        )
    except BaseRateMissing as missing:
        raise context.refuse("base_rate_missing", missing=str(missing)) from None
    record(context, {"interest": str(due)})
    context.notes["interest"] = due


FACTS = dict.fromkeys(("within_one_year", "claim_settled"), claim_facts)
EFFECTS = {"fix_one_year": fix_one_year, "fix_claim": fix_claim, "book_receipt": book_receipt}
