"""Databases for the tests: SQLite files and databases of an own PostgreSQL cluster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import workflows
from funding_app import migrate
from funding_app.adapters.storage import FileStorage
from funding_app.demo.story import Story
from funding_app.demo.world import World, lay_out
from funding_app.documents import Renderer
from funding_app.engine import Machinery
from funding_app.jobs.drain import Workplace, drain
from funding_app.models import new_id
from funding_app.models.database import Database
from funding_app.services import machinery_for
from tests.support.servers import postgresql

START = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session")
def machinery() -> Machinery:
    return machinery_for(workflows.load())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    server = request.getfixturevalue("postgresql_server")
    name = f"test_{new_id().hex}"
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return f"{server}/{name}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    migrate.upgrade(database_url)
    made = Database(database_url, pool_size=20)
    yield made
    made.dispose()


@pytest.fixture
def world(database: Database) -> World:
    with database.write() as session:
        return lay_out(session)


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.close()


@pytest.fixture
def workplace(
    database: Database, machinery: Machinery, tmp_path: Path, renderer: Renderer
) -> Workplace:
    return Workplace(database, FileStorage(tmp_path / "files"), machinery, renderer=renderer)


@pytest.fixture
def story(workplace: Workplace, machinery: Machinery, world: World) -> Story:
    def issue(now: datetime) -> None:
        drain(workplace, now=lambda: now)

    return Story(workplace.database, machinery, world, START, issue)
