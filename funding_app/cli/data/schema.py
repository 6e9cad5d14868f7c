"""`funding migrate`."""

from __future__ import annotations

import click

from funding_app import migrate as schema
from funding_app.cli.context import parts_opened
from funding_app.models.database import Database


@click.command()
def migrate() -> None:
    """Brings the database to the newest schema.

    Does nothing where the schema is the newest already. Make a backup first.
    """
    with parts_opened() as parts:
        before = schema.revision(parts.database)
        bring_up_to_date(parts.database)
        after = schema.revision(parts.database)
    click.echo(f"schema {before or 'none'} → {after}" if before != after else f"schema {after}")


def bring_up_to_date(database: Database) -> None:
    """Migrates the database where that is needed; only then are the migrations imported."""
    if schema.revision(database) != schema.newest():
        schema.upgrade(database.url)
