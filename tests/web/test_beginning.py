"""From an empty installation to an open call, by the pages alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from funding_app.adapters.storage import FileStorage
from funding_app.app import create_app
from funding_app.engine import Machinery
from funding_app.models import Call, CallShare, Organisation, Programme, RoleAssignment, UserAccount
from funding_app.models.database import Database
from funding_app.services.operations.portal import Portal
from funding_app.services.people.accounts import hash_password
from funding_app.settings import Settings
from tests.fixtures.pages import PASSWORD

NOW = datetime(2027, 2, 10, 9, tzinfo=UTC)
MINISTRY = {
    "kind": "ministry",
    "name_de": "Bundesministerium für Proben",
    "short_name": "BMP",
    "seat_region": "DE-NW",
    "issuer": "supreme_authority",
    "court": "Verwaltungsgericht Köln",
}


@pytest.fixture
def empty(database: Database, machinery: Machinery, tmp_path: Path) -> Flask:
    """A portal with one office clerk and nothing else."""
    with database.write() as session:
        clerk = UserAccount(
            email="office@amt.example", name="Ole Amt", created_at=NOW,
            password_hash=hash_password(PASSWORD),
        )  # fmt: skip
        session.add(clerk)
        session.flush()
        session.add(RoleAssignment(user_id=clerk.id, role="office_clerk", granted_at=NOW))
    settings = Settings(env="test", data_dir=tmp_path)
    parts = Portal(settings, database, machinery, FileStorage(tmp_path / "files"), lambda: NOW)
    app = create_app(settings, parts)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def office(empty: Flask) -> FlaskClient:
    client = empty.test_client()
    data = {"email": "office@amt.example", "password": PASSWORD}
    assert client.post("/account/sign-in", data=data).status_code == 302
    return client


def test_an_office_opens_its_first_call_without_a_programmer(
    office: FlaskClient, database: Database
) -> None:
    assert "Zuerst ein Programm anlegen" in office.get("/admin/calls").text
    assert "Beginnen Sie mit dem federführenden" in office.get("/admin/organisations").text
    assert office.post("/admin/organisations", data=MINISTRY).status_code == 302
    with database.read() as session:
        ministry = session.scalars(select(Organisation)).one()
    assert (ministry.seat_region, ministry.name_de) == ("DE-NW", MINISTRY["name_de"])
    programme = {
        "programme-key": "proben",
        "programme-title_de": "Proben für alle",
        "programme-title_en": "Rehearsals for all",
        "programme-lead": str(ministry.id),
    }
    assert office.post("/admin/programmes", data=programme).status_code == 302
    again = office.post("/admin/programmes", data=programme)
    assert again.status_code == 422
    assert "vergeben" in again.text
    with database.read() as session:
        made = session.scalars(select(Programme)).one()
    new = {
        "new_ref": "proben-2027",
        "programme": str(made.id),
        "definition": "micro_grant",
        "authority": str(ministry.id),
        "financing": "fixed_amount",
    }
    assert office.post("/admin/calls/new", data=new).status_code == 302
    assert office.post("/admin/calls/new", data=new).status_code == 422
    assert office.post("/admin/calls/new", data=new | {"new_ref": "Ä!"}).status_code == 422
    with database.read() as session:
        call = session.scalars(select(Call)).one()
        assert call.form_key == "micro_grant_application"
        assert not call.is_published
        assert session.scalars(select(CallShare.percent)).one() == 100
    page = office.get("/admin/calls/proben-2027")
    assert page.status_code == 200
    assert "Proben für alle" in page.text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name_de": ""}, "Name auf Deutsch"),
        ({"valid_from": "2027-02-01", "valid_to": "2027-01-31"}, "vor dem Anfang"),
        ({"seat_region": "DE-XX"}, "Sitz"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(
    office: FlaskClient, database: Database, change: dict[str, str], says: str
) -> None:
    answer = office.post("/admin/organisations", data=MINISTRY | change)
    assert answer.status_code == 422
    assert says in answer.text
    with database.read() as session:
        assert session.scalars(select(Organisation)).all() == []


def test_a_renamed_ministry_has_a_successor(office: FlaskClient, database: Database) -> None:
    office.post("/admin/organisations", data=MINISTRY)
    renamed = {"name_de": "Bundesministerium für Aufführungen", "short_name": "BMA"}
    office.post("/admin/organisations", data=MINISTRY | renamed)
    with database.read() as session:
        ids = {one.short_name: one.id for one in session.scalars(select(Organisation))}
    place = f"/admin/organisations/{ids['BMP']}"
    assert MINISTRY["name_de"] in office.get(place).text
    ended = MINISTRY | {"valid_to": "2027-01-31", "successor": str(ids["BMA"])}
    assert office.post(place, data=ended).status_code == 302
    assert "jetzt: Bundesministerium für Aufführungen" in office.get("/admin/organisations").text
    itself = MINISTRY | {"successor": str(ids["BMA"])}
    assert office.post(f"/admin/organisations/{ids['BMA']}", data=itself).status_code == 422
    assert office.get("/admin/organisations/none").status_code == 404
