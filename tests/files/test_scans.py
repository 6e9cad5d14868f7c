"""Files wait for the virus scanner: received at once, read once clean, never where infected."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from funding_app.adapters.scanning import Clamd
from funding_app.demo.runner import TEXT, Story, grant_answers
from funding_app.engine import outbox
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Attachment, MailDelivery, OutboxMessage
from funding_app.queries.reviews.readable import seen_files
from funding_app.services.people.accounts import create_token
from funding_app.settings import Settings
from tests.fixtures.pages import SignIn
from tests.support.clamd import EICAR, MALWARE, FakeClamd, clamd
from tests.support.hostile_files import sound_pdf

PDF = sound_pdf()
INFECTED = PDF + b"\n%" + EICAR + b"\n"
PERIOD = ("2026-04-01", "2026-12-31")


@pytest.fixture
def fake() -> Iterator[FakeClamd]:
    with clamd() as running:
        yield running


@pytest.fixture
def workplace(workplace: Workplace, fake: FakeClamd) -> Workplace:
    return replace(workplace, scanner=Clamd(fake.address))


@pytest.fixture
def settings(tmp_path: Path, fake: FakeClamd) -> Settings:
    return Settings(env="test", data_dir=tmp_path, clamd=fake.address)


@pytest.fixture
def client(story: Story, sign_in: SignIn) -> FlaskClient:
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, "Klartext"))
    return sign_in("applicant1")


def upload(client: FlaskClient, story: Story, content: bytes, name: str, version: int = 0) -> None:
    data = {"version-attachments": str(version), "annexes": (io.BytesIO(content), name)}
    path = f"/cases/{story.case_id}/form/attachments"
    assert client.post(path, data=data, content_type="multipart/form-data").status_code == 302


def only_file(story: Story) -> Attachment:
    with story.database.read() as session:
        return session.scalars(select(Attachment)).one()


def api(client: FlaskClient, story: Story, method: str, path: str, **more: Any) -> Any:
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    return client.open(f"/api/v1{path}", method=method, headers=headers, **more)


def test_a_file_is_read_once_it_is_clean(
    story: Story, client: FlaskClient, sign_in: SignIn, workplace: Workplace
) -> None:
    upload(client, story, PDF, "skizze.pdf")
    file = only_file(story)
    assert (file.scan, file.scanned_at) == ("pending", None)
    page = client.get(f"/cases/{story.case_id}/form/attachments").text
    assert "wird auf Schadprogramme geprüft" in page
    assert f'href="/attachments/{file.id}"' not in page
    answer = client.get(f"/attachments/{file.id}")
    assert answer.status_code == 409 and "noch auf Schadprogramme geprüft" in answer.text
    refused = api(client, story, "GET", f"/attachments/{file.id}")
    assert (refused.status_code, refused.json["code"]) == (409, "file_pending")
    [told] = api(client, story, "GET", f"/processes/{story.case_id}/attachments").json["items"]
    assert (told["name"], told["scan"], told["removed_at"]) == ("skizze.pdf", "pending", None)
    data = api(client, story, "GET", f"/processes/{story.case_id}").json["data"]
    assert data["annexes"][0]["scan"] == "pending"

    story.act("applicant1", "submit")  # the deadline does not wait for the scanner
    officer = sign_in("officer")
    assert officer.get(f"/attachments/{file.id}").status_code == 409
    assert "wird auf Schadprogramme geprüft" in officer.get(f"/cases/{story.case_id}").text
    drain(workplace, now=lambda: story.now)
    file = only_file(story)
    assert (file.scan, file.scanned_at, file.malware) == ("clean", story.now, "")
    assert officer.get(f"/attachments/{file.id}").data == PDF
    page = officer.get(f"/cases/{story.case_id}").text
    assert f'href="/attachments/{file.id}"' in page and "auf Schadprogramme geprüft" in page


def test_an_infected_file_is_named_at_its_field_and_never_given_out(
    story: Story, client: FlaskClient, workplace: Workplace, fake: FakeClamd
) -> None:
    upload(client, story, INFECTED, "skizze.pdf")
    drain(workplace, now=lambda: story.now)
    assert fake.seen == [INFECTED]
    file = only_file(story)
    assert (file.scan, file.malware) == ("infected", MALWARE)
    words = f"ein Schadprogramm gefunden ({MALWARE}). Bitte entfernen"
    page = client.get(f"/cases/{story.case_id}/form/attachments").text
    assert 'id="annexes-error"' in page and 'id="error-summary"' in page and words in page
    page = client.get(f"/cases/{story.case_id}/check").text
    assert words in page and "noch nicht möglich" in page and "/form/attachments?check=1" in page
    assert client.get(f"/attachments/{file.id}").status_code == 409
    refused = api(client, story, "GET", f"/attachments/{file.id}")
    assert refused.json["code"] == "file_infected"
    headers = {"If-Match": "0", "Idempotency-Key": "once"}
    path = f"/processes/{story.case_id}/events/submit"
    version = api(client, story, "GET", f"/processes/{story.case_id}").json["version"]
    headers["If-Match"] = str(version)
    refused = api(client, story, "POST", path, headers=headers, json={})
    assert (refused.status_code, refused.json["code"]) == (409, "incomplete")
    assert MALWARE in refused.json["errors"]["annexes"][0]
    with story.database.read() as session:
        mails = session.scalars(select(MailDelivery).order_by(MailDelivery.recipient)).all()
        written = [mail for mail in mails if mail.subject.startswith("Schadprogramm in einer")]
    assert [mail.recipient for mail in written if "applicant" in mail.recipient]
    assert all("skizze.pdf" in mail.body and MALWARE in mail.body for mail in written)

    remove = {"version-attachments": "1", "remove": f"annexes:{file.id}"}
    page = client.post(f"/cases/{story.case_id}/form/attachments", data=remove).text
    assert "Frühere Fassungen (1)" in page and 'name="restore"' not in page
    restore = {"version-attachments": "2", "restore": f"annexes:{file.id}"}
    client.post(f"/cases/{story.case_id}/form/attachments", data=restore)
    assert only_file(story).removed_at is not None
    assert client.get(f"/attachments/{file.id}").status_code == 409
    story.act("applicant1", "submit")


def test_a_scanner_that_is_down_delays_reading_only(
    story: Story, client: FlaskClient, sign_in: SignIn, workplace: Workplace, fake: FakeClamd
) -> None:
    port = int(fake.address.rpartition(":")[2])
    clock = [story.now]

    def later(**pause: int) -> None:
        clock[0] += timedelta(**pause)
        drain(workplace, now=lambda: clock[0])

    scanner = Clamd("tcp://127.0.0.1:1")
    down = replace(workplace, scanner=scanner)
    upload(client, story, PDF, "skizze.pdf")
    for _minute in range(12):  # more often than a job may fail
        clock[0] += timedelta(minutes=1)
        drain(down, now=lambda: clock[0])
    with story.database.read() as session:
        job = session.scalars(select(OutboxMessage).where(OutboxMessage.job == "scan_file")).one()
        assert (job.state, job.attempts) == ("pending", 0) and "the scanner" in job.last_error
    page = sign_in("admin").get("/admin/jobs").text
    assert "Datei auf Schadprogramme prüfen" in page and "the scanner" in page
    assert port and only_file(story).scan == "pending"

    fake.mood = "broken"
    later(minutes=1)
    with story.database.read() as session:
        job = session.get_one(OutboxMessage, job.id)
        assert (job.state, job.attempts) == ("pending", 1)
        assert outbox.status(session) == {"pending": 1}
    fake.mood = "well"
    later(minutes=10)
    assert only_file(story).scan == "clean"


def test_reviewers_get_a_copy_once_the_file_is_clean_and_none_of_an_infected_one(
    story: Story, client: FlaskClient, sign_in: SignIn, workplace: Workplace
) -> None:
    upload(client, story, PDF, "gut.pdf")
    upload(client, story, INFECTED, "schlecht.pdf", 1)
    down = replace(workplace, scanner=Clamd("tcp://127.0.0.1:1"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    checks = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
    story.act("officer", "pass", {**checks, "aid_basis": "none_non_economic"})
    story.act("office", "assign_reviewer", {"reviewer": str(story.world.people["reviewer1"])})
    [review] = story.children("review_assignment")
    story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    drain(down, now=lambda: story.now)
    assert story.case_id is not None
    reviewer = sign_in("reviewer1")

    def states() -> list[str]:
        with story.database.read() as session:
            return [file.state for file in seen_files(session, story.case_id)]  # type: ignore[arg-type]

    assert states() == ["pending", "pending"]
    story.now += timedelta(minutes=2)
    drain(workplace, now=lambda: story.now)  # scans, and again what waited for them
    story.now += timedelta(minutes=2)
    drain(workplace, now=lambda: story.now)
    assert states() == ["ready", "infected"]
    with story.database.read() as session:
        good, bad = (file.id for file in seen_files(session, story.case_id))
    assert reviewer.get(f"/attachments/{good}").status_code == 200
    assert reviewer.get(f"/attachments/{bad}").status_code == 404
    page = reviewer.get(f"/cases/{review}/review").text
    assert "gesperrt: In dieser Datei wurde ein Schadprogramm gefunden." in page and TEXT in page
