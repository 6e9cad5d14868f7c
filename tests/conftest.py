"""What all tests begin with: a database of their own, the world in it, and its machinery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

import workflows
from funding_app.adapters.storage import FileStorage
from funding_app.demo.runner import Story
from funding_app.demo.world.initiative import World
from funding_app.documents import Renderer
from funding_app.engine import Machinery
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models.database import Database
from funding_app.services import machinery_for
from tests.support.databases import Templates
from tests.support.servers import postgresql

pytest_plugins = [
    "tests.fixtures.demo",  # before those that use it
    "tests.fixtures.browser",
    "tests.fixtures.commands",
    "tests.fixtures.pages",
    "tests.fixtures.rows",
]

START = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))

HEAVY = {"browser", "slow"}
SOAK_SECONDS = 4 * 3600


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test's database is on SQLite; that of one marked `both_databases` on PostgreSQL too."""
    both = metafunc.definition.get_closest_marker("both_databases")
    for name, scope in (("database_url", "function"), ("rows_database", "session")):
        if name in metafunc.fixturenames:
            kinds = DATABASES if both else DATABASES[:1]
            metafunc.parametrize(name, kinds, indirect=True, scope=scope)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what shows by itself, and puts files with heavy tests first.

    A worker takes a file as a whole, so a heavy one that came last would run alone.
    """
    heavy = {item.path for item in items if HEAVY & {mark.name for mark in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in heavy)
    for item in items:
        if "app" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pages)
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.timeout(SOAK_SECONDS), append=False)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session")
def machinery() -> Machinery:
    return machinery_for(workflows.load())


@pytest.fixture(scope="session")
def templates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Templates:
    def server() -> str:
        return str(request.getfixturevalue("postgresql_server"))

    return Templates(tmp_path_factory.mktemp("templates"), server)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> str:
    """A database of the newest schema; the world is in it where the test asks for it."""
    return templates.copy(request.param, tmp_path, with_world="world" in request.fixturenames)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url, pool_size=20)
    yield made
    made.dispose()


@pytest.fixture
def world(database_url: str, templates: Templates) -> World:
    return templates.world(make_url(database_url).get_backend_name())


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
