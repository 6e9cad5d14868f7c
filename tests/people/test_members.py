"""Who belongs to an applying organisation: invited once, with one right, never without a head."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from funding_app.models import Organisation, RoleAssignment, UserAccount
from funding_app.services.people import members
from funding_app.services.people.members import (
    LASTS,
    AlreadyMember,
    LastSignatory,
    change_right,
    open_invitation,
)
from tests.support.rows import NOW, Rows

MOMENT = timedelta(microseconds=1)
SIGNS, EDITS = "applicant_signatory", "applicant_editor"


def rights(rows: Rows, organisation: Organisation) -> dict[str, set[str]]:
    """The roles for an organisation by the names of who holds them."""
    held = rows.session.execute(
        select(UserAccount.name, RoleAssignment.role)
        .join(RoleAssignment, RoleAssignment.user_id == UserAccount.id)
        .where(RoleAssignment.organisation_id == organisation.id)
    )
    found: dict[str, set[str]] = {}
    for name, role in held:
        found.setdefault(name, set()).add(role)
    return found


def change(rows: Rows, user: UserAccount, role: str | None) -> None:
    change_right(
        rows.session, rows.organisation.id, user.id, role, changed_by=rows.person.id, now=NOW
    )


def test_a_right_is_exchanged_here_alone(rows: Rows) -> None:
    other = rows.organisation_of("applicant", "Anderer Verein")
    rows.account("head", SIGNS, scope=rows.organisation)
    colleague = rows.account("colleague", EDITS, scope=rows.organisation)
    member = rows.account("member", EDITS, "budget_officer", scope=rows.organisation)
    rows.add(
        RoleAssignment(user_id=member.id, role=EDITS, organisation_id=other.id, granted_at=NOW)
    )
    change(rows, member, SIGNS)
    assert rights(rows, rows.organisation) == {
        "head": {SIGNS},
        "colleague": {EDITS},
        "member": {SIGNS, "budget_officer"},
    }
    assert rights(rows, other) == {"member": {EDITS}}
    change(rows, member, None)
    assert rights(rows, rows.organisation)["member"] == {"budget_officer"}
    change(rows, colleague, None)
    assert "colleague" not in rights(rows, rows.organisation)


def test_the_last_who_signs_stays(rows: Rows) -> None:
    head = rows.account("head", SIGNS, scope=rows.organisation)
    rows.account("editor", EDITS, scope=rows.organisation)
    rows.account("locked", SIGNS, scope=rows.organisation, is_active=False)
    rows.account("elsewhere", SIGNS, scope=rows.organisation_of("applicant"))
    for role in (None, EDITS):
        with pytest.raises(LastSignatory):
            change(rows, head, role)
    change(rows, head, SIGNS)
    rows.account("second", SIGNS, scope=rows.organisation)
    change(rows, head, EDITS)
    assert rights(rows, rows.organisation)["head"] == {EDITS}


def invite(rows: Rows, email: str, organisation: uuid.UUID, now: timedelta) -> str:
    return members.invite(
        rows.session,
        organisation_id=organisation,
        email=email,
        role=EDITS,
        invited_by=rows.person.id,
        now=NOW + now,
    )


def test_an_invitation_lasts_an_hour_and_is_good_once(rows: Rows) -> None:
    assert timedelta(hours=1) == LASTS
    secret = invite(rows, "new@demo.example", rows.organisation.id, timedelta())
    rows.session.flush()
    assert open_invitation(rows.session, secret, NOW + LASTS) is None
    assert open_invitation(rows.session, "another", NOW) is None
    found = open_invitation(rows.session, secret, NOW + LASTS - MOMENT)
    assert found is not None
    new = rows.account("new")
    members.join(rows.session, found, new.id, NOW)
    assert rights(rows, rows.organisation) == {"new": {EDITS}}
    assert open_invitation(rows.session, secret, NOW) is None


def test_a_second_invitation_takes_the_place_of_the_first(rows: Rows) -> None:
    other = rows.organisation_of("applicant", "Anderer Verein")
    first = invite(rows, "new@demo.example", rows.organisation.id, timedelta())
    elsewhere = invite(rows, "new@demo.example", other.id, timedelta())
    somebody = invite(rows, "other@demo.example", rows.organisation.id, timedelta())
    second = invite(rows, "new@demo.example", rows.organisation.id, timedelta(minutes=1))
    rows.session.flush()
    kept = [
        open_invitation(rows.session, secret, NOW) is not None
        for secret in (first, elsewhere, somebody, second)
    ]
    assert kept == [False, True, True, True]


def test_who_is_in_the_organisation_is_not_invited_again(rows: Rows) -> None:
    rows.account("in", EDITS, scope=rows.organisation)
    rows.account("elsewhere", EDITS, scope=rows.organisation_of("applicant"))
    with pytest.raises(AlreadyMember):
        invite(rows, " In@demo.example", rows.organisation.id, timedelta())
    assert invite(rows, "elsewhere@demo.example", rows.organisation.id, timedelta())
