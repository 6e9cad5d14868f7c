"""Partners of a consortium: applying organisations, each once."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from funding_app.engine import Machinery, Refused
from funding_app.models import Application, Organisation, Process
from funding_app.services.applications.consortia import open_consortium, open_partner_application
from tests.support.effects import acting
from tests.support.rows import Rows


def joining(rows: Rows, machinery: Machinery, partner: object) -> list[uuid.UUID]:
    """Who takes part after this partner has joined."""
    consortium = rows.procedure(None, "consortium", "forming", call_id=rows.call.id)
    rows.case("draft", consortium_id=consortium.id)
    rows.case("draft", process={"organisation_id": other(rows).id}, consortium_id=uuid.uuid4())
    data = {} if partner is None else {"partner": str(partner)}
    open_partner_application(acting(rows, machinery, consortium, data), {})
    found = select(Application.organisation_id).where(Application.consortium_id == consortium.id)
    return list(rows.session.scalars(found))


def other(rows: Rows) -> Organisation:
    """An organisation that takes part in another consortium."""
    named = select(Organisation).where(Organisation.name_de == "Anderer Verein")
    found = rows.session.scalars(named).first()
    return found or rows.organisation_of("applicant", "Anderer Verein")


def test_a_partner_gets_an_application_of_its_own(rows: Rows, machinery: Machinery) -> None:
    partner = other(rows)
    assert set(joining(rows, machinery, partner.id)) == {rows.organisation.id, partner.id}


@pytest.mark.parametrize("who", ["organisation", "ministry", "unknown", "no id", None])
def test_who_can_not_be_a_partner(rows: Rows, machinery: Machinery, who: str | None) -> None:
    """Whoever takes part already, does not apply, or is not there."""
    partners = {
        "organisation": rows.organisation.id,
        "ministry": rows.ministry.id,
        "unknown": uuid.uuid4(),
    }
    with pytest.raises(Refused) as refused:
        joining(rows, machinery, partners.get(who or "", who))
    assert refused.value.code == "invalid_data"


@pytest.mark.parametrize("names_it", [True, False])
def test_an_invited_outline_goes_on_in_the_call_it_names(
    rows: Rows, machinery: Machinery, names_it: bool
) -> None:
    rows.another_call(ref="other")
    following = rows.another_call(ref="following")
    rows.change(rows.call, terms={"continues_in": "following" if names_it else "unknown"})
    outline = rows.case("invited", "sketch", process={"title": "Garten"})
    context = acting(rows, machinery, outline)
    if not names_it:
        with pytest.raises(Refused) as refused:
            open_consortium(context, {"kind": "consortium"})
        assert refused.value.code == "call_not_open"
        return
    open_consortium(context, {"kind": "consortium"})
    consortium = rows.session.get_one(Process, context.notes["consortium"])
    assert (consortium.call_id, consortium.title) == (following.id, "Garten")
    begun = select(Application).where(Application.consortium_id == consortium.id)
    (coordinator,) = rows.session.scalars(begun)
    assert coordinator.call_id == following.id
    assert coordinator.organisation_id == rows.organisation.id
