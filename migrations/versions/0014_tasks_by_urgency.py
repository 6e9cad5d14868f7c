"""An index of open tasks in the order in which a person's list shows them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0009"
branch_labels = None
depends_on = None

LIMIT = "coalesce(due_at, '9999-01-01 00:00:00.000000')"
OPEN = "done_at IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_task_urgent",
        "task",
        ["role", sa.text(LIMIT), "id"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.drop_index("ix_task_open", "task")


def downgrade() -> None:
    op.create_index(
        "ix_task_open", "task", ["role", "due_at", "id"], postgresql_where=sa.text(OPEN)
    )
    op.drop_index("ix_task_urgent", "task")
