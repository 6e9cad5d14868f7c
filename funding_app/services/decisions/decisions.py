"""Decisions: recommended, recorded, put into a letter, notified, accepted, final."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forms.checks import iban_is_valid
from funding_app.access import Person
from funding_app.access.relations import APPLICANT_ROLES
from funding_app.engine import EffectContext, ProcessRow, note, tasks
from funding_app.engine.documents import request_document
from funding_app.engine.storage import statements
from funding_app.models import Application, Document, Process
from funding_app.queries.operations.parameters import whole_on
from funding_app.queries.panels.meetings import is_on_agenda
from funding_app.rules import notices
from funding_app.services.decisions.co_signatures import amount_from, set_shares
from funding_app.services.decisions.procedures import NOTICES
from funding_app.services.mails.notices import request_mail
from funding_app.services.operations.clock import local_day
from funding_app.services.people.authorities import region_of
from workflows.snapshot import Refusal
from workflows.vocabulary.tags import Tag

LETTERS = ("award", "rejection", "prize", "sketch_declined")


def letter_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Whether the decision's letter exists as issued bytes."""
    issued = session.scalars(
        select(Document.id).where(
            Document.process_id == process.id,
            Document.kind.in_((*LETTERS, *NOTICES)),
            Document.sha256.is_not(None),
        )
    ).first()
    return {"letter_issued": issued is not None}


def _change(context: EffectContext, **values: Any) -> None:
    context.session.execute(
        update(Application).where(Application.id == context.process.id).values(**values)
    )


def recommendation_objections(session: Session, process: ProcessRow) -> Iterator[Refusal]:
    """While the case stands on an agenda the panel resolves, by its members' votes."""
    if is_on_agenda(session, process.id):
        yield Refusal("on_agenda")


def set_recommendation(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: what the panel or the officer recommends; an amount is split between ministries.

    Where the event asks for no amount, as for an outline or a refusal, there is none to keep.
    """
    values: dict[str, Any] = {"recommendation": params["kind"]}
    if any(spec["id"] == "amount" for spec in context.transition.fields):
        values["recommended_amount"] = amount_from(context)
        set_shares(context.session, context.process.id, values["recommended_amount"])
    _change(context, **values)


def record_decision(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: what is to be decided, with its amount or its reasons (§ 39 VwVfG)."""
    values: dict[str, Any] = {"decision_kind": params["kind"]}
    if params["kind"] == "grant":
        values["granted"] = context.session.scalar(
            select(Application.recommended_amount).where(Application.id == context.process.id)
        )
    else:
        values["decision_reason"] = context.data.get("reasons") or context.command.reason
    _change(context, **values)


def issue_letter(context: EffectContext, params: Mapping[str, Any]) -> None:
    """Effect: dates the decision and queues its letter."""
    _change(context, decided_on=local_day(context.when))
    request_document(context, params["kind"])


def dispatch_letter(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: notifies; by post the day of notification is known at once (§ 41 VwVfG)."""
    channel, today = context.data["channel"], local_day(context.when)
    if channel == "own_portal":
        request_mail(context, "decision")
    notified = notices.deemed_notified_on(
        channel,
        sent_on=today,
        fiction_days=whole_on(context.session, "post_fiction_days", today),
    )
    region = region_of(context.session, context.process.call_id)
    final = notices.final_on(notified, region=region) if notified else None
    _change(
        context,
        channel=channel,
        sent_on=today,
        retrieved_on=None,
        notified_on=notified,
        final_on=final,
    )


def is_retrieval(document: Document, process: Process, person: Person) -> bool:
    """Whether reading the document is the addressee's retrieval of a decision."""
    own = person.organisations(APPLICANT_ROLES)
    return document.kind in LETTERS and process.organisation_id in own


def retrieve(session: Session, process_id: uuid.UUID, actor_id: uuid.UUID, when: datetime) -> None:
    """The addressee opens the decision in the portal: from the next day it counts as notified.

    Source: § 41 Abs. 2a VwVfG. A later retrieval changes nothing.
    """
    process = statements.lock(session, process_id)
    case = session.get_one(Application, process_id, populate_existing=True)
    if Tag.NOTIFIED not in process.tags or case.channel != "own_portal" or case.retrieved_on:
        return
    today = local_day(when)
    assert case.sent_on is not None, "a notified case was sent on some day"
    notified = notices.deemed_notified_on(
        "own_portal",
        sent_on=case.sent_on,
        retrieved_on=today,
        portal_days=whole_on(session, "portal_days", case.sent_on),
    )
    if notified is None:
        return
    case.retrieved_on, case.notified_on = today, notified
    case.final_on = notices.final_on(notified, region=region_of(session, process.call_id))
    tasks.close_timers(session, process, when)
    last_day = tasks.end_of_day(case.final_on - timedelta(days=1))
    tasks.set_timer(session, process, "become_final", "§ 74 VwGO", last_day, when)
    session.flush()
    note(session, process_id, "decision_retrieved", {"on": today}, when, actor_id=actor_id)


def accept_award(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the award with its terms is accepted, and where the money goes is known."""
    iban = str(context.data.get("iban", "")).replace(" ", "").upper()
    if not iban_is_valid(iban):
        raise context.refuse("invalid_data", at="iban")
    holder = str(context.data.get("account_holder", "")).strip()
    if not holder:
        raise context.refuse("invalid_data", at="account_holder")
    _change(
        context,
        accepted_at=context.when,
        iban=iban,
        account_holder=holder,
        bank_verified_at=None,
    )


def waive_remedy(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: the waiver makes the decision final, from the day of notification on."""
    today = local_day(context.when)
    notified = context.session.scalar(
        select(Application.notified_on).where(Application.id == context.process.id)
    )
    if notified is None:
        raise context.refuse("not_notified")
    region = region_of(context.session, context.process.call_id)
    try:
        final = notices.final_on(notified, waived_on=today, region=region)
    except notices.WaiverTooEarly:
        raise context.refuse("not_notified", from_day=str(notified)) from None
    _change(context, waived_on=today, final_on=final)


def verify_bank(context: EffectContext, _params: Mapping[str, Any]) -> None:
    """Effect: two persons have verified the account."""
    _change(context, bank_verified_at=context.when)


FACTS = {"letter_issued": letter_facts}
OBJECTIONS = {"set_recommendation": recommendation_objections}
EFFECTS = {
    "set_recommendation": set_recommendation,
    "record_decision": record_decision,
    "issue_letter": issue_letter,
    "dispatch_letter": dispatch_letter,
    "accept_award": accept_award,
    "waive_remedy": waive_remedy,
    "verify_bank": verify_bank,
}
