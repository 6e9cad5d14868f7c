"""Consortia: each partner with its own application, all under the ceiling of one call."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms.budget import euro
from funding_app.engine import Creation, EffectContext, ProcessRow
from funding_app.engine.records import begin_procedure
from funding_app.models import Application, Call, Organisation, Process
from funding_app.queries.applications.answers import answers_of
from funding_app.services.applications.cases import create_application
from workflows.vocabulary.tags import Tag


def partner_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Where the applications of the consortium stand, and what they ask for together."""
    rows = session.execute(
        select(Process.tags, Process.is_terminal, Application.requested, Call.maximum_amount)
        .join(Application, Application.id == Process.id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.consortium_id == process.id)
    ).all()
    running = [row for row in rows if Tag.WITHDRAWN not in row.tags]
    asked = sum((row.requested or Decimal(0) for row in running), Decimal(0))
    return {
        "partners_submitted": bool(running) and all(Tag.DRAFT not in row.tags for row in running),
        "partners_within_call": bool(running) and asked <= running[0].maximum_amount,
        "partners_final": bool(running) and all(Tag.FINAL in row.tags for row in running),
        "partners_closed": bool(running) and all(row.is_terminal for row in running),
    }


def request_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Whether what the draft asks for is within the limits of its call."""
    call = session.get_one(Call, process.call_id)
    asked = euro(answers_of(session, process.id).get("requested_amount")) or Decimal(0)
    return {"requested_within_call": call.minimum_amount <= asked <= call.maximum_amount}


def _next_call(session: Session, call_id: uuid.UUID | None) -> Call | None:
    """The call in which an invited outline is continued; the outline's call names it."""
    terms = session.scalar(select(Call.terms).where(Call.id == call_id)) or {}
    return session.scalars(select(Call).where(Call.ref == terms.get("continues_in"))).one_or_none()


def open_consortium(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: the consortium, and the formal application of its coordinator."""
    session, process = context.session, context.process
    call = _next_call(session, process.call_id)
    if call is None or process.organisation_id is None:
        raise context.refuse("call_not_open")
    creation = Creation(
        params["kind"],
        context.command.actor_id,
        context.when,
        columns={
            "call_id": call.id,
            "organisation_id": process.organisation_id,
            "ministry_id": call.lead_ministry_id,
            "officer_id": process.officer_id,
            "title": process.title,
            "reference": process.reference,
        },
        door=context.command.door,
    )
    consortium = begin_procedure(session, context.machinery, creation, {"outline": str(process.id)})
    _apply_for(context, call, process.organisation_id, consortium.id)
    context.notes["consortium"] = consortium.id


def _apply_for(
    context: EffectContext, call: Call, organisation_id: uuid.UUID, consortium_id: uuid.UUID
) -> None:
    assert context.command.actor_id is not None, "only a person accepts an invitation"
    application = create_application(
        context.session,
        context.machinery,
        call,
        organisation_id=organisation_id,
        actor_id=context.command.actor_id,
        when=context.when,
        door=context.command.door,
    )
    context.session.execute(
        update(Application)
        .where(Application.id == application.id)
        .values(consortium_id=consortium_id)
    )


def open_partner_application(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: a partner's own application; an organisation takes part once."""
    session, process = context.session, context.process
    try:
        partner = uuid.UUID(str(context.data["partner"]))
    except (KeyError, ValueError):
        raise context.refuse("invalid_data", at="partner") from None
    known = session.scalar(
        select(Organisation.id).where(Organisation.id == partner, Organisation.kind == "applicant")
    )
    there = session.scalar(
        select(Application.id).where(
            Application.consortium_id == process.id, Application.organisation_id == partner
        )
    )
    if known is None or there is not None:
        raise context.refuse("invalid_data", at="partner")
    _apply_for(context, session.get_one(Call, process.call_id), partner, process.id)


FACTS = dict.fromkeys(
    ("partners_submitted", "partners_within_call", "partners_final", "partners_closed"),
    partner_facts,
) | {"requested_within_call": request_facts}
EFFECTS = {
    "open_consortium": open_consortium,
    "open_partner_application": open_partner_application,
}
