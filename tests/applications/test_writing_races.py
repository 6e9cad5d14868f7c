"""Who writes while somebody else ends the right to: nothing gets past what was handed in."""

from __future__ import annotations

import io
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from funding_app import services
from funding_app.demo.runner import Story, grant_answers
from funding_app.engine import Command
from funding_app.engine.log.chain import digest
from funding_app.engine.storage import statements
from funding_app.models import AnswerSection, Attachment, Process, RoleAssignment, Submission
from funding_app.queries.applications.answers import answers_of
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.support.hostile_files import sound_pdf

pytestmark = pytest.mark.both_databases

ANSWERS = grant_answers(Decimal("90000.00"), "2026-04-01", "2026-12-31", "Klartext")
LATE = "Nachträglich geändert"


@pytest.fixture
def client(story: Story, sign_in: SignIn) -> FlaskClient:
    story.apply("grant_case", ANSWERS)
    return sign_in("applicant1")


def hand_in(story: Story, session: Session) -> None:
    command = Command(case_of(story), "submit", story.world.people["applicant1"], story.now)
    services.fire(session, story.machinery, command)


def take_the_role(story: Story, session: Session) -> None:
    statements.lock(session, case_of(story))
    person = story.world.people["applicant1"]
    session.execute(delete(RoleAssignment).where(RoleAssignment.user_id == person))


def case_of(story: Story) -> uuid.UUID:
    assert story.case_id is not None
    return story.case_id


@contextmanager
def meanwhile(
    story: Story, end: Callable[[Story, Session], None], late: Callable[[], Any]
) -> Iterator[Any]:
    """Sends `late` while the right is being ended in a transaction that is not over yet."""
    with ThreadPoolExecutor(1) as pool:
        with story.database.write() as session:
            end(story, session)
            session.flush()
            sent = pool.submit(late)
            wait_for_it(story, sent.done)
        yield sent.result(20)


def wait_for_it(story: Story, is_done: Callable[[], bool]) -> None:
    """Until the late request waits for the lock, or has got past without."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _each in range(40):
        time.sleep(0.05)
        if is_done():
            return
        if not story.database.is_sqlite:
            with story.database.read() as session:
                if session.scalar(waiting):
                    return


def saved(story: Story) -> dict[str, Any]:
    with story.database.read() as session:
        return answers_of(session, case_of(story))


def nothing_got_past(story: Story) -> None:
    with story.database.read() as session:
        frozen = session.scalars(select(Submission)).all()
        found = answers_of(session, case_of(story))
        files = session.scalars(select(Attachment)).all()
    assert LATE not in str(found)
    assert files == []
    for each in frozen:
        assert each.sha256 == digest(found)


@pytest.mark.parametrize("end", [hand_in, take_the_role])
def test_a_save_that_comes_too_late_changes_nothing_and_shows_what_was_typed(
    story: Story, client: FlaskClient, end: Callable[[Story, Session], None]
) -> None:
    path = f"/cases/{story.case_id}/form/project"
    data = {"version-project": "1", "title": LATE, "go": "overview"}
    with meanwhile(story, end, lambda: client.post(path, data=data)) as answer:
        if end is hand_in or not story.database.is_sqlite:
            assert answer.status_code == 409
            assert "Nicht gespeichert" in answer.text
            assert LATE in answer.text
        else:  # it may have waited before its very first look
            assert answer.status_code in (404, 409)
    nothing_got_past(story)


@pytest.mark.parametrize("end", [hand_in, take_the_role])
def test_what_a_script_saves_too_late_is_told_to_be_closed(
    story: Story, client: FlaskClient, end: Callable[[Story, Session], None]
) -> None:
    path = f"/cases/{story.case_id}/form"

    def quietly() -> int:
        data = {"version-project": "1", "title": LATE, "go": "auto"}
        return client.post(f"{path}/project", data=data).status_code

    def upload() -> int:
        data = {"version-attachments": "0", "statutes": (io.BytesIO(sound_pdf()), "a.pdf")}
        place = f"{path}/attachments/files/statutes"
        return client.post(place, data=data, content_type="multipart/form-data").status_code

    with meanwhile(story, end, quietly) as status:
        assert status == 404
    nothing_got_past(story)
    if end is hand_in:
        return
    assert upload() == 404


@pytest.mark.parametrize("end", [hand_in, take_the_role])
@pytest.mark.parametrize("door", ["answers", "attachments"])
def test_the_api_refuses_alike(
    story: Story, client: FlaskClient, app: Flask, end: Callable[[Story, Session], None], door: str
) -> None:
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    with story.database.read() as session:
        versions = session.scalars(select(AnswerSection.version)).all()
    headers = {"Authorization": f"Bearer {token}", "If-Match": str(sum(versions))}
    place = f"/api/v1/applications/{story.case_id}"

    def late() -> Any:
        own = app.test_client()
        if door == "answers":
            return own.patch(f"{place}/answers", json={"title": LATE}, headers=headers)
        file = {"file": (io.BytesIO(sound_pdf()), "a.pdf")}
        return own.put(f"{place}/attachments/statutes", data=file, headers=headers)

    with meanwhile(story, end, late) as answer:
        told = (answer.status_code, answer.get_json()["code"])
        alone = end is take_the_role and story.database.is_sqlite
        assert told in ([(409, "not_editable"), (404, "not_found")] if alone else
                        [(409, "not_editable")])  # fmt: skip
    nothing_got_past(story)


def test_saving_and_handing_in_at_once_freezes_what_stands_there(
    story: Story, client: FlaskClient, app: Flask
) -> None:
    """Whoever is first: what was handed in is what stands in the form afterwards."""
    for number in range(6):
        story.apply("grant_case", ANSWERS)
        case, barrier = case_of(story), threading.Barrier(2)
        with story.database.write() as session:
            token = create_token(session, story.world.people["applicant1"], story.now)
        own = app.test_client()

        def save(
            case: uuid.UUID = case, barrier: threading.Barrier = barrier, number: int = number,
            token: str = token, own: FlaskClient = own,
        ) -> None:  # fmt: skip
            barrier.wait()
            own.patch(
                f"/api/v1/applications/{case}/answers", json={"title": f"Zugleich {number}"},
                headers={"Authorization": f"Bearer {token}", "If-Match": "5"},
            )  # fmt: skip

        with ThreadPoolExecutor(1) as pool:
            saving = pool.submit(save)
            barrier.wait()
            client.post(f"/cases/{case}/events/submit", data={})
            saving.result(20)
        with story.database.read() as session:
            process = session.get_one(Process, case)
            frozen = session.scalars(select(Submission).where(Submission.process_id == case)).one()
            assert process.state == "submitted"
            assert frozen.sha256 == digest(answers_of(session, case))
            assert process.title == frozen.answers["title"]
