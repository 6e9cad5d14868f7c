"""Databases for tests: migrated and laid out once for a run, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text

from funding_app import migrate
from funding_app.demo.world.initiative import World, lay_out
from funding_app.models import new_id
from funding_app.models.database import Database


def create_database(server: str, template: str = "template1") -> str:
    """A new database of the PostgreSQL server; returns its address."""
    name = f"test_{new_id().hex}"
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    admin.dispose()
    return f"{server}/{name}"


@dataclass(slots=True)
class Templates:
    """Databases with the newest schema, each made when the first test asks for it.

    There are two of a kind: an empty one, and one in which the synthetic world is laid out.
    """

    folder: Path
    server: Callable[[], str]
    """Starts PostgreSQL at the first call; returns its address."""
    _made: dict[tuple[str, bool], tuple[str, World]] = field(default_factory=dict)

    def copy(self, kind: str, folder: Path, *, with_world: bool) -> str:
        """Copies a template, on SQLite into the folder; returns the address of the copy."""
        source, _world = self._template(kind, with_world)
        if kind == "postgresql":
            return create_database(self.server(), source.rpartition("/")[2])
        shutil.copyfile(source.removeprefix("sqlite:///"), folder / "test.sqlite3")
        return f"sqlite:///{folder / 'test.sqlite3'}"

    def world(self, kind: str) -> World:
        """The ids of what is laid out in every copy with a world."""
        return deepcopy(self._template(kind, True)[1])

    def _template(self, kind: str, with_world: bool) -> tuple[str, World]:
        if (kind, with_world) not in self._made:
            self._made[kind, with_world] = self._make(kind, with_world)
        return self._made[kind, with_world]

    def _make(self, kind: str, with_world: bool) -> tuple[str, World]:
        if with_world:
            folder = self.folder / "world"
            folder.mkdir(exist_ok=True)
            url = self.copy(kind, folder, with_world=False)
            return url, _laid_out(url)
        if kind == "postgresql":
            url = create_database(self.server())
        else:
            url = f"sqlite:///{self.folder / 'empty.sqlite3'}"
        migrate.upgrade(url)
        return url, World()


def _laid_out(url: str) -> World:
    database = Database(url)
    with database.write() as session:
        world = lay_out(session)
    database.dispose()
    return world
