"""The pages and the API show and take the same of every process, from everybody.

Both are asked about one laid out situation: by a stranger, applicants, ministries, an officer who
still reviews the case, a member who is excluded from it, and an office without such ties.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from funding_app.access import Person
from funding_app.adapters.clock import system_clock
from funding_app.adapters.storage import FileStorage
from funding_app.app import create_app
from funding_app.engine import Machinery
from funding_app.models import RoleAssignment
from funding_app.models.database import Database
from funding_app.services.operations.portal import Portal
from funding_app.services.people import accounts
from funding_app.settings import Settings
from tests.access.situation import PEOPLE, Situation, lay_out
from tests.access.test_scopes import PROCESSES
from tests.support.databases import Templates
from tests.support.rows import NOW, Rows

WRITE = {
    "applicant": {"draft"},
    "reviewer": {"review"},
    "reviewing_officer": {"officer's review"},
}
DISCUSS = {
    "reviewing_officer": {"foreign", "unshared"},
    "officer": {"own", "foreign", "unshared"},
}


@dataclass(slots=True)
class Doors:
    """One person at both doors."""

    client: FlaskClient
    token: str

    def page(self, path: str) -> int:
        return self.client.get(path).status_code

    def api(self, path: str) -> int:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(f"/api/v1{path}", headers=headers).status_code

    def writes_by_api(self, process_id: uuid.UUID) -> bool:
        """Whether answers are refused for their version only, and not for who sends them."""
        headers = {"Authorization": f"Bearer {self.token}", "If-Match": "999"}
        path = f"/api/v1/processes/{process_id}/answers"
        code: str = self.client.patch(path, json={}, headers=headers).get_json()["code"]
        assert code in ("stale", "not_editable", "not_found")
        return code == "stale"


@dataclass(slots=True)
class Portals:
    """What was laid out, and everybody at both doors."""

    situation: Situation
    doors: dict[str, Doors]

    def where(self, test: Callable[[Doors, uuid.UUID], Any]) -> dict[str, set[str]]:
        """Who passes the test on which processes; who passes on none is left out."""
        found = {
            who: {name for name, one in self.situation.processes.items() if test(door, one.id)}
            for who, door in self.doors.items()
        }
        return {who: names for who, names in found.items() if names}


@pytest.fixture(scope="module")
def portals(
    templates: Templates, machinery: Machinery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portals]:
    """Laid out once: nothing that is asked here changes anything."""
    folder = tmp_path_factory.mktemp("doors")
    database = Database(templates.copy("sqlite", folder, with_world=False))
    settings = Settings(env="test", data_dir=folder)
    parts = Portal(settings, database, machinery, FileStorage(folder / "files"), lambda: NOW)
    app = create_app(settings, parts)
    with Session(database.engine, expire_on_commit=False) as session:
        situation = lay_out(Rows.laid_out(session, machinery.definitions))
        doors = {who: _doors(session, app, situation.people[who]) for who in PEOPLE}
        session.commit()
    yield Portals(situation, doors)
    database.dispose()


def _doors(session: Session, app: Flask, person: Person) -> Doors:
    """The person with the roles they have in the situation, signed in and with a token."""
    for grant in person.grants:
        held = {"role": grant.role, "organisation_id": grant.organisation_id}
        session.add(RoleAssignment(user_id=person.id, granted_at=NOW, **held))
    client, now = app.test_client(), system_clock()
    with client.session_transaction() as kept:
        kept["secret"] = accounts.sign_in(session, person.id, now)
    return Doors(client, accounts.create_token(session, person.id, now))


def _named(scope: dict[str, str]) -> dict[str, set[str]]:
    return {who: {each.strip() for each in names.split(",")} for who, names in scope.items()}


def test_both_doors_show_the_same_processes(portals: Portals) -> None:
    pages = portals.where(lambda door, one: door.page(f"/cases/{one}") == 200)
    api = portals.where(lambda door, one: door.api(f"/processes/{one}") == 200)
    assert pages == api == _named(PROCESSES)


def test_both_doors_show_the_same_logs(portals: Portals) -> None:
    pages = portals.where(lambda door, one: door.page(f"/cases/{one}/history") == 200)
    api = portals.where(lambda door, one: door.api(f"/processes/{one}/log") == 200)
    assert pages == api == _named(PROCESSES)


def test_both_doors_open_the_same_discussions(portals: Portals) -> None:
    pages = portals.where(lambda door, one: door.page(f"/cases/{one}/discussion") == 200)
    api = portals.where(lambda door, one: door.api(f"/processes/{one}/discussion") == 200)
    assert pages == api == DISCUSS


def test_both_doors_take_the_same_answers(portals: Portals) -> None:
    pages = portals.where(lambda door, one: door.page(f"/cases/{one}/check") == 200)
    api = portals.where(lambda door, one: door.writes_by_api(one))
    assert pages == api == WRITE
