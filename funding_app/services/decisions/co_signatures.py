"""Co-signature: shares of the ministries, the content they sign, and signatures that count."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from funding_app.engine import (
    Command,
    Creation,
    EffectContext,
    ProcessRow,
    begin,
    create,
    fire_as_parent,
)
from funding_app.engine.log.chain import digest
from funding_app.models import (
    Application,
    Call,
    CallShare,
    CoSignature,
    FundingShare,
    Process,
    Submission,
)
from funding_app.rules.money import split
from funding_app.services.money.budget import shares_of
from workflows.vocabulary.tags import Record, Tag

PERCENT = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?")


def set_shares(
    session: Session, case_id: uuid.UUID, amount: Decimal, percents: Sequence[Decimal] | None = None
) -> None:
    """Splits the amount (euro) between the call's ministries to the cent, and over the years.

    Without `percents` the call's shares apply; the lead ministry stands first and wins ties.
    """
    case = session.get_one(Application, case_id)
    call_shares = session.scalars(
        select(CallShare).where(CallShare.call_id == case.call_id).order_by(CallShare.position)
    ).all()
    weights = list(percents or [Decimal(share.percent) for share in call_shares])
    parts = split(amount, weights)
    session.execute(delete(FundingShare).where(FundingShare.application_id == case_id))
    for share, weight, part in zip(call_shares, weights, parts, strict=True):
        session.add(
            FundingShare(
                application_id=case_id,
                ministry_id=share.ministry_id,
                position=share.position,
                percent=weight,
                amount=part,
                amounts=_by_year(case, part),
                budget_title=share.budget_title,
            )
        )
    session.flush()


def _by_year(case: Application, part: Decimal) -> dict[str, str]:
    """A ministry's part by year, in proportion to the days of the award period in each."""
    assert case.period_start is not None and case.period_end is not None
    years = range(case.period_start.year, case.period_end.year + 1)
    days = [
        (
            min(case.period_end, case.period_end.replace(year, 12, 31))
            - max(case.period_start, case.period_start.replace(year, 1, 1))
        ).days
        + 1
        for year in years
    ]
    return {str(year): str(amount) for year, amount in zip(years, split(part, days), strict=True)}


def signature_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Shares that add up, signatures that are missing, and whether a content is the present one."""
    rows = session.execute(
        select(Application.content_hash, Application.recommended_amount, FundingShare)
        .outerjoin(FundingShare, FundingShare.application_id == Application.id)
        .where(Application.id == process.root_id)
        .execution_options(populate_existing=True)
    ).all()
    case = rows[0]
    shares = [row.FundingShare for row in rows if row.FundingShare is not None]
    signatures = session.execute(
        select(CoSignature.id, CoSignature.ministry_id, CoSignature.content_hash, Process.tags)
        .join(Process, Process.id == CoSignature.id)
        .where(CoSignature.application_id == process.root_id)
    ).all()
    signed = {
        row.ministry_id
        for row in signatures
        if Tag.SIGNED in row.tags and row.content_hash == case.content_hash
    }
    own = [row.content_hash for row in signatures if row.id == process.id]
    return {
        "shares_complete": bool(shares)
        and sum(share.percent for share in shares) == 100
        and sum(share.amount for share in shares) == case.recommended_amount,
        "signatures_missing": sum(
            share.ministry_id not in signed for share in shares if share.percent
        ),
        "content_current": own == [case.content_hash],
    }


def content_of(session: Session, case_id: uuid.UUID, round_: int) -> dict[str, Any]:
    """What the ministries sign: the application's frozen answers, amount, shares and period."""
    case = session.get_one(Application, case_id, populate_existing=True)
    answers_hash = session.scalar(
        select(Submission.sha256)
        .where(Submission.process_id == case_id)
        .order_by(Submission.number.desc())
        .limit(1)
    )
    return {
        "application": str(case_id),
        "round": round_,
        "answers_sha256": answers_hash,
        "amount": str(case.recommended_amount),
        "financing_type": session.scalar(
            select(Call.financing_type).where(Call.id == case.call_id)
        ),
        "expenditure": str(case.expenditure),
        "period": [str(case.period_start), str(case.period_end)],
        "shares": [
            {
                "ministry": str(share.ministry_id),
                "percent": str(share.percent),
                "amount": str(share.amount),
                "amounts": share.amounts,
                "budget_title": share.budget_title,
            }
            for share in shares_of(session, case_id)
        ],
    }


def fix_content(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: a new round; the content to be signed is fixed by its hash."""
    session, case_id = context.session, context.process.id
    round_ = (session.scalar(select(Application.round).where(Application.id == case_id)) or 0) + 1
    content_hash = digest(content_of(session, case_id, round_))
    session.execute(
        update(Application)
        .where(Application.id == case_id)
        .values(round=round_, content_hash=content_hash)
    )
    context.notes["content_hash"] = content_hash


def open_signatures(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: one co-signature for each ministry with a share, all in parallel."""
    session, case_id = context.session, context.process.id
    case = session.get_one(Application, case_id, populate_existing=True)
    content = content_of(session, case_id, case.round)
    for share in shares_of(session, case_id):
        if not share.percent:
            continue
        creation = Creation(
            params["kind"],
            context.command.actor_id,
            context.when,
            parent=context.process,
            columns={"ministry_id": share.ministry_id},
            door=context.command.door,
        )
        child = create(session, context.machinery, creation)
        session.add(
            CoSignature(
                id=child.id,
                application_id=case_id,
                ministry_id=share.ministry_id,
                round=case.round,
                content_hash=case.content_hash,
                content=content,
                amount=share.amount,
            )
        )
        begin(session, context.machinery, child)


def stale_signatures(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: signatures of the old content no longer count."""
    open_ones = context.session.scalars(
        select(Process.id).where(
            Process.parent_id == context.process.id,
            Process.record == Record.CO_SIGNATURE,
            ~Process.is_terminal,
        )
    ).all()
    for child_id in open_ones:
        command = Command(child_id, "become_stale", None, context.when, door="engine")
        fire_as_parent(context.session, context.machinery, command)


def parse_shares(text: str) -> list[Decimal]:
    """Percentages as in `60/25/15`; raises `ValueError` unless they add up to 100."""
    parts = [part.strip() for part in text.split("/")]
    if not all(PERCENT.fullmatch(part) for part in parts):
        raise ValueError(text)
    percents = [Decimal(part.replace(",", ".")) for part in parts]
    if sum(percents) != 100:
        raise ValueError(text)
    return percents


def restructure(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: new amount and shares; a content has to be fixed and signed anew."""
    amount = amount_from(context)
    try:
        set_shares(
            context.session, context.process.id, amount, parse_shares(context.data["shares"])
        )
    except ValueError:
        raise context.refuse("shares_incomplete") from None
    context.session.execute(
        update(Application)
        .where(Application.id == context.process.id)
        .values(recommended_amount=amount, content_hash="", decision_kind="", granted=None)
    )


def amount_from(context: EffectContext) -> Decimal:
    """The amount that comes with the event, within what was asked for and the call allows."""
    case, call = context.session.execute(
        select(Application, Call)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id == context.process.id)
    ).one()
    amount = context.amount("amount")
    most = min(call.maximum_amount, case.requested or call.maximum_amount)
    if not max(call.minimum_amount, Decimal("0.01")) <= amount <= most:
        raise context.refuse("amount_outside_call", at="amount", most=str(most))
    return amount


def record_signature(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: who signed which content, and when."""
    signed = context.session.scalar(
        select(CoSignature.content_hash).where(CoSignature.id == context.process.id)
    )
    context.session.execute(
        update(CoSignature)
        .where(CoSignature.id == context.process.id)
        .values(signed_by=context.command.actor_id, signed_at=context.when)
    )
    context.notes["content_hash"] = signed


def record_statement(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: a ministry's question or dissent in its own words."""
    context.session.execute(
        update(CoSignature)
        .where(CoSignature.id == context.process.id)
        .values(statement=context.command.reason)
    )


FACTS = {
    "shares_complete": signature_facts,
    "signatures_missing": signature_facts,
    "content_current": signature_facts,
}
EFFECTS = {
    "fix_content": fix_content,
    "open_signatures": open_signatures,
    "stale_signatures": stale_signatures,
    "restructure": restructure,
    "record_signature": record_signature,
    "record_statement": record_statement,
}
