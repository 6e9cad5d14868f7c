"""Reports: when they are due, what they claim, what is recognised, what the grant then is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from funding_app.engine import Creation, EffectContext, ProcessRow, begin, create
from funding_app.models import Application, Call, Report
from funding_app.models.decisions import INTERIM, PROOF
from funding_app.queries.applications.answers import answers_of
from funding_app.queries.operations.parameters import value_on, whole_on
from funding_app.rules.financing import final_grant
from funding_app.rules.reports import interim_due
from funding_app.services.applications.cases import proof_due_on, short_report_due
from funding_app.services.operations.clock import local_day
from funding_app.services.people.authorities import region_of


def report_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """The last day on which the report is in time."""
    if process.is_root:
        end = session.scalar(select(Application.period_end).where(Application.id == process.id))
        due = short_report_due(session, end, process.call_id) if end else None
        return {"report_due_on": due}
    return {"report_due_on": session.scalar(select(Report.due_on).where(Report.id == process.id))}


def _open(
    context: EffectContext, definition: str, kind: str, due_on: date, year: int | None = None
) -> None:
    creation = Creation(
        definition,
        context.command.actor_id,
        context.when,
        parent=context.process,
        door=context.command.door,
    )
    child = create(context.session, context.machinery, creation)
    context.session.add(
        Report(
            id=child.id,
            application_id=context.process.id,
            kind=kind,
            year=year,
            due_on=due_on,
        )
    )
    begin(context.session, context.machinery, child)


def create_obligations(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: an interim report for every budget year that needs one (Nr. 6.1 ANBest-P)."""
    case = context.session.get_one(Application, context.process.id)
    assert case.period_start is not None and case.period_end is not None
    region = region_of(context.session, context.process.call_id)
    months = whole_on(context.session, "interim_report_months", case.period_end)
    for year in range(case.period_start.year, case.period_end.year + 1):
        due = interim_due(year, period_end=case.period_end, months=months, region=region)
        if due is not None:
            _open(context, params["kind"], INTERIM, due, year)


def open_proof(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: the proof of use, due by the earlier of both dates (Nr. 6 ANBest-P)."""
    end = context.session.scalar(
        select(Application.period_end).where(Application.id == context.process.id)
    )
    assert end is not None, "an active case has an award period"
    is_reported = context.transition.by == "person"  # else the period has ended by itself
    fulfilled = local_day(context.when) if is_reported else None
    due = proof_due_on(context.session, end, context.process.call_id, fulfilled)
    assert due is not None, "a period that ends has a proof that is due"
    _open(context, params["kind"], PROOF, due)


def fix_report(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: what the report claims; a micro-grant keeps it on the case."""
    claimed = Decimal(answers_of(context.session, context.process.id)["expenditure"])
    if context.process.is_root:
        context.notes["claimed_expenditure"] = claimed
        return
    context.session.execute(
        update(Report)
        .where(Report.id == context.process.id)
        .values(submitted_at=context.when, claimed_expenditure=claimed)
    )


def record_findings(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: recognised expenditure and new other funds, as the audit found them."""
    context.session.execute(
        update(Report)
        .where(Report.id == context.process.id)
        .values(
            recognised_expenditure=context.amount("recognised_expenditure"),
            new_other_funds=context.amount("new_other_funds"),
            finding=str(context.data.get("finding", "")),
        )
    )


def settle(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the final grant by the type of financing (Nr. 2 ANBest-P)."""
    session, case_id = context.session, context.process.id
    case = session.get_one(Application, case_id, populate_existing=True)
    kind = session.scalar(select(Call.financing_type).where(Call.id == case.call_id))
    report = session.scalars(
        select(Report)
        .where(Report.application_id == case_id, Report.kind == PROOF)
        .execution_options(populate_existing=True)
    ).first()
    spent, new = _recognised(session, case_id, report)
    final = final_grant(
        kind or "pro_rata",
        grant=case.granted or Decimal(0),
        approved_expenditure=case.expenditure or Decimal(0),
        recognised_expenditure=spent,
        new_other_funds=new,
        threshold=value_on(session, "reduction_threshold", local_day(context.when)),
    )
    case.final_grant = final
    session.flush()
    context.notes["final_grant"] = final


def _recognised(session: Session, case_id: Any, report: Report | None) -> tuple[Decimal, Decimal]:
    if report is not None:
        return report.recognised_expenditure or Decimal(0), report.new_other_funds
    return Decimal(answers_of(session, case_id)["expenditure"]), Decimal(0)


FACTS = {"report_due_on": report_facts}
EFFECTS = {
    "create_obligations": create_obligations,
    "open_proof": open_proof,
    "fix_report": fix_report,
    "record_findings": record_findings,
    "settle": settle,
}
