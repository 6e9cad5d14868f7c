"""The seat whose holidays count for a process, reminders of tasks, changes of version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REMINDED = sa.text("done_at IS NULL AND reminded < 3")
SEATS = """
UPDATE process SET region = coalesce((
    SELECT organisation.seat_region FROM call
    JOIN organisation ON organisation.id = call.authority_id WHERE call.id = process.call_id
), region)
"""


def upgrade() -> None:
    region = sa.Column("region", sa.String(), nullable=False, server_default="DE-BE")
    op.add_column("process", region)
    op.execute(SEATS)
    op.add_column("task", sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_task_reminding", "task", ["due_at"], sqlite_where=REMINDED, postgresql_where=REMINDED
    )
    op.create_table(
        "version_change",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("definition_key", sa.String(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("states", Json, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("version_change")
    op.drop_index("ix_task_reminding", "task")
    op.drop_column("task", "reminded")
    op.drop_column("process", "region")
