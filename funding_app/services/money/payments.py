"""Payments: requested, split between the ministries so that sums never drift, booked once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms.budget import euro
from funding_app.engine import (
    Command,
    Creation,
    EffectContext,
    ProcessRow,
    begin,
    create,
    fire_as_parent,
)
from funding_app.engine.records import DAY_FIELD, begin_procedure, record, recorded
from funding_app.models import Application, Call, PaymentRequest, Process, Report
from funding_app.models.types import tagged
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.decisions.letters import TRANCHES
from funding_app.queries.operations.parameters import base_rates, value_on, whole_on
from funding_app.rules.interest import BaseRateMissing, interest
from funding_app.rules.money import split, split_cumulative
from funding_app.rules.reports import timely_use_by
from funding_app.services.money.budget import disburse, payment_bookings, shares_of
from funding_app.services.operations.clock import local_day
from workflows.vocabulary.tags import Tag


def payment_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """Whether the case may draw money, what is left of the grant, and overdue reports."""
    case_id = process.root_id
    case = session.execute(
        select(Application.granted, Application.final_grant, Application.paid, Process.tags)
        .join(Process, Process.id == Application.id)
        .where(Application.id == case_id)
    ).one()
    under_way = session.execute(
        select(PaymentRequest.id, PaymentRequest.amount)
        .join(Process, Process.id == PaymentRequest.id)
        .where(PaymentRequest.application_id == case_id, tagged(Process.tags, Tag.UNDER_WAY))
    ).all()
    other = [row.amount or Decimal(0) for row in under_way if row.id != process.id]
    overdue = session.scalars(
        select(Report.id)
        .join(Process, Process.id == Report.id)
        .where(
            Report.application_id == case_id,
            Report.due_on < local_day(when),
            tagged(Process.tags, Tag.DUE),
        )
    ).first()
    grant = case.granted if case.final_grant is None else case.final_grant
    left = (grant or Decimal(0)) - case.paid - sum(other, Decimal(0))
    return {
        "parent_active": Tag.DRAWS_MONEY in case.tags,
        "amount_available": _requested(session, process) <= left,
        "no_overdue_report": overdue is None,
    }


def _requested(session: Session, process: ProcessRow) -> Decimal:
    fixed = session.scalar(select(PaymentRequest.amount).where(PaymentRequest.id == process.id))
    if Tag.DRAFT not in process.tags:
        return fixed or Decimal(0)
    return euro(answers_of(session, process.id).get("amount")) or Decimal(0)


def open_payment_request(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: a draft request; with `full` one over the whole grant, handed in at once."""
    session, case = context.session, context.process
    creation = Creation(
        params["kind"],
        context.command.actor_id,
        context.when,
        parent=case,
        door=context.command.door,
    )
    child = create(session, context.machinery, creation)
    request = PaymentRequest(id=child.id, application_id=case.id)
    session.add(request)
    begin(session, context.machinery, child)
    if params.get("full") or "amount" in params:
        request.amount = params.get("amount") or session.scalar(
            select(Application.granted).where(Application.id == case.id)
        )
        request.needed_by = local_day(context.when)
        session.flush()
        command = Command(child.id, "submit_full", None, context.when, door="engine")
        fire_as_parent(session, context.machinery, command)
    context.notes["payment_request"] = child.id


def open_tranche(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: the payment of one tranche of a prize, handed in at once."""
    granted = context.session.scalar(
        select(Application.granted).where(Application.id == context.process.id)
    )
    part = split(granted or Decimal(0), TRANCHES)[params["number"] - 1]
    record(context, {"tranche": params["number"]})
    open_payment_request(context, {"kind": params["kind"], "amount": part})


def repeat_tranche(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: the tranche whose payment was rejected is requested once more."""
    number = recorded(context.session, context.process.id)["tranche"]
    open_tranche(context, {**params, "number": number})


def fix_payment(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the requested amount and date, from the answers handed in."""
    answers = answers_of(context.session, context.process.id)
    context.session.execute(
        update(PaymentRequest)
        .where(PaymentRequest.id == context.process.id)
        .values(
            amount=Decimal(answers["amount"]), needed_by=date.fromisoformat(answers["needed_by"])
        )
    )


def _parts(context: EffectContext) -> dict[uuid.UUID, Decimal]:
    """The ministries' parts of this payment, cumulated with all earlier ones."""
    session, case_id = context.session, context.process.root_id
    shares = shares_of(session, case_id)
    earlier = session.scalars(
        select(PaymentRequest.parts)
        .join(Process, Process.id == PaymentRequest.id)
        .where(PaymentRequest.application_id == case_id, tagged(Process.tags, Tag.PAID))
    ).all()
    amount = session.scalar(
        select(PaymentRequest.amount).where(PaymentRequest.id == context.process.id)
    )
    so_far = [
        sum((Decimal(parts.get(str(share.ministry_id), "0")) for parts in earlier), Decimal(0))
        for share in shares
    ]
    parts = split_cumulative(so_far, amount or Decimal(0), [share.percent for share in shares])
    return {share.ministry_id: part for share, part in zip(shares, parts, strict=True)}


def check_year_budget(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect of the payment order: refuses where a title's commitment does not cover the part."""
    payment_bookings(context, _parts(context), local_day(context.when).year)


def book_disbursement(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect of the payment: split, booked in each title, with the day until which to use it."""
    try:
        paid_on = date.fromisoformat(str(context.data["paid_on"]))
    except (KeyError, ValueError):
        raise context.refuse("invalid_data", at="paid_on") from None
    parts = _parts(context)
    disburse(context, payment_bookings(context, parts, paid_on.year))
    total = sum(parts.values(), Decimal(0))
    context.session.execute(
        update(PaymentRequest)
        .where(PaymentRequest.id == context.process.id)
        .values(
            paid_on=paid_on,
            use_by=timely_use_by(
                paid_on, days=whole_on(context.session, "timely_use_days", paid_on)
            ),
            parts={str(ministry): str(part) for ministry, part in parts.items()},
        )
    )
    context.session.execute(
        update(Application)
        .where(Application.id == context.process.root_id)
        .values(paid=Application.paid + total)
    )
    context.notes["parts"] = {str(ministry): part for ministry, part in parts.items()}


USED_AS_NEEDED = ("pro_rata", "deficit", "full")
"""Financing that is drawn as it is needed, and so has to be used in time (Nr. 1.4 ANBest-P)."""


def open_usage_report(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: the applicant is asked by when and whether the money is used.

    Not for fixed amounts and prizes, which are paid without regard to single payments.
    """
    session, process = context.session, context.process
    row = session.execute(
        select(PaymentRequest.use_by, PaymentRequest.amount, Call.financing_type)
        .join(Application, Application.id == PaymentRequest.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(PaymentRequest.id == process.id)
    ).one()
    if row.use_by is None or row.financing_type not in USED_AS_NEEDED:
        return
    creation = Creation(
        params["kind"], None, context.when, parent=process, door=context.command.door
    )
    data = {DAY_FIELD: row.use_by.isoformat(), "paid": str(row.amount)}
    begin_procedure(session, context.machinery, creation, data)


def fix_usage_interest(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: interest from the day until which the rest had to be used (§ 49a Abs. 4 VwVfG).

    Refuses a rest that is more than was paid, and where a half-year has no base rate.
    """
    session, process = context.session, context.process
    data = recorded(session, process.id)
    used_on = date.fromisoformat(str(context.data["used_on"]))
    if Decimal(data["rest"]) > Decimal(data["paid"]):
        raise context.refuse("total_exceeded")
    try:
        due = interest(
            Decimal(data["rest"]),
            start=date.fromisoformat(data[DAY_FIELD]),
            end=used_on,
            base_rates=base_rates(session),
            points=value_on(session, "interest_points", used_on),
        )
    except BaseRateMissing as missing:
        raise context.refuse("base_rate_missing", missing=str(missing)) from None
    record(context, {"interest": str(due)})
    context.notes["interest"] = due


FACTS = dict.fromkeys(("parent_active", "amount_available", "no_overdue_report"), payment_facts)
EFFECTS = {
    "open_payment_request": open_payment_request,
    "open_tranche": open_tranche,
    "repeat_tranche": repeat_tranche,
    "fix_payment": fix_payment,
    "check_year_budget": check_year_budget,
    "book_disbursement": book_disbursement,
    "open_usage_report": open_usage_report,
    "fix_usage_interest": fix_usage_interest,
}
