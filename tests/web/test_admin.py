"""The administration: people and roles, calls, budget lines, queued work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from funding_app.demo.runner import Story
from funding_app.engine import outbox
from funding_app.models import BudgetLine, Call, OutboxMessage, RoleAssignment, UserAccount
from funding_app.rules.voting import VotingRules, rules_of
from funding_app.services.calls.calls import answers_of_call, shares_of
from tests.exports.reading import submit
from tests.fixtures.pages import SignIn

PLACES = (
    "/admin/people",
    "/admin/jobs",
    "/admin/calls",
    "/admin/budget",
    "/admin/parameters",
    "/admin/workflows",
)
ALLOWED = {
    "admin": {"/admin/people", "/admin/jobs", "/admin/workflows"},
    "office": {"/admin/calls", "/admin/budget", "/admin/parameters", "/admin/workflows"},
    "commissioner": {"/admin/parameters"},
    "auditor": {"/admin/workflows"},
    "officer1": {"/admin/budget"},
    "officer": set(),
    "applicant1": set(),
    "reviewer1": set(),
}


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("admin")


@pytest.fixture
def office(sign_in: SignIn) -> FlaskClient:
    return sign_in("office")


@pytest.mark.parametrize("who", ALLOWED)
def test_each_role_sees_its_places_only(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    found = {place for place in PLACES if client.get(place).status_code == 200}
    assert found == ALLOWED[who]
    assert {client.get(place).status_code for place in set(PLACES) - found} <= {404}


def account(story: Story, key: str) -> UserAccount:
    with story.database.read() as session:
        found = session.scalars(
            select(UserAccount).where(UserAccount.email == f"{key}@demo.example")
        ).one()
        session.expunge(found)
    return found


def roles_of(story: Story, key: str) -> list[RoleAssignment]:
    with story.database.read() as session:
        who = account(story, key).id
        return list(session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == who)))


def test_a_new_person_signs_in_with_the_password_shown(
    app: Flask, admin: FlaskClient, story: Story
) -> None:
    sent = {"name": "Nele Probe", "email": "neu@demo.example"}
    page = admin.post("/admin/people", data=sent, follow_redirects=True).text
    password = re.search(r"Das erste Passwort ist (\S+)\. Es wird", page)
    assert password
    page = admin.get("/admin/people?q=nele").text
    assert "neu@demo.example" in page and "officer@demo.example" not in page
    again = admin.post("/admin/people", data=sent)
    assert again.status_code == 422 and "schon ein Konto" in again.text
    answer = app.test_client().post(
        "/account/sign-in", data={"email": sent["email"], "password": password[1]}
    )
    assert answer.status_code == 302


def test_a_role_counts_at_once_and_is_taken_back(
    admin: FlaskClient, sign_in: SignIn, story: Story
) -> None:
    auditor = sign_in("auditor")
    assert auditor.get("/admin/calls").status_code == 404
    place = f"/admin/people/{account(story, 'auditor').id}"
    for _twice in range(2):
        assert admin.post(f"{place}/roles", data={"role": "office_clerk"}).status_code == 302
    given = [role for role in roles_of(story, "auditor") if role.role == "office_clerk"]
    assert len(given) == 1
    assert given[0].granted_by == account(story, "admin").id
    assert auditor.get("/admin/calls").status_code == 200
    admin.post(f"{place}/roles/{given[0].id}/take")
    assert auditor.get("/admin/calls").status_code == 404


@pytest.mark.parametrize(
    ("role", "kind", "accepted"),
    [("budget_officer", "ministry", True), ("budget_officer", "", False),
     ("budget_officer", "applicant", False), ("applicant_editor", "applicant", True),
     ("applicant_editor", "ministry", False), ("approver", "", True),
     ("approver", "ministry", False)],
)  # fmt: skip
def test_a_role_is_held_where_it_means_something(
    admin: FlaskClient, story: Story, role: str, kind: str, accepted: bool
) -> None:
    scopes = {
        "ministry": str(story.world.ministries[1]),
        "applicant": str(story.world.organisations[0]),
        "": "",
    }
    place = f"/admin/people/{account(story, 'auditor').id}/roles"
    answer = admin.post(place, data={"role": role, "organisation": scopes[kind]})
    assert answer.status_code == (302 if accepted else 422)
    assert (role in {each.role for each in roles_of(story, "auditor")}) is accepted


def test_nobody_changes_the_own_account(admin: FlaskClient, story: Story) -> None:
    place = f"/admin/people/{account(story, 'admin').id}"
    assert admin.post(f"{place}/roles", data={"role": "approver"}).status_code == 403
    [held] = roles_of(story, "admin")
    assert admin.post(f"{place}/roles/{held.id}/take").status_code == 403
    assert admin.post(f"{place}/account", data={"do": "lock"}).status_code == 403
    assert "Rolle nehmen" not in admin.get(place).text


def test_a_locked_account_is_out_at_once(admin: FlaskClient, sign_in: SignIn, story: Story) -> None:
    officer = sign_in("officer")
    place = f"/admin/people/{account(story, 'officer').id}/account"
    admin.post(place, data={"do": "lock"})
    assert officer.get("/tasks").status_code == 302
    admin.post(place, data={"do": "unlock"})
    sign_in("officer")
    assert admin.post(place, data={"do": "delete"}).status_code == 400


def form_of_call(story: Story, ref: str) -> dict[str, Any]:
    """What a browser sends for the call as it is."""
    with story.database.read() as session:
        call = session.scalars(select(Call).where(Call.ref == ref)).one()
        answers = answers_of_call(session, call)
        sent: dict[str, Any] = {"version": str(call.version)}
    for name, value in answers.items():
        if name in ("shares", "criteria", "anchors"):
            for at, row in enumerate(value):
                sent |= {f"{name}-{at}-{column}": str(each) for column, each in row.items()}
        elif name in ("opens_on", "closes_on", "reserve_until"):
            parts = (value or "--").split("-")
            days = zip(("year", "month", "day"), parts, strict=True)
            sent |= {f"{name}-{part}": each for part, each in days}
        elif isinstance(value, list):
            sent[name] = value
        elif isinstance(value, bool):
            sent[name] = "yes" if value else "no"
        else:
            sent[name] = "" if value is None else str(value)
    return sent


@pytest.fixture
def copied(office: FlaskClient, story: Story) -> Iterator[str]:
    answer = office.post("/admin/calls", data={"from": "cc-gemeinsam-2026", "ref": "KI-2027"})
    assert answer.headers["Location"].endswith("/admin/calls/ki-2027")
    yield "ki-2027"


def call_of(story: Story, ref: str) -> Call:
    with story.database.read() as session:
        found = session.scalars(select(Call).where(Call.ref == ref)).one()
        session.expunge(found)
    return found


def test_a_copied_call_is_the_same_but_not_public(
    app: Flask, story: Story, copied: str, office: FlaskClient
) -> None:
    with story.database.read() as session:
        one, other = (
            session.scalars(select(Call).where(Call.ref == ref)).one()
            for ref in ("cc-gemeinsam-2026", copied)
        )
        assert answers_of_call(session, one) == answers_of_call(session, other)
        assert [share.percent for share in shares_of(session, other)] == [60, 25, 15]
        assert (one.definition_key, one.form_key) == (other.definition_key, other.form_key)
    assert app.test_client().get(f"/calls/{copied}").status_code == 404
    taken = office.post("/admin/calls", data={"from": "cc-gemeinsam-2026", "ref": copied})
    assert taken.status_code == 422 and "vergeben" in taken.text
    bad = office.post("/admin/calls", data={"from": "cc-gemeinsam-2026", "ref": "Ä b"})
    assert bad.status_code == 422 and "Kleinbuchstaben" in bad.text
    lost = office.post("/admin/calls", data={"from": "no-such-call", "ref": "x-1"})
    assert lost.status_code == 404


def test_a_call_is_written_published_and_prolonged(
    app: Flask, office: FlaskClient, story: Story, copied: str
) -> None:
    sent = form_of_call(story, copied) | {
        "title_de": "KI in der Nachbarschaft",
        "maximum_amount": "123.456,78",
        "closes_on-day": "30", "closes_on-month": "9", "closes_on-year": "2026",
        "closes_time": "12:00",
        "shares-0-percent": "50", "shares-1-percent": "35",
        "criteria-0-title_de": "Wirkung", "criteria-0-knock_out": "panel",
        "anchors-0-criterion": "common_good", "anchors-0-score": "4",
        "anchors-0-de": "Nutzen für viele belegt", "anchors-0-en": "Benefit for many shown",
        "threshold": "2,5", "allow_skip_fill": "yes", "majority": "two_thirds",
    }  # fmt: skip
    assert office.post(f"/admin/calls/{copied}", data=sent).status_code == 302
    call = call_of(story, copied)
    assert (call.title_de, call.maximum_amount) == ("KI in der Nachbarschaft", Decimal("123456.78"))
    assert (call.closes_at, call.closes_inclusive) == (
        datetime(2026, 9, 30, 10, 0, tzinfo=UTC),
        True,
    )
    assert call.criteria[0]["title"]["de"] == "Wirkung"
    words = {"de": "Nutzen für viele belegt", "en": "Benefit for many shown"}
    assert call.criteria[0]["anchors"]["4"] == words
    assert set(call.criteria[0]["anchors"]) == {"3", "4", "5"}
    assert [each.get("knock_out") for each in call.criteria][:2] == [True, None]
    assert call.terms["ranking"] == {"threshold": "2.50", "allow_skip_fill": True}
    assert rules_of(call.terms["panel"]) == VotingRules(majority="two_thirds")
    stale = office.post(f"/admin/calls/{copied}", data=sent)
    assert stale.status_code == 409 and "inzwischen geändert" in stale.text
    office.post(f"/admin/calls/{copied}/publication", data={"do": "publish"})
    assert "KI in der Nachbarschaft" in app.test_client().get(f"/calls/{copied}").text
    fixed = office.post(f"/admin/calls/{copied}", data=sent)
    assert fixed.status_code == 422 and "nur verlängert" in fixed.text
    later = {"closes_on-day": "31", "closes_on-month": "10", "closes_on-year": "2026",
             "closes_time": ""}  # fmt: skip
    assert office.post(f"/admin/calls/{copied}", data=later).status_code == 302
    call = call_of(story, copied)
    # the end of 31 October 2026 in Berlin, winter time
    assert call.closes_at == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    assert call.title_de == "KI in der Nachbarschaft"
    office.post(f"/admin/calls/{copied}/publication", data={"do": "withdraw"})
    assert app.test_client().get(f"/calls/{copied}").status_code == 404


def test_a_call_is_reviewed_blind_and_so_is_its_copy(
    office: FlaskClient, story: Story, copied: str
) -> None:
    assert not call_of(story, copied).is_blind
    sent = form_of_call(story, copied) | {"is_blind": "yes"}
    assert office.post(f"/admin/calls/{copied}", data=sent).status_code == 302
    office.post("/admin/calls", data={"from": copied, "ref": "ki-2028"})
    assert call_of(story, copied).is_blind and call_of(story, "ki-2028").is_blind


@pytest.mark.parametrize(
    ("change", "words"),
    [({"shares-0-percent": "59"}, "nicht zusammen 100 Prozent"),
     ({"criteria-0-weight": "1"}, "nicht zusammen 100."),
     ({"maximum_amount": "1,00"}, "unter dem kleinsten"),
     ({"closes_time": "25:99"}, "Uhrzeit so an"),
     ({"closes_on-day": "29", "closes_on-month": "3", "closes_on-year": "2026",
       "closes_time": "02:30"}, "Zeitumstellung"),
     ({"title_en": ""}, "Titel (englisch)"),
     ({"criteria-1-key": "common_good"}, "Kurzname steht zweimal"),
     ({"anchors-0-criterion": "none", "anchors-0-score": "5", "anchors-0-de": "a",
       "anchors-0-en": "b"}, "steht nicht bei den Kriterien"),
     ({"threshold": "5,01"}, "höchstens 5"),
     ({"quorum_minimum": "0"}, "mindestens 1")],
)  # fmt: skip
def test_a_call_that_can_not_be_says_why_and_keeps_what_was_typed(
    office: FlaskClient, story: Story, copied: str, change: dict[str, str], words: str
) -> None:
    before = call_of(story, copied)
    sent = form_of_call(story, copied) | {"title_de": "Noch nicht gespeichert"} | change
    answer = office.post(f"/admin/calls/{copied}", data=sent)
    assert answer.status_code == 422
    assert words in answer.text and "Noch nicht gespeichert" in answer.text
    after = call_of(story, copied)
    assert (after.version, after.title_de) == (before.version, before.title_de)


def test_a_call_with_applications_stays_public(office: FlaskClient, story: Story) -> None:
    submit(story, "Ein Antrag")
    place = "/admin/calls/cc-mikro-2026"
    page = office.post(f"{place}/publication", data={"do": "withdraw"}, follow_redirects=True).text
    assert "schon Anträge" in page
    assert call_of(story, "cc-mikro-2026").is_published
    assert "Veröffentlichung zurücknehmen" not in office.get(place).text


def line(story: Story, **more: str) -> dict[str, str]:
    return {
        "ministry": str(story.world.ministries[0]),
        "title": "1101 684 99",
        "year": "2027",
        "kind": "appropriation",
        "available": "1.000,50",
        **more,
    }


def available(story: Story, title: str) -> list[Decimal]:
    with story.database.read() as session:
        return list(session.scalars(select(BudgetLine.available).where(BudgetLine.title == title)))


def test_a_budget_line_is_opened_and_changed(office: FlaskClient, story: Story) -> None:
    assert office.post("/admin/budget", data=line(story)).status_code == 302
    assert available(story, "1101 684 99") == [Decimal("1000.50")]
    with story.database.write() as session:
        taken = update(BudgetLine).where(BudgetLine.title == "1101 684 99")
        session.execute(taken.values(reserved=Decimal("400.00"), committed=Decimal("100.00")))
    office.post("/admin/budget", data=line(story, available="500,00"))
    assert available(story, "1101 684 99") == [Decimal("500.00")]
    refused = office.post("/admin/budget", data=line(story, available="499,99"))
    assert refused.status_code == 422 and "schon mehr vorgemerkt" in refused.text
    assert available(story, "1101 684 99") == [Decimal("500.00")]


def test_a_budget_officer_keeps_the_own_lines_only(sign_in: SignIn, story: Story) -> None:
    client = sign_in("officer1")
    assert client.post("/admin/budget", data=line(story)).status_code == 302
    foreign = line(story, ministry=str(story.world.ministries[1]), title="9999 684 01")
    assert client.post("/admin/budget", data=foreign).status_code == 422
    assert available(story, "9999 684 01") == []


def test_what_was_given_up_is_tried_again(admin: FlaskClient, story: Story) -> None:
    submit(story, "Ein Antrag")
    with story.database.write() as session:
        outbox.deliver(session, "send_mail", "lost", {"mail_id": "x"}, story.now)
        failed = update(OutboxMessage).where(OutboxMessage.dedup_key == "lost")
        session.execute(failed.values(state="dead", attempts=8, last_error="SMTP: 550 no such box"))
    page = admin.get("/admin/jobs").text
    assert "550 no such box" in page and "gescheitert: 1" in page
    assert "Gescheiterte Aufträge: 1" in admin.get("/admin/").text
    found = re.search(r"/admin/jobs/([0-9a-f-]{36})/retry", page)
    assert found
    admin.post(found[0])
    with story.database.read() as session:
        message = session.scalars(
            select(OutboxMessage).where(OutboxMessage.dedup_key == "lost")
        ).one()
        assert (message.state, message.attempts) == ("pending", 0)
