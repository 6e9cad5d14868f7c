"""Amendments: whether one is needed, and what it changes once it is granted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.budget import euro
from funding_app.engine import EffectContext, ProcessRow
from funding_app.engine.maintenance.redating import redate
from funding_app.engine.records import recorded
from funding_app.models import Application, Call
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.operations.parameters import value_on
from funding_app.rules.financing import check_reallocation
from funding_app.rules.money import split_cumulative
from funding_app.services.money.budget import commit_more, move_year, shares_of
from funding_app.services.operations.clock import local_day


def amendment_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """Whether a shift stays within the lines, and whether the award period still runs."""
    case = session.get_one(Application, process.root_id)
    end = case.period_end
    return {
        "within_line_shift": _is_within_lines(session, process, case, when),
        "amendment_in_time": end is not None and local_day(when) <= end,
    }


def _is_within_lines(
    session: Session, process: ProcessRow, case: Application, when: datetime
) -> bool:
    """Nr. 1.2 ANBest-P: no amendment is needed while no line exceeds its maximum."""
    data = recorded(session, process.id)
    if data.get("kind") != "reallocation":
        return False
    table = answers_of(session, process.root_id).get("budget") or {}
    approved: dict[str, Decimal] = {}
    for row in table.get("lines", ()):
        total = sum((euro(text) or Decimal(0) for text in row["years"].values()), Decimal(0))
        approved[row["line"]] = approved.get(row["line"], Decimal(0)) + total
    moved, source, target = Decimal(data["amount"]), data["line_from"], data["line_to"]
    if approved.get(source, Decimal(0)) < moved:
        return False
    claimed = approved | {
        source: approved[source] - moved,
        target: approved.get(target, Decimal(0)) + moved,
    }
    kind = session.scalar(select(Call.financing_type).where(Call.id == case.call_id))
    percent = value_on(session, "line_shift_percent", local_day(when))
    verdict = check_reallocation(approved, claimed, kind=kind or "pro_rata", percent=percent)
    return verdict.verdict == "allowed"


def apply_amendment(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: period, amount or years of the award change; the rest is kept as recorded."""
    session = context.session
    case = session.get_one(Application, context.process.root_id, populate_existing=True)
    data = recorded(session, context.process.id)
    if data["kind"] == "no_cost_extension":
        end = date.fromisoformat(data["new_end"])
        if case.period_end is None or end <= case.period_end:
            raise context.refuse("invalid_data", at="new_end")
        case.period_end = end
        session.flush()
        redate(session, context.machinery, case.id, "Verlängerung des Zeitraums", context.when)
    elif data["kind"] == "supplement":
        _supplement(context, case, Decimal(data["amount"]))
    elif data["kind"] == "year_shift":
        move_year(context, data["line_from"], data["line_to"], Decimal(data["amount"]))
    session.flush()
    context.notes["applied"] = data["kind"]


def _supplement(context: EffectContext, case: Application, more: Decimal) -> None:
    """A higher grant: each ministry takes its share of it, in the last year of the award."""
    shares = shares_of(context.session, case.id)
    parts = split_cumulative(
        [share.amount for share in shares], more, [share.percent for share in shares]
    )
    for share, part in zip(shares, parts, strict=True):
        year = max(share.amounts)
        share.amounts = {**share.amounts, year: str(Decimal(share.amounts[year]) + part)}
        share.amount += part
        commit_more(context, share, year, part)
    case.granted = (case.granted or Decimal(0)) + more
    case.expenditure = (case.expenditure or Decimal(0)) + more


FACTS = dict.fromkeys(("within_line_shift", "amendment_in_time"), amendment_facts)
EFFECTS = {"apply_amendment": apply_amendment}
