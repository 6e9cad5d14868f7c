"""The demo, once: each test begins with the same cases, on either database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy import BigInteger, Integer, insert, select, text
from sqlalchemy.engine import Engine

from funding_app import migrate
from funding_app.app import create_app
from funding_app.models import Base
from funding_app.models.database import Database
from funding_app.services.operations.portal import Portal, build_portal
from funding_app.settings import Settings, load_settings
from tests.fixtures.demo import CopyDemo
from tests.hostile.preparing import REFS, people_of, prepare
from tests.support.databases import create_database
from tests.support.samples import amounts
from tests.support.site import NotingRequest, Site, walk

NEXT = "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table}"


@dataclass(frozen=True, slots=True)
class House:
    """A running portal with the demo in it, and how it becomes again what it was."""

    app: Flask
    parts: Portal
    restore: Callable[[], None]

    @property
    def database(self) -> Database:
        return self.parts.database


def settings_in(folder: Path, url: str = "") -> Settings:
    return load_settings(env="demo", data_dir=folder, database_url=url)


def served(settings: Settings) -> tuple[Flask, Portal]:
    parts = build_portal(settings)
    app = create_app(settings, parts)
    app.config["WTF_CSRF_ENABLED"] = False
    app.request_class = NotingRequest
    return app, parts


@pytest.fixture(params=amounts(1_200, 25_000))
def texts(request: pytest.FixtureRequest) -> int:
    """How many hostile texts a way in has to take."""
    return int(request.param)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, copy_demo: CopyDemo) -> Iterator[House]:
    """On SQLite."""
    settings = settings_in(tmp_path_factory.mktemp("house"))
    copy_demo(settings.data_dir)
    app, parts = served(settings)
    prepare(app, parts.database)
    with (
        closing(sqlite3.connect(settings.data_dir / "funding.sqlite3")) as file,
        closing(sqlite3.connect(":memory:")) as kept,
    ):
        file.backup(kept)

        def restore() -> None:
            kept.backup(file)

        yield House(app, parts, restore)
    parts.database.dispose()


@pytest.fixture(scope="session")
def site(house: House) -> Site:
    """What all kinds of people find in the demo."""
    with house.app.test_request_context():
        seeds = [
            url_for(rule.endpoint, ref=ref)
            for rule in house.app.url_map.iter_rules()
            if rule.arguments == {"ref"} and "GET" in (rule.methods or ())
            for ref in REFS
        ]
    return walk(house.app, house.database, people_of(house.database), seeds)


def _copied(source: Engine, target: Engine) -> None:
    """All rows of one database into the other, in which the same tables are empty."""
    with source.connect() as old, target.begin() as new:
        new.execute(text("SET session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            rows = [dict(row._mapping) for row in old.execute(select(table))]
            new.execute(table.delete())
            if rows:
                new.execute(insert(table), rows)
            for column in table.primary_key.columns:
                if isinstance(column.type, Integer | BigInteger) and len(table.primary_key) == 1:
                    new.execute(text(NEXT.format(table=table.name, column=column.name)))


@pytest.fixture(scope="session")
def postgresql_house(
    house: House,
    postgresql_server: str,
    tmp_path_factory: pytest.TempPathFactory,
    copy_demo: CopyDemo,
) -> Iterator[House]:
    """The same on PostgreSQL; it does not become what it was."""
    url = create_database(postgresql_server)
    migrate.upgrade(url)
    settings = settings_in(tmp_path_factory.mktemp("postgresql"), url)
    copy_demo(settings.data_dir)  # its files and mails
    house.restore()
    app, parts = served(settings)
    _copied(house.database.engine, parts.database.engine)
    yield House(app, parts, lambda: None)
    parts.database.dispose()
