"""The rows of the exports, read in chunks so that memory does not grow with their number."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from funding_app.access import OFFICE_ROLES, Person, visible_to
from funding_app.access.relations import MINISTRY_ROLES
from funding_app.models import (
    Application,
    BudgetLine,
    Call,
    CallShare,
    FundingShare,
    Organisation,
    Process,
    Programme,
)

CHUNK = 500
BERLIN = ZoneInfo("Europe/Berlin")
CASE_COLUMNS = (
    "submitted_at completed_at is_late summary period_start period_end requested expenditure "
    "aid_basis score recommendation recommended_amount decision_kind decision_reason granted "
    "decided_on channel sent_on notified_on final_on accepted_at waived_on paid final_grant "
    "closed_on"
).split()
PUBLIC_GRANT = (
    Application.is_public,
    Application.granted.is_not(None),
    Application.decided_on.is_not(None),
)


@dataclass(frozen=True, slots=True)
class Shared:
    """A row, and what each ministry bears of it, the lead first."""

    row: Any
    shares: Sequence[Any]


def _in_chunks(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    options = {"yield_per": CHUNK}
    yield from session.execute(statement, execution_options=options).partitions(CHUNK)


def _with_shares(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Shared]:
    for rows in _in_chunks(session, statement):
        shares = _shares_of(session, [row.id for row in rows])
        yield from (Shared(row, shares[row.id]) for row in rows)


def _shares_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    statement = (
        select(
            FundingShare.application_id,
            FundingShare.percent,
            FundingShare.amount,
            Organisation.id,
            Organisation.short_name,
            Organisation.name_de,
            Organisation.identifier,
        )
        .join(Organisation, Organisation.id == FundingShare.ministry_id)
        .where(FundingShare.application_id.in_(ids))
        .order_by(FundingShare.application_id, FundingShare.position)
    )
    for share in session.execute(statement):
        found[share.application_id].append(share)
    return found


def calls_for(session: Session, person: Person | None) -> Sequence[Any]:
    """Reference and titles of the calls whose cases the person may see; `None` sees all."""
    statement = select(Call.ref, Call.title_de, Call.title_en).where(_call_of(person))
    return session.execute(statement.order_by(Call.ref)).all()


def published_calls(session: Session) -> Sequence[Any]:
    """Reference and titles of the calls that everyone may see."""
    statement = select(Call.ref, Call.title_de, Call.title_en).where(Call.is_published)
    return session.execute(statement.order_by(Call.ref)).all()


def _call_of(person: Person | None) -> ColumnElement[bool]:
    if person is None or person.roles & OFFICE_ROLES:
        return true()
    share = aliased(CallShare)
    own = share.ministry_id.in_(person.organisations(MINISTRY_ROLES))
    return exists(select(share.call_id).where(share.call_id == Call.id, own))


def _cases(person: Person | None, call_ref: str | None) -> Select[*tuple[Any, ...]]:
    """Cases that were handed in; a draft is its applicant's alone."""
    statement = (
        select(
            Process.id,
            Process.reference,
            Process.title,
            Process.definition_key,
            Process.definition_version,
            Process.state,
            Call.ref.label("call"),
            Organisation.name_de.label("organisation"),
            Organisation.city,
            *(Application.__table__.c[name] for name in CASE_COLUMNS),
        )
        .join(Application, Application.id == Process.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .where(Process.handed_in_at.is_not(None))
        .order_by(Call.ref, Process.reference, Process.id)
    )
    if person is not None:
        statement = statement.where(visible_to(person), _call_of(person))
    return statement.where(Call.ref == call_ref) if call_ref else statement


def applications(
    session: Session, person: Person | None, call_ref: str | None = None
) -> Iterator[Shared]:
    """The applications handed in that the person may see."""
    return _with_shares(session, _cases(person, call_ref))


def decisions(
    session: Session, person: Person | None, call_ref: str | None = None
) -> Iterator[Shared]:
    """The cases among them whose decision was issued."""
    statement = _cases(person, call_ref).where(Application.decided_on.is_not(None))
    return _with_shares(session, statement)


def budget(session: Session, person: Person | None, call_ref: str | None = None) -> Iterator[Any]:
    """Budget lines: to the offices all, to a ministry its own; of a call those it draws on."""
    statement = (
        select(
            Organisation.short_name.label("ministry"),
            BudgetLine.title,
            BudgetLine.purpose,
            BudgetLine.year,
            BudgetLine.kind,
            BudgetLine.available,
            BudgetLine.reserved,
            BudgetLine.committed,
            BudgetLine.disbursed,
            (BudgetLine.available - BudgetLine.reserved - BudgetLine.committed).label("free"),
        )
        .join(Organisation, Organisation.id == BudgetLine.ministry_id)
        .order_by(Organisation.short_name, BudgetLine.title, BudgetLine.year)
    )
    if person is not None and not person.roles & OFFICE_ROLES:
        own = person.organisations(MINISTRY_ROLES)
        statement = statement.where(BudgetLine.ministry_id.in_(own))
    if call_ref:
        statement = statement.where(_drawn_on_by(call_ref))
    return (row for rows in _in_chunks(session, statement) for row in rows)


def _drawn_on_by(call_ref: str) -> ColumnElement[bool]:
    return exists(
        select(CallShare.call_id)
        .join(Call, Call.id == CallShare.call_id)
        .where(
            Call.ref == call_ref,
            CallShare.ministry_id == BudgetLine.ministry_id,
            CallShare.budget_title == BudgetLine.title,
        )
    )


def grants(session: Session, call_ref: str | None = None) -> Iterator[Shared]:
    """Funded projects that are public, as everyone may see them."""
    lead = aliased(Organisation)
    recipient = aliased(Organisation)
    statement = (
        select(
            Process.id,
            Process.reference,
            Process.title,
            Process.updated_at,
            Application.summary,
            Application.granted,
            Application.paid,
            Application.decided_on,
            Application.period_start,
            Application.period_end,
            recipient.id.label("recipient_id"),
            recipient.name_de.label("recipient"),
            recipient.identifier.label("recipient_identifier"),
            recipient.city,
            lead.id.label("lead_id"),
            lead.name_de.label("lead"),
            lead.identifier.label("lead_identifier"),
            Call.ref.label("call"),
            Programme.key.label("programme_key"),
            Programme.title_de.label("programme"),
        )
        .join(Application, Application.id == Process.id)
        .join(Call, Call.id == Application.call_id)
        .join(Programme, Programme.id == Call.programme_id)
        .join(recipient, recipient.id == Application.organisation_id)
        .join(lead, lead.id == Call.lead_ministry_id)
        .where(*PUBLIC_GRANT)
        .order_by(Application.decided_on, Process.id)
    )
    if call_ref:
        statement = statement.where(Call.ref == call_ref)
    return _with_shares(session, statement)


def indicators(session: Session, call_ref: str | None = None) -> Iterator[Any]:
    """Counts and sums per published call and local year of receipt.

    Funded counts only what is public already, rejected only what was notified.
    """
    handed_in = and_(Call.is_published, Application.submitted_at.is_not(None))
    year = _year_of_receipt(session)
    public = and_(*PUBLIC_GRANT)
    rejected = and_(Application.decision_kind == "reject", Application.notified_on.is_not(None))
    statement = (
        select(
            Call.ref.label("call"),
            Call.title_de,
            Call.title_en,
            year.label("year"),
            func.count().label("applications"),
            func.count(case((public, 1))).label("funded"),
            func.count(case((rejected, 1))).label("rejected"),
            func.count(case((public, Application.organisation_id)).distinct()).label("recipients"),
            func.sum(case((public, Application.granted))).label("granted"),
            func.sum(case((public, Application.paid))).label("paid"),
        )
        .join(Application, Application.call_id == Call.id)
        .where(handed_in)
        .group_by(Call.ref, Call.title_de, Call.title_en, "year")
        .order_by(Call.ref, "year")
    )
    if call_ref:
        statement = statement.where(Call.ref == call_ref)
    return (row for rows in _in_chunks(session, statement) for row in rows)


def _year_of_receipt(session: Session) -> ColumnElement[int]:
    """The local year; neither database can tell it from an instant in a way both share."""
    first, last = session.execute(
        select(func.min(Application.submitted_at), func.max(Application.submitted_at))
    ).one()
    if first is None or last is None:
        return literal(0)
    years = range(first.astimezone(BERLIN).year, last.astimezone(BERLIN).year + 1)
    ends = [
        (Application.submitted_at < datetime(year + 1, 1, 1, tzinfo=BERLIN), year) for year in years
    ]
    return case(*ends, else_=literal(years[-1]))
