"""Procedures: what their events record, the day they wait for, and how they come to be."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from funding_app.engine import (
    Command,
    Creation,
    EffectContext,
    Machinery,
    ProcessRow,
    fire_as_parent,
    tasks,
)
from funding_app.engine.documents import request_document
from funding_app.engine.records import begin_procedure, record, recorded
from funding_app.models import Application, Call, FundingShare, Procedure, Process, Task
from funding_app.models.types import tagged
from funding_app.rules.notices import remedy_ends_on
from funding_app.services.applications.information_requests import chosen_limit
from funding_app.services.operations.clock import local_day
from funding_app.services.people.authorities import region_of
from workflows.vocabulary.tags import Tag

NOTICES = ("amendment", "amendment_declined", "recovery", "objection")


def procedure_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """What is recorded, and the day that was set last."""
    row = session.execute(
        select(Procedure.data, Procedure.day).where(Procedure.id == process.id)
    ).one_or_none()
    data = dict(row.data) if row else {}
    ends = data.get("court_window_ends")
    return {
        "recorded": data,
        "until": row.day if row else None,
        "court_window_ends": date.fromisoformat(ends) if ends else None,
    }


def record_fields(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: what the event states is kept with the procedure."""
    record(context, context.data)


def issue_notice(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: queues the letter of what was decided here, with who signs it and why."""
    signed_by = context.command.actor_id
    values = {"signed_by": str(signed_by)} if signed_by else {}
    if context.command.reason.strip():
        values["reasons"] = context.command.reason
    record(context, values)
    request_document(context, params["kind"])


def renew_limit(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the present state's limit begins anew, or ends on a chosen day that is later.

    Its open task follows, and reminds anew.
    """
    session, process, machinery = context.session, context.process, context.machinery
    state = machinery.definition_of(process).states[process.state]
    present = process.due_at or context.when
    chosen = chosen_limit(context, local_day(max(present, context.when)))
    facts = machinery.read_facts(session, process, context.when, tasks.dating_facts(state))
    anew = tasks.due_at(state.limit, context.when, facts, process.region)
    process.due_at = chosen or anew
    session.execute(
        update(Task)
        .where(Task.process_id == process.id, Task.done_at.is_(None))
        .values(due_at=process.due_at, reminded=0)
        .execution_options(synchronize_session=False)
    )


def begin_own(
    session: Session,
    machinery: Machinery,
    kind: str,
    title: str,
    call: Call | None,
    *,
    actor_id: uuid.UUID,
    when: datetime,
    door: str = "page",
) -> uuid.UUID:
    """Begins a procedure that belongs to no application, perhaps under a call."""
    columns: dict[str, Any] = {"title": title}
    if call is not None:
        columns |= {"call_id": call.id, "ministry_id": call.lead_ministry_id}
    creation = Creation(kind, actor_id, when, columns=columns, door=door)
    return begin_procedure(session, machinery, creation).id


def open_procedure(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: a sub-process of this kind under the present process."""
    child = begin_procedure(
        context.session,
        context.machinery,
        Creation(
            params["kind"],
            context.command.actor_id,
            context.when,
            parent=context.process,
            door=context.command.door,
        ),
    )
    context.notes[params["kind"]] = child.id


def open_consents(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: asks every ministry that bears a part; earlier answers no longer count."""
    session, process = context.session, context.process
    _forget_consents(context)
    ministries = session.scalars(
        select(FundingShare.ministry_id)
        .where(FundingShare.application_id == process.root_id, FundingShare.amount > 0)
        .order_by(FundingShare.position)
    ).all()
    round_ = int(recorded(session, process.id).get("round", 0)) + 1
    record(context, {"round": round_})
    for ministry in ministries:
        creation = Creation(
            params["kind"],
            context.command.actor_id,
            context.when,
            parent=process,
            columns={"ministry_id": ministry},
            door=context.command.door,
        )
        begin_procedure(session, context.machinery, creation, {"round": round_})


def _forget_consents(context: EffectContext) -> None:
    open_ones = context.session.scalars(
        select(Process.id).where(
            Process.parent_id == context.process.id,
            tagged(Process.tags, Tag.CONSENT),
            ~Process.is_terminal,
        )
    ).all()
    for child in open_ones:
        command = Command(child, "become_moot", None, context.when, door="engine")
        fire_as_parent(context.session, context.machinery, command)


def consent_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """How many ministries of the present round have not consented, and how many refused."""
    rows = session.execute(
        select(Process.tags, Procedure.data)
        .join(Procedure, Procedure.id == Process.id)
        .where(Process.parent_id == process.id, tagged(Process.tags, Tag.CONSENT))
    ).all()
    newest = max((row.data.get("round", 0) for row in rows), default=0)
    given = [row.tags for row in rows if row.data.get("round") == newest]
    return {
        "consents_missing": sum(Tag.CONSENTED not in tags for tags in given) if given else 1,
        "consents_denied": sum(Tag.REFUSED in tags for tags in given),
    }


def withdraw_consents(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: who has not answered need not answer any more."""
    _forget_consents(context)


def fix_court_window(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the last day for court action, one month after service (§ 74 Abs. 1 VwGO)."""
    served = date.fromisoformat(str(context.data["served_on"]))
    region = region_of(context.session, context.process.call_id)
    record(context, {"court_window_ends": remedy_ends_on(served, region=region).isoformat()})


def unpublish(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the project of the case leaves the public pages."""
    context.session.execute(
        update(Application).where(Application.id == context.process.root_id).values(is_public=False)
    )


FACTS = dict.fromkeys(("recorded", "until", "court_window_ends"), procedure_facts) | dict.fromkeys(
    ("consents_missing", "consents_denied"), consent_facts
)
EFFECTS = {
    "issue_notice": issue_notice,
    "record_fields": record_fields,
    "renew_limit": renew_limit,
    "open_procedure": open_procedure,
    "open_consents": open_consents,
    "withdraw_consents": withdraw_consents,
    "fix_court_window": fix_court_window,
    "unpublish": unpublish,
}
