"""Migrations form one chain in the order of their files, and lead to what the models say."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from funding_app import migrate
from funding_app.models import Base
from funding_app.models.database import Database

DATED = re.compile(r"\d{4}_\d\d_\d\d_\d{4}_[a-z0-9_]+\.py")
AT = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)


def mistakes(folder: Path) -> list[str]:
    """What keeps the files of a folder of migrations from being one chain in their order."""
    files = sorted((folder / "versions").glob("*.py"))
    found = [f"{file.name}: not named by its date" for file in files if not DATED.match(file.name)]
    follows = {}
    for script in ScriptDirectory(folder).walk_revisions():
        follows[Path(script.path).name] = script.down_revision
    earlier = None
    for file in files:
        if follows[file.name] != earlier:
            found.append(f"{file.name}: follows {follows[file.name]} instead of {earlier}")
        earlier = "_".join(file.stem.split("_")[:4])
    return found


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all migrations, in which the next one can be written."""
    folder = shutil.copytree(migrate.SCRIPTS, tmp_path / "migrations")
    monkeypatch.setattr(migrate, "SCRIPTS", folder)
    return folder


def test_files_stand_in_the_order_of_one_chain() -> None:
    assert mistakes(migrate.SCRIPTS) == []


def planted(folder: Path, name: str, follows: str | None) -> None:
    revision = "_".join(name.split("_")[:4])
    lines = [f"revision = {revision!r}", f"down_revision = {follows!r}", "def upgrade(): ..."]
    (folder / "versions" / name).write_text("\n".join(lines))


def test_second_head_and_wrong_order_are_named_with_their_file(copy: Path) -> None:
    first, last = migrate.newest(), "2031_01_02_0304"
    planted(copy, f"{last}_payees.py", first)
    assert mistakes(copy) == []
    planted(copy, "2031_02_03_0405_second_head.py", first)
    assert mistakes(copy) == [f"2031_02_03_0405_second_head.py: follows {first} instead of {last}"]
    (copy / "versions" / "2031_02_03_0405_second_head.py").unlink()
    planted(copy, "2030_01_01_0000_too_early.py", last)
    assert [mistake.partition(":")[0] for mistake in mistakes(copy)] == [
        "2030_01_01_0000_too_early.py", f"{last}_payees.py"
    ]  # fmt: skip


INDEXES = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
}


def shape(engine: Engine) -> dict[str, object]:
    """The schema as the database itself tells it, but for the order of columns."""
    found: dict[str, object] = {}
    with engine.connect() as connection:
        seen = inspect(connection)
        for table in set(seen.get_table_names()) - {"alembic_version"}:
            columns = seen.get_columns(table)
            found[f"{table} columns"] = {
                (one["name"], str(one["type"]), one["nullable"], one["default"]) for one in columns
            }
            found[f"{table} key"] = seen.get_pk_constraint(table)
            keys = seen.get_foreign_keys(table)
            found[f"{table} foreign keys"] = sorted(map(str, keys))
            found[f"{table} unique"] = sorted(map(str, seen.get_unique_constraints(table)))
            found[f"{table} checks"] = sorted(map(str, seen.get_check_constraints(table)))
        indexes = connection.execute(text(INDEXES[engine.dialect.name])).scalars()
        found["indexes"] = [line for line in indexes if "alembic_version" not in line]
    return found


@pytest.mark.both_databases
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_migrations_lead_to_what_the_models_say(database: Database) -> None:
    migrated = shape(database.engine)
    assert migrate.revision(database) == migrate.newest()
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)
    assert len(migrated) == 5 * len(Base.metadata.tables) + 1
    assert migrated == shape(database.engine)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")
def test_next_migration_is_named_by_its_date(copy: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newest.sqlite3'}"
    migrate.upgrade(url)
    before = migrate.newest()
    written = migrate.write_next(url, "Payees have an account", AT)
    assert written.name == "2031_05_06_0708_payees_have_an_account.py"
    assert f"down_revision = '{before}'" in written.read_text()
    assert mistakes(copy) == []
    assert migrate.newest() == "2031_05_06_0708"
