"""Bringing a database to the newest schema, with the triggers that guard the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from funding_app.models.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parents[1] / "migrations"
APPEND_ONLY = ("log_record", "audit_seal", "sealed_record")
REVISION = "%Y_%m_%d_%H%M"  # a revision is the minute (UTC) at which it was written
FILE_NAME = "%%(rev)s_%%(slug)s"
FORMS = "form_version"
FIXED = "a published form never changes"


def configuration(url: str) -> Config:
    """Alembic's configuration for a database."""
    from alembic.config import Config  # noqa: PLC0415 - a start without migrations does without

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("file_template", FILE_NAME)
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Brings the database to the newest schema."""
    from alembic import command  # noqa: PLC0415 - a start without migrations does without

    command.upgrade(configuration(url), "head")


def write_next(url: str, words: str, at: datetime) -> Path:
    """Writes the migration from the schema in the database to the models; returns its file."""
    from alembic import command  # noqa: PLC0415 - a start without migrations does without

    revision = f"{at:{REVISION}}"
    command.revision(configuration(url), words, autogenerate=True, rev_id=revision)
    (written,) = (SCRIPTS / "versions").glob(f"{revision}_*.py")
    return written


def newest() -> str:
    """The newest schema's revision: that of the last file, as files stand in their order."""
    last = max(file.stem for file in (SCRIPTS / "versions").glob("[0-9]*.py"))
    return "_".join(last.split("_")[:4])


def revision(database: Database) -> str | None:
    """The revision of the schema in the database; `None` where there is none."""
    with database.read() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            return None
        return session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def install_triggers(connection: Connection) -> None:
    """Makes the log append-only and published forms unchangeable.

    Run after every upgrade: rebuilding a table drops its triggers.
    """
    on_postgresql = connection.dialect.name == "postgresql"
    statements = (_postgresql if on_postgresql else _sqlite)()
    if inspect(connection).has_table(FORMS):
        statements += (_postgresql_forms if on_postgresql else _sqlite_forms)()
    for statement in statements:
        connection.execute(text(statement))


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{event.lower()} BEFORE {event} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        for table in APPEND_ONLY
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$"
    )
    triggers = [
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ]
    truncates = [
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ]
    return [function, *triggers, *truncates]


def _sqlite_forms() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {FORMS}_no_{event.lower()} BEFORE {event} ON {FORMS} "
        f"WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql_forms() -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION refuse_form_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{FIXED}'; END $$",
        f"CREATE OR REPLACE TRIGGER {FORMS}_fixed BEFORE UPDATE OR DELETE ON {FORMS} "
        "FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_form_change()",
        f"CREATE OR REPLACE TRIGGER {FORMS}_no_truncate BEFORE TRUNCATE ON {FORMS} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_form_change()",
    ]
