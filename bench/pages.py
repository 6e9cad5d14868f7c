"""What one click costs the server: saving while typing, and the pages people look at all day."""

from __future__ import annotations

import json
import statistics
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bench.case_list import TOLD, multiply
from bench.measure import Figure, at_most, milliseconds
from bench.places import databases, machinery, tidy
from bench.transition import somebody
from funding_app import services
from funding_app.adapters.clock import system_clock
from funding_app.adapters.storage import FileStorage
from funding_app.app import create_app
from funding_app.demo.bulk.load import load_bulk
from funding_app.demo.bulk.paths import DRAFTED, INVITED
from funding_app.engine import Command, Machinery
from funding_app.models import (
    AnswerSection,
    Application,
    Process,
    Review,
    RoleAssignment,
    UserAccount,
    new_id,
)
from funding_app.models.database import Database
from funding_app.services.operations.portal import Portal
from funding_app.services.people.accounts import sign_in
from funding_app.settings import Settings

SAMPLES = 40
LIMIT = 40.0
DRAFTS = 20
REVIEWS = 12
SECTION = "project"
TYPED = {
    "title": "Klartext: Behördenbriefe in einfacher Sprache",
    "summary": "Ein offenes Werkzeug, das Behördenbriefe in einfache Sprache überträgt. " * 6,
    "field_of_action": "administration",
}


def measure(size: int) -> Iterator[Figure]:
    """Median and 95th percentile of whole answers, of a request without the network."""
    engine = machinery()
    with databases() as found, tempfile.TemporaryDirectory(prefix="funding-bench-") as folder:
        for kind, database in found.items():
            load_bulk(database, engine, min(size, TOLD), whole=False)
            multiply(database, size)
            load_bulk(database, engine, DRAFTS, road=DRAFTED)
            load_bulk(database, engine, REVIEWS, road=INVITED)
            give_reviews(database, engine)
            tidy(database)
            settings = Settings(env="test", data_dir=Path(folder))
            storage = FileStorage(settings.storage_dir)
            parts = Portal(settings, database, engine, storage, system_clock)
            yield from _pages(kind, create_app(settings, parts), database, size)


def give_reviews(database: Database, engine: Machinery) -> None:
    """A new reviewer with as many reviews as one is asked for, of which one may be written now."""
    now = system_clock()
    reviewer = UserAccount(
        id=new_id(), email="bench@demo.example", name="Dr. Inga Messfeld", created_at=now
    )
    role = RoleAssignment(user_id=reviewer.id, role="reviewer", granted_at=now)
    invited = (
        select(Process.id)
        .where(Process.definition_key == "review_assignment", Process.state == "invited")
        .order_by(Process.id.desc())
        .limit(REVIEWS)
    )
    with database.write() as session:
        for each in (reviewer, role):
            session.add(each)
            session.flush()
        given = session.scalars(invited).all()
        for row, column in ((Process, "assignee_id"), (Review, "reviewer_id")):
            session.execute(update(row).where(row.id.in_(given)).values({column: reviewer.id}))
        said = {"no_conflict": True}
        services.fire(session, engine, Command(given[0], "accept", reviewer.id, now, data=said))


def _pages(kind: str, app: Flask, database: Database, size: int) -> Iterator[Figure]:
    for name, call in clicks(app, database).items():
        taken = milliseconds(SAMPLES, call)
        p95 = taken[len(taken) * 95 // 100 - 1]
        detail = {"median": statistics.median(taken), "worst": taken[-1]}
        what = f"{name} at {size:,}, 95 % of requests, {kind}"
        yield at_most(what, "ms", p95, None, LIMIT, **detail)


def clicks(app: Flask, database: Database) -> Mapping[str, Callable[[], object]]:
    """What is clicked, by persons who are signed in."""
    app.config["WTF_CSRF_ENABLED"] = False
    with database.read() as session:
        draft, applicant = session.execute(
            select(Application.id, Application.created_by)
            .join(Process, Process.id == Application.id)
            .join(AnswerSection, AnswerSection.process_id == Application.id)
            .where(Process.state == "draft")
            .order_by(Application.id.desc())
            .limit(1)
        ).one()
        review, reviewer = session.execute(
            select(Process.id, Process.assignee_id).where(
                Process.definition_key == "review_assignment", Process.state == "in_progress"
            )
        ).one()
        people = {role: somebody(session, role) for role in ("office_clerk", "case_officer")}
    writer = signed_in(app, database, applicant)
    clerk = signed_in(app, database, people["office_clerk"])
    officer = signed_in(app, database, people["case_officer"])
    assert reviewer is not None, "a review is somebody's"
    expert = signed_in(app, database, reviewer)
    scored = {"score_common_good": "4", "comment_common_good": "Ein klarer Nutzen für viele. " * 20}
    return {
        "saving while typing": Typing(
            writer, f"/cases/{draft}/form/{SECTION}", TYPED, {SECTION: 1}
        ).save,
        "saving while scoring": Typing(expert, f"/cases/{review}/review", scored, {}).save,
        "the application beside its review": page(expert, f"/cases/{review}/review"),
        "the reviews of a reviewer": page(expert, "/reviews"),
        "a section's page": page(writer, f"/cases/{draft}/form/{SECTION}"),
        "the page before handing in": page(writer, f"/cases/{draft}/check"),
        "a draft's page": page(writer, f"/cases/{draft}"),
        "the tasks of an applicant": page(writer, "/tasks"),
        "the tasks of a clerk": page(clerk, "/tasks"),
        "the tasks of an officer": page(officer, "/tasks"),
        "the list of cases": page(clerk, "/cases"),
        "the list of cases by limit": page(clerk, "/cases?sort=due"),
    }


def signed_in(app: Flask, database: Database, person: uuid.UUID) -> FlaskClient:
    """A client with a session of the person."""
    with database.write() as session:
        secret = sign_in(session, person, system_clock())
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["secret"] = secret
    return client


def page(client: FlaskClient, path: str) -> Callable[[], object]:
    """Asking for the page; anything but the page itself is a mistake of the benchmark."""

    def ask() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status)

    return ask


class Typing:
    """Somebody types, and the script saves each time against the versions it was told last."""

    def __init__(
        self,
        client: FlaskClient,
        place: str,
        typed: Mapping[str, str],
        versions: Mapping[str, int],
    ) -> None:
        self._client, self._place, self._typed = client, place, typed
        self._versions, self._saved = versions, 0

    def save(self) -> None:
        """One save, of other words than the last."""
        self._saved += 1
        longest = max(self._typed, key=lambda name: len(self._typed[name]))
        typed = {**self._typed, longest: f"{self._typed[longest]}{self._saved}"}
        versions = {f"version-{name}": each for name, each in self._versions.items()}
        answer = self._client.post(self._place, data={**typed, **versions, "go": "auto"})
        assert answer.status_code == 200, answer.text
        self._versions = json.loads(answer.text)["versions"]
