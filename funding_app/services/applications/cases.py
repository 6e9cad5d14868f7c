"""The case itself: drafts, what guards ask about it, and what the office notes on it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from funding_app.engine import Creation, EffectContext, Machinery, ProcessRow, begin, create
from funding_app.engine.registry import FactsOfMany
from funding_app.engine.storage import statements
from funding_app.models import Application, Call, NumberSeries, Process
from funding_app.models.database import upsert
from funding_app.queries.operations.parameters import whole_on
from funding_app.rules.deadlines import CutOff, is_timely
from funding_app.rules.periods import end_of_period
from funding_app.rules.reports import proof_due
from funding_app.services.operations.clock import local_day
from funding_app.services.people.authorities import region_of


def create_application(
    session: Session,
    machinery: Machinery,
    call: Call,
    *,
    organisation_id: uuid.UUID,
    actor_id: uuid.UUID,
    when: datetime,
    door: str = "page",
) -> ProcessRow:
    """Begins a draft under a call; the lead ministry stands in relation to the case."""
    columns = {
        "call_id": call.id,
        "organisation_id": organisation_id,
        "ministry_id": call.lead_ministry_id,
        "region": region_of(session, call.id),
        "title": "",
    }
    creation = Creation(call.definition_key, actor_id, when, columns=columns, door=door)
    process = create(session, machinery, creation)
    session.add(
        Application(
            id=process.id,
            call_id=call.id,
            organisation_id=organisation_id,
            created_by=actor_id,
            form_key=call.form_key,
            form_version=call.form_version,
        )
    )
    begin(session, machinery, process)
    return process


def _cut_off(call: Call) -> CutOff | None:
    return CutOff(call.closes_at, call.closes_inclusive) if call.closes_at else None


def call_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """What guards ask about the call: its dates, its rules."""
    return call_facts_of_many(session, [process], when)[process.id]


def call_facts_of_many(
    session: Session, processes: Sequence[ProcessRow], when: datetime
) -> dict[uuid.UUID, Mapping[str, Any]]:
    """The same for many processes, in one query."""
    wanted = select(Call).where(Call.id.in_({process.call_id for process in processes}))
    calls = session.scalars(wanted.execution_options(populate_existing=True))
    facts = {call.id: _call_facts(call, when) for call in calls}
    return {one.id: facts[one.call_id] for one in processes if one.call_id is not None}


def case_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """What guards ask about the case and its dates."""
    case, call = session.execute(
        select(Application, Call)
        .join(Call, Call.id == Application.call_id)
        .where(Application.id == process.root_id)
        .execution_options(populate_existing=True)
    ).one()
    return _decision_facts(case, call, when)


def limit_facts(_session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """Whether the limit of the present state is over; the process's own row tells."""
    return {"limit_passed": process.due_at is not None and process.due_at <= when}


def limit_facts_of_many(
    session: Session, processes: Sequence[ProcessRow], when: datetime
) -> dict[uuid.UUID, Mapping[str, Any]]:
    """The same for many processes."""
    return {process.id: limit_facts(session, process, when) for process in processes}


def _call_facts(call: Call, when: datetime) -> dict[str, Any]:
    cut_off = _cut_off(call)
    return {
        "call_open": call.is_published and call.opens_at <= when,
        "in_time": cut_off is None or is_timely(when, cut_off),
        "strict_deadline": call.strict_deadline,
        "cut_off": call.closes_at,
        "reviews_needed": call.minimum_reviews,
        "reserve_until": call.reserve_until,
    }


def _decision_facts(case: Application, call: Call, when: datetime) -> dict[str, Any]:
    amount = case.recommended_amount or case.requested or Decimal(0)
    today = local_day(when)
    end = case.period_end
    return {
        "amount_within_call": call.minimum_amount <= amount <= call.maximum_amount,
        "content_hash": case.content_hash,
        "decision_kind": case.decision_kind,
        "already_notified": case.notified_on is not None and case.notified_on <= today,
        "final_on": case.final_on - timedelta(days=1) if case.final_on else None,
        "accepted": case.accepted_at is not None,
        "bank_verified": case.bank_verified_at is not None,
        "period_end": end,
        "balance_zero": case.final_grant is not None and case.paid == case.final_grant,
    }


def dated_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Days that depend on dated parameters: the end of retrieval, and when the proof is due."""
    case = session.get_one(Application, process.root_id, populate_existing=True)
    waits = case.sent_on is not None and case.notified_on is None
    return {
        "retrieval_ends": _retrieval_ends(session, case.sent_on) if waits else None,
        "proof_due_on": proof_due_on(session, case.period_end, process.call_id),
    }


def _retrieval_ends(session: Session, sent_on: date | None) -> date | None:
    if sent_on is None:
        return None
    return sent_on + timedelta(days=whole_on(session, "portal_days", sent_on))


def proof_due_on(
    session: Session, end: date | None, call_id: uuid.UUID | None, fulfilled_on: date | None = None
) -> date | None:
    """The last day for the proof of use (Nr. 6 ANBest-P), by the holidays of the authority."""
    if end is None:
        return None
    months = whole_on(session, "proof_months", end)
    region = region_of(session, call_id)
    return proof_due(period_end=end, fulfilled_on=fulfilled_on, months=months, region=region)


def award_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """Whether the organisation had an award of this kind within twelve months."""
    today = local_day(when)
    earlier = session.scalar(
        select(func.count())
        .select_from(Application)
        .join(Process, Process.id == Application.id)
        .where(
            Application.organisation_id == process.organisation_id,
            Application.id != process.id,
            Process.definition_key == process.definition_key,
            Application.decision_kind == "grant",
            Application.decided_on > end_of_period_back(today),
        )
    )
    return {"one_per_year": not earlier}


def end_of_period_back(today: Any) -> Any:
    """The same day a year ago, 28 February for 29 February."""
    try:
        return today.replace(year=today.year - 1)
    except ValueError:
        return today.replace(year=today.year - 1, day=28)


def next_number(session: Session, series: str) -> int:
    """The next number of a series, without gaps within committed transactions."""
    first = upsert(session, NumberSeries).values(key=series, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["key"], set_={"last": NumberSeries.last + 1}
    ).returning(NumberSeries.last)
    number: int = session.execute(counted).scalar_one()
    return number


def assign_reference(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: the case's number, per year of submission, with the prefix of its programme."""
    series = f"{params['prefix']}-{local_day(context.received).year}"
    context.columns["reference"] = f"{series}-{next_number(context.session, series):05d}"
    context.notes["reference"] = context.columns["reference"]


def _change(context: EffectContext, **values: Any) -> None:
    statements.change_record(context.session, Application, context.process.root_id, values)


def assign_officer(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: who begins the check becomes the case's officer."""
    context.columns["officer_id"] = context.command.actor_id


def record_assessment(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the checklist, and the basis under state-aid law."""
    _change(context, assessment=dict(context.data), aid_basis=context.data["aid_basis"])


def publish(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the project appears among those funded."""
    _change(context, is_public=True)


def publish_result(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the day of closing, and the result on the project's page."""
    _change(context, closed_on=local_day(context.when), is_public=True)


def short_report_due(session: Session, end: date, call_id: uuid.UUID | None) -> date:
    """The last day for the short report of a micro-grant."""
    months = whole_on(session, "short_report_months", end)
    return end_of_period(end, months=months, region=region_of(session, call_id))


def retention_facts(session: Session, process: ProcessRow, when: datetime) -> Mapping[str, Any]:
    """The last day on which the file has to be kept."""
    begun = local_day(process.entered_at)
    years = whole_on(session, "retention_years", local_day(when))
    return {"retention_ends": end_of_period(begun, years=years, shift=False)}


OF_THE_CALL = "call_open in_time strict_deadline cut_off reviews_needed reserve_until".split()
OF_THE_CASE = (
    "amount_within_call content_hash decision_kind already_notified final_on accepted "
    "bank_verified period_end balance_zero"
).split()
FACTS = {
    **dict.fromkeys(OF_THE_CALL, call_facts),
    **dict.fromkeys(OF_THE_CASE, case_facts),
    "retrieval_ends": dated_facts,
    "proof_due_on": dated_facts,
    "one_per_year": award_facts,
    "limit_passed": limit_facts,
    "retention_ends": retention_facts,
}
FACTS_OF_MANY: Mapping[str, FactsOfMany] = {
    **dict.fromkeys(OF_THE_CALL, call_facts_of_many),
    "limit_passed": limit_facts_of_many,
}
EFFECTS = {
    "assign_reference": assign_reference,
    "assign_officer": assign_officer,
    "record_assessment": record_assessment,
    "publish": publish,
    "publish_result": publish_result,
}
