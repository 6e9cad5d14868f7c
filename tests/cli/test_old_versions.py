"""A case on a version that is no longer shipped goes on, through whichever door."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

import workflows
from funding_app.models import Process, StoredDefinition, Timer
from funding_app.models.database import Database
from funding_app.wsgi import application
from tests.fixtures.commands import Run
from tests.fixtures.demo import CopyDemo

pytestmark = pytest.mark.slow


@pytest.fixture
def old(copy_demo: CopyDemo, tmp_path: Path) -> str:
    """The demo, as if its cases had begun on a version 7 that is gone by now."""
    copy_demo(tmp_path / "data")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'funding.sqlite3'}")
    key = "grant_case"
    shipped = workflows.load().get(key)
    text = shipped.text.replace(f"version: {shipped.version}", "version: 7", 1)
    older = workflows.parse(text, "old.yaml")
    with database.write() as session:
        session.add(
            StoredDefinition(
                key=key, version=7, sha256=older.sha256, text=text,
                stored_at=datetime(2025, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
        old = update(Process).where(Process.definition_key == key).values(definition_version=7)
        session.execute(old)
        session.execute(update(Timer).values(due_at=datetime(2026, 6, 1, tzinfo=UTC)))
    database.dispose()
    return key


def test_commands_know_the_old_version(funding: Run, old: str) -> None:
    done = funding("timers", "run")
    assert done.returncode == 0
    assert int(done.stdout) > 0, "a timer of an old case fired"


def test_other_servers_know_the_old_version(
    old: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = application()
    definitions = app.extensions["portal"].machinery.definitions
    assert definitions.get(old, 7).version == 7
    assert definitions.get(old).version < 7, "new cases begin on what is shipped"
    assert app.test_client().get("/readyz").status_code == 200
