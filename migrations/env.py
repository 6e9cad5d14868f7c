"""How Alembic runs here: one transaction, foreign keys checked afterwards, triggers at the end."""

from __future__ import annotations

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, inspect, text

from funding_app.migrate import install_triggers
from funding_app.models import Base
from funding_app.models.database import Database
from funding_app.models.types import Money, UtcDateTime


def render_item(kind: str, item: object, autogenerate: AutogenContext) -> str | bool:
    """A migration names plain column types, so that it does not change with the models."""
    if kind == "type" and isinstance(item, Money):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        plain, binary = "sa.JSON(none_as_null=True)", "postgresql.JSONB(none_as_null=True)"
        return f'{plain}.with_variant({binary}, "postgresql")'
    return False


database = Database(context.config.attributes["url"])
engine = database.engine.execution_options(writes=True)

with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if inspect(connection).has_table("log_record"):
            install_triggers(connection)
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")
database.dispose()
