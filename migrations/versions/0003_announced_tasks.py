"""Which work items their people have been told of by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("announced_at IS NULL AND done_at IS NULL")


def upgrade() -> None:
    op.add_column("task", sa.Column("announced_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_task_unannounced", "task", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_index("ix_task_unannounced", "task")
    op.drop_column("task", "announced_at")
