"""What a panel votes on and what comes of it are events of a definition, no closed list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

revision = "0023a"
down_revision = "0024a"
branch_labels = None
depends_on = None

TABLE = "panel_item"
REFERRING = ("panel_ballot", "panel_recusal", "panel_lifted_recusal")
CHECKS = {
    "motion": "motion IN ('recommend', 'reserve')",
    "outcome": "outcome IN ('recommend', 'reserve', 'decline')",
}


@contextmanager
def _nothing_referring() -> Iterator[None]:
    """SQLite builds the table anew and drops the old one, which no row may refer to just then."""
    referring = REFERRING if op.get_bind().dialect.name == "sqlite" else ()
    for table in referring:
        op.execute(f"CREATE TABLE {table}_aside AS SELECT * FROM {table}")
        op.execute(f"DELETE FROM {table}")
    yield
    for table in referring:
        op.execute(f"INSERT INTO {table} SELECT * FROM {table}_aside")
        op.execute(f"DROP TABLE {table}_aside")


def upgrade() -> None:
    # what the table refers to need not be read
    reading = {"resolve_fks": False}
    with _nothing_referring(), op.batch_alter_table(TABLE, reflect_kwargs=reading) as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_{TABLE}_{name}"), type_="check")


def downgrade() -> None:
    reading = {"resolve_fks": False}
    with _nothing_referring(), op.batch_alter_table(TABLE, reflect_kwargs=reading) as table:
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), condition)
