"""The authority that issues a call's decisions: its seat and its remedy."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app.engine import ProcessRow
from funding_app.engine.tasks import SEAT
from funding_app.models import Call, Organisation
from funding_app.rules.notices import remedy


def region_of(session: Session, call_id: uuid.UUID | None) -> str:
    """The holiday region of the seat of the call's authority."""
    found = session.scalar(
        select(Organisation.seat_region)
        .join(Call, Call.authority_id == Organisation.id)
        .where(Call.id == call_id)
    )
    return found or SEAT


def remedy_facts(session: Session, process: ProcessRow, _when: datetime) -> Mapping[str, Any]:
    """Whether the authority's decisions are objected to or taken to court (§ 68 VwGO)."""
    issuer = session.scalar(
        select(Organisation.issuer)
        .join(Call, Call.authority_id == Organisation.id)
        .where(Call.id == process.call_id)
    )
    return {"remedy_kind": remedy(issuer or "supreme_authority").kind}


FACTS = {"remedy_kind": remedy_facts}
