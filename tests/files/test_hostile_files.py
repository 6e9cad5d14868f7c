"""Hostile files through the page and the API: kept where they fit, else refused with the reason."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from funding_app.demo.runner import Story
from funding_app.models import AnswerSection, Attachment
from funding_app.services.files.attachments import LONGEST_NAME, NO_NAME, remove
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.support.hostile_files import HostileFile, hostile_files
from tests.support.pages import form_on
from tests.support.samples import amounts

FIELD = "annexes"
SEED = 20_260_731


class Sender:
    """Sends files to the field of one application, by its page and by the API."""

    def __init__(self, story: Story, client: FlaskClient, folder: Path) -> None:
        self.story, self.client, self.folder = story, client, folder
        with story.database.write() as session:
            self.token = create_token(session, story.world.people["applicant1"], story.now)

    def version(self) -> int:
        with self.story.database.read() as session:
            saved = session.get(AnswerSection, (self.story.case_id, "attachments"))
            return saved.version if saved else 0

    def by_page(self, file: HostileFile) -> Any:
        part = (io.BytesIO(file.content), file.sent_name)
        data = {"version-attachments": str(self.version()), FIELD: part, "go": "stay"}
        path = f"/cases/{self.story.case_id}/form/attachments"
        return self.client.post(path, data=data, content_type="multipart/form-data")

    def by_api(self, file: HostileFile) -> Any:
        return self.client.put(
            f"/api/v1/applications/{self.story.case_id}/attachments/{FIELD}",
            data={"file": (io.BytesIO(file.content), file.sent_name)},
            headers={"Authorization": f"Bearer {self.token}"},
            content_type="multipart/form-data",
        )

    def make_room(self) -> None:
        """Takes all files out of the field: it is full after five."""
        with self.story.database.write() as session:
            saved = session.get(AnswerSection, (self.story.case_id, "attachments"))
            if saved and saved.answers.get(FIELD):
                remove(session, saved.process_id, saved.answers[FIELD], self.story.now)
                saved.answers = {**saved.answers, FIELD: []}

    def newest(self) -> Attachment | None:
        with self.story.database.read() as session:
            return session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()

    def count(self) -> int:
        with self.story.database.read() as session:
            return session.scalar(select(func.count()).select_from(Attachment)) or 0


@pytest.fixture
def sender(story: Story, sign_in: SignIn, tmp_path: Path) -> Sender:
    story.apply("grant_case", {})
    return Sender(story, sign_in("applicant1"), tmp_path)


def error_at_field(page: str) -> bool:
    return f'id="{FIELD}-error"' in page and 'id="error-summary"' in page


def check_page(sender: Sender, file: HostileFile) -> None:
    before, answer = sender.count(), sender.by_page(file)
    kept = sender.count() - before
    assert (answer.status_code, kept) == ((302, 1) if file.fits else (422, 0)), file.name
    assert file.fits or error_at_field(answer.text)
    assert "window.__hit=1>" not in answer.text, "a name became an element"


def check_api(sender: Sender, file: HostileFile) -> None:
    before, answer = sender.count(), sender.by_api(file)
    kept = sender.count() - before
    assert (answer.status_code, kept) == ((201, 1) if file.fits else (422, 0)), file.name
    if not file.fits:
        assert answer.json["errors"][FIELD][0] and answer.json["code"].startswith("file_")


def check_kept(sender: Sender, file: HostileFile) -> None:
    """It is stored under its hash, has a decent name and is given out as a download only."""
    found = sender.newest()
    assert found is not None and found.sha256 == hashlib.sha256(file.content).hexdigest()
    assert 0 < len(found.file_name) <= LONGEST_NAME and not NO_NAME.search(found.file_name)
    answer = sender.client.get(f"/attachments/{found.id}")
    assert answer.data == file.content
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in answer.headers["Content-Type"] and "Set-Cookie" not in answer.headers


def check_tree(sender: Sender, expected: set[str]) -> None:
    """Nothing lies outside the storage, and nothing in it but what was kept."""
    files = [path for path in sender.folder.rglob("*") if path.is_file()]
    stored = [path for path in files if sender.folder / "files" in path.parents]
    assert {str(path.relative_to(sender.folder / "files")) for path in stored} == expected
    others = {path.name.partition(".")[0] for path in files} - {path.name for path in stored}
    assert others <= {"test"}, "only the database lies beside the storage"


def send_all(sender: Sender, count: int) -> None:
    expected = set()
    for file in hostile_files(SEED, count):
        sender.make_room()
        check_page(sender, file)
        check_api(sender, file)
        if file.fits:
            sha256 = hashlib.sha256(file.content).hexdigest()
            expected.add(f"{sha256[:2]}/{sha256}")
            check_kept(sender, file)
    check_tree(sender, expected)
    page = sender.client.get(f"/cases/{sender.story.case_id}/form/attachments")
    assert page.status_code == 200 and form_on(page.text, "/form/attachments")


@pytest.mark.parametrize("count", amounts(58, 300))
def test_hostile_files_of_every_kind(sender: Sender, count: int) -> None:
    send_all(sender, count)
