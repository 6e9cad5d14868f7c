"""What people want to hear of by mail, the lines of their daily mails, and states untold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None

UNTOLD = sa.text("told_state <> state")


def upgrade() -> None:
    op.add_column(
        "mail_delivery", sa.Column("unsubscribe", sa.String(), nullable=False, server_default="")
    )
    op.create_table(
        "notification_choice",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.CheckConstraint(
            "way IN ('at_once', 'daily', 'none')", name=op.f("ck_notification_choice_way")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_notification_choice_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_notification_choice")),
    )
    op.create_table(
        "digest_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedup_key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_digest_line_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_line")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_digest_line_dedup_key")),
    )
    op.create_index(op.f("ix_digest_line_user_id"), "digest_line", ["user_id"])
    op.create_index("ix_digest_line_created_at", "digest_line", ["created_at", "user_id"])
    op.add_column("process", sa.Column("told_state", sa.String()))
    op.execute("UPDATE process SET told_state = state")
    op.create_index(
        "ix_process_untold", "process", ["id"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )


def downgrade() -> None:
    op.drop_index("ix_process_untold", "process")
    op.drop_column("process", "told_state")
    op.drop_table("digest_line")
    op.drop_table("notification_choice")
    op.drop_column("mail_delivery", "unsubscribe")
