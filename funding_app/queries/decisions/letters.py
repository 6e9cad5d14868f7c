"""The plain values of a document, read from the database when it is rendered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import get_timezone
from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.models import (
    Application,
    Call,
    CoSignature,
    Document,
    FundingShare,
    LogRecord,
    Organisation,
    Procedure,
    Process,
    Submission,
    UserAccount,
)
from funding_app.queries.operations.german_formats import ZONE, day, euro, in_words, local_time
from funding_app.queries.operations.parameters import whole_on
from funding_app.queries.panels.minutes import minutes_values
from funding_app.rules.money import split
from funding_app.rules.notices import remedy
from funding_app.rules.reports import proof_due

TRANCHES = (40, 30, 30)
"""The parts of a prize in percent; the last is what remains, exact to the cent."""
FINANCING = {
    "pro_rata": "Anteilfinanzierung",
    "deficit": "Fehlbedarfsfinanzierung",
    "fixed_amount": "Festbetragsfinanzierung",
    "full": "Vollfinanzierung",
}


def _organisation(session: Session, organisation_id: uuid.UUID) -> dict[str, str]:
    found = session.get_one(Organisation, organisation_id)
    return {
        "name": found.name_de,
        "short_name": found.short_name,
        "street": found.street,
        "place": f"{found.postal_code} {found.city}".strip(),
        "legal_form": found.legal_form,
        "register": found.register,
        "court": found.court,
        "issuer": found.issuer,
        "email": found.email,
    }


def _shares(session: Session, case_id: uuid.UUID) -> list[dict[str, str]]:
    rows = session.execute(
        select(FundingShare, Organisation.name_de)
        .join(Organisation, Organisation.id == FundingShare.ministry_id)
        .where(FundingShare.application_id == case_id)
        .order_by(FundingShare.position)
    )
    return [
        {
            "ministry": name,
            "percent": f"{share.percent.normalize():f} %",
            "amount": euro(share.amount),
            "title": share.budget_title,
        }
        for share, name in rows
    ]


def _years(session: Session, case_id: uuid.UUID) -> list[dict[str, str]]:
    sums: dict[str, Decimal] = {}
    for amounts in session.scalars(
        select(FundingShare.amounts).where(FundingShare.application_id == case_id)
    ):
        for year, amount in amounts.items():
            sums[year] = sums.get(year, Decimal(0)) + Decimal(amount)
    return [{"year": year, "amount": euro(sums[year])} for year in sorted(sums)]


def _signatures(session: Session, case: Application) -> list[dict[str, str]]:
    rows = session.execute(
        select(Organisation.name_de, UserAccount.name, CoSignature.signed_at)
        .join(CoSignature, CoSignature.ministry_id == Organisation.id)
        .join(UserAccount, UserAccount.id == CoSignature.signed_by)
        .where(CoSignature.application_id == case.id, CoSignature.content_hash == case.content_hash)
        .order_by(Organisation.name_de)
    )
    return [
        {"ministry": ministry, "person": person, "on": day(at.date())}
        for ministry, person, at in rows
        if at is not None
    ]


def _signer(session: Session, process: Process, event: str) -> str:
    person = process.performers.get(event)
    name = session.scalar(
        select(UserAccount.name).where(UserAccount.id == uuid.UUID(person))
        if person
        else select(UserAccount.name).where(UserAccount.id == process.officer_id)
    )
    return name or ""


def _proof_due(session: Session, end: date | None, call: Call) -> date | None:
    if end is None:
        return None
    region = session.get_one(Organisation, call.authority_id).seat_region
    return proof_due(
        period_end=end, months=whole_on(session, "proof_months", end), region=region or "DE-BE"
    )


def _decision(
    session: Session, document: Document, process: Process, case: Application, call: Call
) -> dict[str, Any]:
    authority = _organisation(session, call.authority_id)
    granted = case.granted or Decimal(0)
    return {
        "authority": authority,
        "remedy": remedy(authority["issuer"]).kind,
        "decided_on": day(case.decided_on),
        "amount": euro(granted),
        "amount_in_words": in_words(granted),
        "financing": FINANCING[call.financing_type],
        "expenditure": euro(case.expenditure),
        "purpose": case.summary,
        "reasons": case.decision_reason,
        "period": f"{day(case.period_start)} bis {day(case.period_end)}",
        "proof_due": day(_proof_due(session, case.period_end, call)),
        "aid_basis": case.aid_basis or "none_non_economic",
        "shares": _shares(session, case.id),
        "years": _years(session, case.id),
        "signatures": _signatures(session, case),
        "signer": _signer(session, process, document.event),
    }


TRANCHE_CONDITIONS = (
    "Annahme des Preises mit seinen Bedingungen",
    "Teilnahme an der Zwischenpräsentation",
    "angenommenes Konzept",
)


def _tranches(kind: str, case: Application) -> dict[str, Any]:
    if kind != "prize":
        return {}
    parts = split(case.granted or Decimal(0), TRANCHES)
    rows = zip(TRANCHE_CONDITIONS, parts, strict=True)
    return {
        "tranches": [
            {"number": number, "condition": condition, "amount": euro(part)}
            for number, (condition, part) in enumerate(rows, start=1)
        ]
    }


def _receipt(session: Session, document: Document, case: Application) -> dict[str, Any]:
    submission = session.scalars(
        select(Submission)
        .where(Submission.process_id == case.id)
        .order_by(Submission.number.desc())
    ).first()
    head = session.scalars(
        select(LogRecord.hash).where(
            LogRecord.process_id == case.id, LogRecord.seq == document.log_seq
        )
    ).first()
    if submission is None:
        return {}
    return {
        "received_local": local_time(submission.received_at),
        "received_utc": submission.received_at.isoformat(),
        "answers_sha256": submission.sha256,
        "files": submission.files,
        "log_head": head or "",
        "is_late": case.is_late,
    }


GROUNDS = {
    "withdraw": "Wir nehmen den Zuwendungsbescheid zurück (§ 48 VwVfG).",
    "revoke": "Wir widerrufen den Zuwendungsbescheid (§ 49 VwVfG).",
    "condition_occurred": "Der Zuwendungsbescheid ist durch den Eintritt einer auflösenden "
    "Bedingung unwirksam geworden.",
    "overpayment": "Es ist mehr ausgezahlt worden, als Ihnen zusteht.",
}
OUTCOMES = {
    "partially_upheld": "Dem Widerspruch wird teilweise stattgegeben; im Übrigen wird er "
    "zurückgewiesen.",
    "rejected": "Der Widerspruch wird zurückgewiesen.",
    "inadmissible": "Der Widerspruch wird als unzulässig zurückgewiesen.",
}


def _changes(data: Mapping[str, Any], case: Application) -> list[str]:
    """What an amendment changes, in sentences of the letter."""
    amount = Decimal(data["amount"]) if data.get("amount") else Decimal(0)
    if data.get("kind") == "no_cost_extension":
        return [f"Der Bewilligungszeitraum endet am {day(date.fromisoformat(data['new_end']))}."]
    if data.get("kind") == "supplement":
        whole = (case.granted or Decimal(0)) + amount
        return [f"Die Zuwendung erhöht sich um {euro(amount)} auf {euro(whole)}."]
    if data.get("kind") in ("reallocation", "year_shift"):
        source, target = data["line_from"], data["line_to"]
        return [f"{euro(amount)} werden von {source} nach {target} verschoben."]
    return [str(data.get("explanation", ""))]


def _notice(
    session: Session, document: Document, process: Process, case: Application, call: Call
) -> dict[str, Any]:
    """The decision of a sub-process: what it has recorded, in the words of its letter."""
    authority = _organisation(session, call.authority_id)
    data = session.scalar(select(Procedure.data).where(Procedure.id == process.id)) or {}
    signer = data.get("signed_by")
    name = session.scalar(
        select(UserAccount.name).where(
            UserAccount.id == (uuid.UUID(signer) if signer else process.officer_id)
        )
    )
    started = data.get("interest_from")
    return {
        "authority": authority,
        # against a decision on an objection there is only the court (§ 73, § 74 VwGO)
        "remedy": (
            "court_action" if document.kind == "objection" else remedy(authority["issuer"]).kind
        ),
        "decided_on": day(document.requested_at.astimezone(get_timezone(ZONE)).date()),
        "signer": name or "",
        "reasons": data.get("reasons", ""),
        "changes": _changes(data, case) if document.kind == "amendment" else [],
        "ground": GROUNDS.get(data.get("ground", ""), ""),
        "amount": euro(Decimal(data["claim"])) if "claim" in data else "",
        "interest_from": day(date.fromisoformat(started)) if started else "",
        "outcome": OUTCOMES[data.get("outcome", "inadmissible")],
    }


def document_values(session: Session, document_id: uuid.UUID) -> dict[str, Any]:
    """Everything the document says, as plain text values."""
    document = session.get_one(Document, document_id)
    if document.kind == "minutes":
        return minutes_values(session, document)
    process = session.get_one(Process, document.process_id)
    case = session.get_one(Application, process.root_id)
    call = session.get_one(Call, case.call_id)
    values: dict[str, Any] = {
        "kind": document.kind,
        "reference": process.reference,
        "title": process.title,
        "call": call.title_de,
        "call_ref": call.ref,
        "requested_at": document.requested_at.isoformat(),
        "recipient": _organisation(session, case.organisation_id),
    }
    if document.kind == "receipt":
        return values | _receipt(session, document, case)
    if not process.is_root:
        return values | _notice(session, document, process, case, call)
    return (
        values | _decision(session, document, process, case, call) | _tranches(document.kind, case)
    )
