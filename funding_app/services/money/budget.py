"""Money of several ministries: reserved, committed and paid by title and year, never overdrawn.

One conditional UPDATE per line decides a race; the CHECK on the table holds even without it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from funding_app.engine import EffectContext, ProcessRow
from funding_app.models import (
    Application,
    BudgetEntry,
    BudgetLine,
    Call,
    CoSignature,
    FundingShare,
    Process,
    new_id,
)
from funding_app.rules.money import split
from funding_app.services.operations.clock import local_day
from workflows.vocabulary.tags import Record


@dataclass(frozen=True, slots=True)
class Booking:
    """An amount in euro on one line."""

    line_id: uuid.UUID
    amount: Decimal


def set_available(
    session: Session, ministry_id: uuid.UUID, title: str, year: int, kind: str, amount: Decimal
) -> bool:
    """Opens a line or changes what is available in it (euro).

    `False` where more is reserved and committed already.
    """
    where = (
        BudgetLine.ministry_id == ministry_id,
        BudgetLine.title == title,
        BudgetLine.year == year,
    )
    if session.scalars(select(BudgetLine.id).where(*where)).first() is None:
        values = {"ministry_id": ministry_id, "title": title, "year": year}
        session.add(BudgetLine(**values, kind=kind, available=amount))
        session.flush()
        return True
    taken = BudgetLine.reserved + BudgetLine.committed
    changed = update(BudgetLine).where(*where, taken <= amount)
    found = session.execute(
        changed.values(available=amount, kind=kind)
        .returning(BudgetLine.id)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None


def _line(session: Session, share: FundingShare, year: str) -> uuid.UUID | None:
    return session.scalar(
        select(BudgetLine.id).where(
            BudgetLine.ministry_id == share.ministry_id,
            BudgetLine.title == share.budget_title,
            BudgetLine.year == int(year),
        )
    )


def _bookings(context: EffectContext, shares: Iterable[FundingShare]) -> list[Booking]:
    found = []
    for share in shares:
        for year, text in sorted(share.amounts.items()):
            amount = Decimal(text)
            line = _line(context.session, share, year)
            if amount and line is None:
                raise context.refuse("budget_insufficient", title=share.budget_title, year=year)
            if amount and line is not None:
                found.append(Booking(line, amount))
    return sorted(found, key=lambda booking: booking.line_id)


def shares_of(session: Session, application_id: uuid.UUID) -> Sequence[FundingShare]:
    """The ministries' shares of a case, the lead first."""
    return session.scalars(
        select(FundingShare)
        .where(FundingShare.application_id == application_id)
        .order_by(FundingShare.position)
        .execution_options(populate_existing=True)
    ).all()


def _enter(context: EffectContext, booking: Booking, kind: str, round_: int = 1) -> None:
    context.session.execute(
        insert(BudgetEntry).values(
            id=new_id(),
            budget_line_id=booking.line_id,
            process_id=context.process.id,
            kind=kind,
            round=round_,
            amount=booking.amount,
            at=context.when,
        )
    )


def _take(context: EffectContext, booking: Booking, column: Any) -> None:
    """Takes free money of a line, or refuses the whole command."""
    free = BudgetLine.available - BudgetLine.reserved - BudgetLine.committed
    taken = context.session.execute(
        update(BudgetLine)
        .where(BudgetLine.id == booking.line_id, free >= booking.amount)
        .values({column: column + booking.amount})
        .returning(BudgetLine.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        raise context.refuse("budget_insufficient")


def reserve_budget(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect of a ministry's budget clearance: its share is set aside in each year (§ 38 BHO)."""
    process = context.process
    round_ = context.session.scalar(select(CoSignature.round).where(CoSignature.id == process.id))
    shares = [
        share
        for share in shares_of(context.session, process.root_id)
        if share.ministry_id == process.ministry_id
    ]
    for booking in _bookings(context, shares):
        _take(context, booking, BudgetLine.reserved)
        _enter(context, booking, "reserve", round_ or 1)


def release_reservation(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: gives back what this signature's process had set aside."""
    _free_reservations(context.session, [context.process.id])


def _free_reservations(session: Session, process_ids: Sequence[uuid.UUID]) -> None:
    held = BudgetEntry.process_id.in_(process_ids) & (BudgetEntry.kind == "reserve")
    entries = session.execute(
        select(BudgetEntry.budget_line_id, func.sum(BudgetEntry.amount))
        .where(held)
        .group_by(BudgetEntry.budget_line_id)
        .order_by(BudgetEntry.budget_line_id)
    ).all()
    for line_id, amount in entries:
        session.execute(
            update(BudgetLine)
            .where(BudgetLine.id == line_id)
            .values(reserved=BudgetLine.reserved - amount)
            .execution_options(synchronize_session=False)
        )
    session.execute(delete(BudgetEntry).where(held))


def commit_budget(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect of the decision: reservations become commitments, or free money is committed."""
    session, process = context.session, context.process
    signatures = session.scalars(
        select(Process.id).where(
            Process.parent_id == process.id, Process.record == Record.CO_SIGNATURE
        )
    ).all()
    _free_reservations(session, signatures)
    for booking in _bookings(context, shares_of(session, process.id)):
        _commit(context, booking)


def _commit(context: EffectContext, booking: Booking) -> None:
    _take(context, booking, BudgetLine.committed)
    _enter_commitment(context, booking)


def _enter_commitment(context: EffectContext, booking: Booking) -> None:
    """Enters what was committed or, with the opposite sign, given back: each time a new round."""
    earlier = context.session.scalar(
        select(func.count()).where(
            BudgetEntry.budget_line_id == booking.line_id,
            BudgetEntry.process_id == context.process.id,
            BudgetEntry.kind == "commit",
        )
    )
    _enter(context, booking, "commit", (earlier or 0) + 1)


def commit_more(context: EffectContext, share: FundingShare, year: str, more: Decimal) -> None:
    """Commits further money of a ministry for the case, in one year."""
    line = _line(context.session, share, year)
    if line is None:
        raise context.refuse("budget_insufficient", title=share.budget_title, year=year)
    if more:
        _commit(context, Booking(line, more))


def move_year(context: EffectContext, source: str, target: str, amount: Decimal) -> None:
    """Moves commitments of all ministries, by their shares, from one year to another (§ 38 BHO)."""
    shares = shares_of(context.session, context.process.root_id)
    known = {year for share in shares for year in share.amounts}
    if source not in known or not target.isdigit():
        raise context.refuse("invalid_data", at="line_from")
    left = _open_commitments(context.session, context.process.root_id)
    for share, part in zip(shares, split(amount, [one.percent for one in shares]), strict=True):
        held = Decimal(share.amounts.get(source, "0"))
        line = _line(context.session, share, source)
        if part > held or line is None or part > left.get(line, Decimal(0)):
            raise context.refuse("total_exceeded")
        moved = {
            source: str(held - part),
            target: str(Decimal(share.amounts.get(target, "0")) + part),
        }
        share.amounts = {**share.amounts, **moved}
        commit_more(context, share, target, part)
        _give_back(context, Booking(line, part))
    context.session.flush()


def _give_back(context: EffectContext, booking: Booking) -> None:
    """Takes a commitment back; its entry with the opposite sign keeps the sums right."""
    context.session.execute(
        update(BudgetLine)
        .where(BudgetLine.id == booking.line_id)
        .values(committed=BudgetLine.committed - booking.amount)
        .execution_options(synchronize_session=False)
    )
    _enter_commitment(context, Booking(booking.line_id, -booking.amount))


def _open_commitments(session: Session, case_id: uuid.UUID) -> dict[uuid.UUID, Decimal]:
    """What is committed for the case on each line and not paid."""
    payments = select(Process.id).where(Process.root_id == case_id)
    rows = session.execute(
        select(BudgetEntry.budget_line_id, BudgetEntry.kind, func.sum(BudgetEntry.amount))
        .where(BudgetEntry.process_id.in_(payments), BudgetEntry.kind != "reserve")
        .group_by(BudgetEntry.budget_line_id, BudgetEntry.kind)
    )
    left: dict[uuid.UUID, Decimal] = {}
    for line_id, kind, amount in rows:
        left[line_id] = left.get(line_id, Decimal(0)) + (amount if kind == "commit" else -amount)
    return left


def release_commitments(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect at the end: what was committed and not paid is free again."""
    for line_id, amount in sorted(_open_commitments(context.session, context.process.id).items()):
        if amount > 0:
            _give_back(context, Booking(line_id, amount))


def payment_bookings(
    context: EffectContext, parts: Mapping[uuid.UUID, Decimal], year: int
) -> list[Booking]:
    """Where each ministry's part of a payment is drawn: the case's oldest open commitments.

    Refuses where the commitments of the years up to `year` do not cover it (§ 45 BHO).
    """
    left = _open_commitments(context.session, context.process.root_id)
    lines = context.session.execute(
        select(BudgetLine.id, BudgetLine.ministry_id, BudgetLine.year)
        .where(BudgetLine.id.in_(left), BudgetLine.year <= year)
        .order_by(BudgetLine.year, BudgetLine.id)
    ).all()
    found = []
    for ministry_id, part in parts.items():
        rest = part
        for line in lines:
            if line.ministry_id == ministry_id and rest != 0:
                drawn = min(rest, left[line.id])
                found.append(Booking(line.id, drawn))
                rest -= drawn
        if rest > 0:
            raise context.refuse("commitment_authority_insufficient", year=year)
    return [booking for booking in found if booking.amount]


def disburse(context: EffectContext, bookings: Iterable[Booking]) -> None:
    """Books a payment on its lines."""
    for booking in bookings:
        context.session.execute(
            update(BudgetLine)
            .where(BudgetLine.id == booking.line_id)
            .values(disbursed=BudgetLine.disbursed + booking.amount)
            .execution_options(synchronize_session=False)
        )
        _enter(context, booking, "disburse")


def quarter_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """Whether the requested amount fits into the call's ceiling for the running quarter."""
    today = local_day(when)
    start = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    granted = (
        select(func.coalesce(func.sum(Application.granted), Decimal(0)))
        .where(Application.call_id == process.call_id, Application.decided_on >= start)
        .scalar_subquery()
    )
    found = session.execute(
        select(Call.quarterly_ceiling, Application.requested, granted.label("granted"))
        .join(Application, Application.call_id == Call.id)
        .where(Application.id == process.id)
    ).one()
    if found.quarterly_ceiling is None:
        return {"within_quarter": True}
    return {"within_quarter": found.granted + (found.requested or 0) <= found.quarterly_ceiling}


def check_quarter(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect of a decision under a call with a ceiling: locks the call, then looks once more.

    The guard alone would let two decisions at the same time pass together.
    """
    session, process = context.session, context.process
    session.execute(select(Call.id).where(Call.id == process.call_id).with_for_update())
    if not quarter_facts(session, process, context.when)["within_quarter"]:
        raise context.refuse("budget_insufficient")


FACTS = {"within_quarter": quarter_facts}
EFFECTS = {
    "check_quarter": check_quarter,
    "reserve_budget": reserve_budget,
    "release_reservation": release_reservation,
    "commit_budget": commit_budget,
    "release_commitments": release_commitments,
}
