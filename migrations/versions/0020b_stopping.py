"""Mails about tasks that can be stopped, and jobs that can be stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0020b"
down_revision = "0021a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "task_mail",
        sa.Column("mail_id", sa.Uuid(), primary_key=True),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("stopped_at", UtcDateTime()),
        mail_id="mail_delivery",
        task_id="task",
    )
    op.create_index(op.f("ix_task_mail_task_id"), "task_mail", ["task_id"])
    _create(
        "task_hold",
        sa.Column("task_id", sa.Uuid(), primary_key=True),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        task_id="task",
        held_by="user_account",
    )
    op.add_column("outbox_message", sa.Column("stopped_at", UtcDateTime()))
    op.add_column("outbox_message", sa.Column("stopped_by", sa.Uuid()))


def _create(table: str, *parts: sa.schema.SchemaItem, **refers: str) -> None:
    keys = [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
        )
        for column, other in refers.items()
    ]
    op.create_table(table, *parts, *keys)


def downgrade() -> None:
    op.drop_column("outbox_message", "stopped_by")
    op.drop_column("outbox_message", "stopped_at")
    op.drop_table("task_hold")
    op.drop_table("task_mail")
