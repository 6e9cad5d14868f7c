"""Running cases go on under another version: seen before, decided by two, logged."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

import workflows
from funding_app.app import create_app
from funding_app.demo.runner import Story, micro_answers
from funding_app.engine.log.verify import verify
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import LogRecord, Process, Task, UserAccount
from funding_app.services import machinery_for
from funding_app.services.operations.portal import Portal
from funding_app.settings import Settings
from tests.fixtures.pages import PASSWORD, PASSWORD_HASH

PERIOD = ("2026-04-01", "2026-12-31")
SHIPPED = workflows.load().get("micro_grant").version
NEWER = SHIPPED + 1
PLACE = f"/admin/workflows/micro_grant/{SHIPPED}/newest"


def newer_registry() -> workflows.Registry:
    """The next version, in which the quick check has another name and ten more days."""
    shipped = workflows.load()
    text = shipped.get("micro_grant").text.replace(f"version: {SHIPPED}", f"version: {NEWER}", 1)
    newer = workflows.parse(text.replace("quick_check", "short_check"), "office/newer.yaml")
    return workflows.Registry([*shipped.all(), newer])


@pytest.fixture
def later(story: Story, workplace: Workplace) -> tuple[Story, Workplace, Flask]:
    """Two cases of the shipped version, one in the quick check; then the next one is there."""
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Erster"))
    story.act("applicant1", "submit")
    first = story.case_id
    story.apply("micro_grant", micro_answers(Decimal("800.00"), *PERIOD, "Zweiter"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    machinery = machinery_for(newer_registry())
    told = replace(story, machinery=machinery)
    place = replace(workplace, machinery=machinery)
    parts = Portal(Settings(env="test"), story.database, machinery, place.storage, lambda: told.now)
    app = create_app(Settings(env="test"), parts)
    app.config["WTF_CSRF_ENABLED"] = False
    with story.database.write() as session:
        session.execute(update(UserAccount).values(password_hash=PASSWORD_HASH))
    assert first is not None
    return told, place, app


def person(app: Flask, who: str) -> FlaskClient:
    client = app.test_client()
    data = {"email": f"{who}@demo.example", "password": PASSWORD}
    assert client.post("/account/sign-in", data=data).status_code == 302
    return client


def confirm_place(page: str) -> str:
    found = page.split(f'action="{PLACE}/')[1]
    return f"{PLACE}/{found.split(chr(34))[0]}"


def versions(story: Story) -> dict[uuid.UUID, tuple[int, str]]:
    with story.database.read() as session:
        rows = session.execute(
            select(Process.id, Process.definition_version, Process.state).where(Process.is_root)
        )
        return {row.id: (row.definition_version, row.state) for row in rows}


def test_cases_are_raised_by_two_persons(later: tuple[Story, Workplace, Flask]) -> None:
    story, place, app = later
    office, approver = person(app, "office"), person(app, "approver")
    assert "neuere Fassung" in office.get(f"/admin/workflows/micro_grant/{SHIPPED}").text
    page = office.get(PLACE).text
    assert "Bitte wählen" in page
    lacking = office.post(PLACE, data={"reason": "Neuer Name"})
    assert lacking.status_code == 422
    assert '<a class="kern-link" href="#state-quick_check">Neuer Stand (' in lacking.text
    assert "Neuer Name</textarea>" in lacking.text
    chosen = {"state-quick_check": "short_check"}
    without = office.post(PLACE, data=chosen)
    assert without.status_code == 422
    assert '<a class="kern-link" href="#reason">Begründung:' in without.text
    assert 'value="short_check" selected' in without.text
    done = office.post(PLACE, data=chosen | {"reason": "Neuer Name"}, follow_redirects=True)
    own = confirm_place(done.text)
    assert "Bestätigen" not in done.text
    again = office.post(own, data={"do": "confirm"}, follow_redirects=True).text
    assert "Eine andere Person muss bestätigen." in again
    assert {version for version, _state in versions(story).values()} == {SHIPPED}
    confirmed = approver.post(own, data={"do": "confirm"}, follow_redirects=True).text
    assert "gehoben werden Fälle: 2" in confirmed
    drain(place, now=lambda: story.now)
    assert sorted(versions(story).values()) == [(NEWER, "short_check"), (NEWER, "submitted")]
    with story.database.read() as session:
        assert verify(session) == []
        records = session.scalars(
            select(LogRecord).where(LogRecord.event == "version_changed")
        ).all()
        people = story.world.people
        assert {(one.proposer_id, one.actor_id) for one in records} == {
            (people["office"], people["approver"])
        }
        tasks = session.scalars(
            select(Task.state).where(Task.process_id == story.case_id, Task.done_at.is_(None))
        ).all()
        assert tasks == ["short_check"]
    # and the case goes on by the new definition
    story.twice("officer", "approver", "decide_grant", {"amount": "800.00"})


def test_a_case_with_a_waiting_proposal_stays_behind(
    later: tuple[Story, Workplace, Flask],
) -> None:
    story, place, app = later
    story.act("officer", "decide_grant", {"amount": "800.00"})
    office, approver = person(app, "office"), person(app, "approver")
    assert "1 warten auf eine zweite Person" in office.get(PLACE).text
    data = {"state-quick_check": "short_check", "reason": "Neuer Name"}
    page = office.post(PLACE, data=data, follow_redirects=True).text
    approver.post(confirm_place(page), data={"do": "confirm"})
    drain(place, now=lambda: story.now)
    assert sorted(versions(story).values()) == [(SHIPPED, "quick_check"), (NEWER, "submitted")]


def test_a_proposal_can_be_withdrawn_and_strangers_see_nothing(
    later: tuple[Story, Workplace, Flask],
) -> None:
    story, place, app = later
    office = person(app, "office")
    data = {"state-quick_check": "short_check", "reason": "Neuer Name"}
    page = office.post(PLACE, data=data, follow_redirects=True).text
    second = office.post(PLACE, data=data)
    assert second.status_code == 422
    assert "wartet schon" in second.text
    assert "zurückgenommen" in (
        office.post(confirm_place(page), data={"do": "withdraw"}, follow_redirects=True).text
    )
    gone = person(app, "approver").post(
        confirm_place(page), data={"do": "confirm"}, follow_redirects=True
    )
    assert "wartet nicht auf eine Bestätigung" in gone.text
    drain(place, now=lambda: story.now)
    assert {version for version, _state in versions(story).values()} == {SHIPPED}
    assert person(app, "applicant1").get(PLACE).status_code == 404
    assert office.get("/admin/workflows/micro_grant/9/newest").status_code == 404
