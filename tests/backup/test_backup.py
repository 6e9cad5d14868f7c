"""A backup is one consistent state; put back, nothing differs and the log verifies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from funding_app import migrate
from funding_app.adapters.storage import FileStorage
from funding_app.backup import BackupError, make_backup, restore_backup
from funding_app.backup.form import tables
from funding_app.demo.runner import Story, draw, tell_to_active
from funding_app.engine.log import seal
from funding_app.engine.log.verify import verify
from funding_app.jobs.workplace import Workplace
from funding_app.models import LogRecord, Organisation, Process, UserAccount, new_id
from funding_app.models.database import Database
from tests.conftest import DATABASES, START
from tests.support.databases import create_database

pytestmark = pytest.mark.both_databases

PERIOD = ("2026-04-01", "2026-12-31")
Target = Callable[[], Database]


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, of either kind whatever the first one is."""
    url = f"sqlite:///{tmp_path / 'target.sqlite3'}"
    if request.param == "postgresql":
        url = create_database(request.getfixturevalue("postgresql_server"))
    made = Database(url)
    yield made
    made.dispose()


@pytest.fixture
def told(story: Story) -> Story:
    """A story with money, children of children, letters and a seal."""
    tell_to_active(story, Decimal("180000.00"), *PERIOD)
    draw(story, Decimal("45000.00"))
    story.issue_letters(story.now)
    with story.database.write() as session:
        seal.seal(session, story.now)
    return story


def content(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in tables()
        }


def test_restored_is_what_was_copied(
    told: Story, workplace: Workplace, target: Database, tmp_path: Path
) -> None:
    made = make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    files = FileStorage(tmp_path / "target-files")
    restore_backup(target, files, tmp_path / "copy")
    before, after = content(told.database), content(target)
    assert before["log_record"]
    assert before["document"]
    for name, rows in before.items():
        assert after[name] == rows, name
    assert made["files"]
    assert [files.get(sha256) for sha256 in made["files"]] == [
        workplace.storage.get(sha256) for sha256 in made["files"]
    ]
    with target.read() as session:
        assert verify(session) == []


def test_restored_portal_goes_on(
    told: Story, workplace: Workplace, target: Database, tmp_path: Path
) -> None:
    """New log records get new numbers, and the log still can not be changed."""
    make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    restore_backup(target, FileStorage(tmp_path / "target-files"), tmp_path / "copy")
    told.database = target
    told.issue_letters = lambda _now: None
    draw(told, Decimal("1000.00"))
    with target.write() as session:
        seal.seal(session, told.now)
    with target.read() as session:
        assert verify(session) == []
    with pytest.raises(Exception, match="append-only"), target.write() as session:
        session.execute(update(LogRecord).values(event="forged"))


def test_copy_taken_while_others_write_is_one_state(
    told: Story, workplace: Workplace, target: Database, tmp_path: Path
) -> None:
    """Each writer adds an organisation and an account together; a copy has both or neither."""
    over, errors = threading.Event(), []

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            mark = f"{threading.get_ident()}-{number}"
            try:
                with told.database.write() as session:
                    session.execute(
                        insert(UserAccount).values(
                            email=f"{mark}@pair.example", name=mark, created_at=START
                        )
                    )
                    session.execute(
                        insert(Organisation).values(kind="applicant", name_de=f"pair {mark}")
                    )
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert errors == []
    restore_backup(target, FileStorage(tmp_path / "target-files"), tmp_path / "copy")
    with target.read() as session:
        accounts = set(
            session.scalars(
                select(UserAccount.name).where(UserAccount.email.like("%@pair.example"))
            )
        )
        names = session.scalars(
            select(Organisation.name_de).where(Organisation.name_de.like("pair %"))
        )
        assert {name.removeprefix("pair ") for name in names} == accounts


def test_child_older_than_its_parent_is_restored(
    told: Story, workplace: Workplace, target: Database, tmp_path: Path
) -> None:
    """Ids usually sort by birth, but nothing promises it."""
    with told.database.write() as session:
        child = session.scalars(select(Process).where(Process.parent_id.is_not(None))).first()
        assert child is not None
        columns = {c.key: getattr(child, c.key) for c in Process.__table__.c}
        parent = columns | {"id": new_id(), "parent_id": None}
        session.execute(insert(Process).values(**parent))
        child.parent_id = parent["id"]
        expected = (child.id, parent["id"])
    make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    restore_backup(target, FileStorage(tmp_path / "target-files"), tmp_path / "copy")
    with target.read() as session:
        assert session.get_one(Process, expected[0]).parent_id == expected[1]


def test_database_that_holds_anything_is_left_alone(
    told: Story, workplace: Workplace, target: Database, tmp_path: Path
) -> None:
    make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    migrate.upgrade(target.url)
    with target.write() as session:
        session.add(UserAccount(email="a@b.example", name="A", created_at=START))
    before = content(target)
    with pytest.raises(BackupError, match="not empty"):
        restore_backup(target, FileStorage(tmp_path / "target-files"), tmp_path / "copy")
    assert content(target) == before


@pytest.mark.parametrize("part", ["tables/process.jsonl", "files", "manifest.json"])
def test_damaged_copy_is_refused_before_anything_is_written(
    told: Story, workplace: Workplace, tmp_path: Path, part: str
) -> None:
    make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    damaged = tmp_path / "copy" / part
    file = (
        damaged if damaged.is_file() else next(one for one in damaged.rglob("*") if one.is_file())
    )
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    empty = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with pytest.raises(BackupError):
        restore_backup(empty, FileStorage(tmp_path / "target-files"), tmp_path / "copy")
    assert migrate.revision(empty) is None
    empty.dispose()


def test_lost_file_is_named_and_the_rest_is_kept(
    told: Story, workplace: Workplace, tmp_path: Path
) -> None:
    stored = next(file for file in (tmp_path / "files").rglob("*") if file.is_file())
    stored.unlink()
    made = make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
    assert made["missing_files"] == [stored.name]
    with pytest.raises(BackupError, match="is there already"):
        make_backup(told.database, workplace.storage, tmp_path / "copy", told.now)
