"""What administrators did to queued jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0022"
down_revision = "0020b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "act IN ('stopped', 'resumed', 'retried')", name=op.f("ck_outbox_act_act")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_message.id"],
            name=op.f("fk_outbox_act_message_id_outbox_message"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_outbox_act_actor_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_act")),
    )
    op.create_index(op.f("ix_outbox_act_message_id"), "outbox_act", ["message_id"])


def downgrade() -> None:
    op.drop_table("outbox_act")
