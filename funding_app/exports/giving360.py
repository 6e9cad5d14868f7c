"""Grants in the 360Giving Data Standard 1.4, as JSON and as the columns of its flat form.

https://standard.threesixtygiving.org/
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from funding_app.exports.columns import Column, Getter, Kind, Value, column
from funding_app.exports.csv_injection import clean
from funding_app.exports.tables import encoded, instant, json_list
from funding_app.queries.operations.exports import Shared

STANDARD = "1.4"
PREFIX = "360G-funding-portal"
"""Stands before identifiers that no public register has given."""
LICENCE = "https://www.govdata.de/dl-de/zero-2-0"
REGISTERS = ("DE-CR-", "XI-LEI-", "XI-ROR-", "XI-GRID-")
"""Lists of organisations on org-id.guide whose identifiers stand as they are."""


def organisation_id(identifier: str, id_: uuid.UUID) -> str:
    """The public identifier of an organisation, or one of our own."""
    return identifier if identifier.startswith(REGISTERS) else f"{PREFIX}-org-{id_}"


def grant_id(shared: Shared) -> str:
    """The identifier of a grant: its case's reference."""
    return f"{PREFIX}-{shared.row.reference}"


def funders(shared: Shared) -> list[tuple[str, str]]:
    """Identifier and name of the ministries that bear the grant, the lead of the call first."""
    row = shared.row
    lead = (organisation_id(row.lead_identifier, row.lead_id), row.lead)
    others = [
        (organisation_id(share.identifier, share.id), share.name_de) for share in shared.shares
    ]
    return [lead, *(other for other in others if other != lead)]


def _recipient(shared: Shared) -> dict[str, str]:
    row = shared.row
    found = {
        "id": organisation_id(row.recipient_identifier, row.recipient_id),
        "name": clean(row.recipient),
        "addressLocality": clean(row.city),
        "addressCountry": "DE",
    }
    return {name: value for name, value in found.items() if value}


def _planned(start: date | None, end: date | None) -> dict[str, str]:
    days = {"startDate": start, "endDate": end}
    return {name: day.isoformat() for name, day in days.items() if day}


def description(shared: Shared) -> str:
    """The summary; the title where none was written, as the standard wants some text."""
    summary: str = shared.row.summary.strip()
    return summary or str(shared.row.title)


def as_grant(shared: Shared) -> dict[str, Any]:
    """One grant as the standard describes it."""
    row = shared.row
    grant: dict[str, Any] = {
        "id": grant_id(shared),
        "title": clean(row.title),
        "description": clean(description(shared)),
        "currency": "EUR",
        "amountAwarded": float(row.granted),
        "amountDisbursed": float(row.paid),
        "awardDate": row.decided_on.isoformat(),
        "recipientOrganization": [_recipient(shared)],
        "fundingOrganization": [{"id": id_, "name": name} for id_, name in funders(shared)],
        "grantProgramme": [{"code": row.programme_key, "title": row.programme}],
        "fromOpenCall": "Yes",
        "dateModified": instant(row.updated_at),
    }
    if planned := _planned(row.period_start, row.period_end):
        grant["plannedDates"] = [planned]
    return grant


def package(title: str, grants: Iterable[Shared]) -> Iterator[bytes]:
    """All grants as one 360Giving package, written grant by grant."""
    head = {"version": STANDARD, "title": title, "license": LICENCE}

    def parts() -> Iterator[str]:
        yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "grants": '
        yield from json_list(as_grant(shared) for shared in grants)
        yield "}\n"

    return encoded(parts())


def _of(name: str) -> Getter:
    def get(shared: Shared, _words: object) -> Value:
        found: Value = getattr(shared.row, name)
        return found

    return get


def _recipient_id(shared: Shared, _words: object) -> Value:
    return _recipient(shared)["id"]


def _co_funders(shared: Shared, _words: object) -> Value:
    return "; ".join(name for _id, name in funders(shared)[1:])


GRANTS: Sequence[Column] = (
    column("Identifier", "Kennung", "Identifier", value=lambda row, _words: grant_id(row)),
    column("Title", "Titel", "Title", value=_of("title"), width=48),
    column("Description", "Beschreibung", "Description", width=60,
           value=lambda row, _words: description(row)),
    column("Currency", "Währung", "Currency", value=lambda _row, _words: "EUR", width=10),
    column("Amount Awarded", "Bewilligt", "Amount awarded", Kind.MONEY, _of("granted")),
    column("Amount Disbursed", "Ausgezahlt", "Amount disbursed", Kind.MONEY, _of("paid")),
    column("Award Date", "Bewilligt am", "Award date", Kind.DATE, _of("decided_on")),
    column("Planned Dates:Start Date", "Laufzeit von", "Period from", Kind.DATE,
           _of("period_start")),
    column("Planned Dates:End Date", "Laufzeit bis", "Period to", Kind.DATE, _of("period_end")),
    column("Recipient Org:Identifier", "Kennung der Organisation", "Recipient's identifier",
           value=_recipient_id),
    column("Recipient Org:Name", "Geförderte Organisation", "Recipient", width=36,
           value=_of("recipient")),
    column("Recipient Org:City", "Ort", "City", value=_of("city"), width=18),
    column("Recipient Org:Country", "Staat", "Country", value=lambda _row, _words: "DE", width=8),
    column("Funding Org:Identifier", "Kennung des Ministeriums", "Funder's identifier",
           value=lambda row, _words: funders(row)[0][0]),
    column("Funding Org:Name", "Federführendes Ministerium", "Lead ministry", width=36,
           value=lambda row, _words: funders(row)[0][1]),
    column("Co-Funders", "Weitere Ministerien", "Further ministries", value=_co_funders, width=36),
    column("Grant Programme:Code", "Programm", "Programme's code", value=_of("programme_key")),
    column("Grant Programme:Title", "Name des Programms", "Programme", value=_of("programme")),
    column("From An Open Call?", "Aus offenem Aufruf", "From an open call",
           value=lambda _row, _words: "Yes", width=10),
    column("Last Modified", "Zuletzt geändert", "Last modified", Kind.INSTANT, _of("updated_at")),
)  # fmt: skip
