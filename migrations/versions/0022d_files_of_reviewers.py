"""Names found in files, and what an office decides about such a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import Json, UtcDateTime

revision = "0022d"
down_revision = "0022c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviewers_file",
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("looked_at", UtcDateTime()),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.Uuid()),
        sa.CheckConstraint(
            "decision IN ('', 'withheld', 'replaced')", name=op.f("ck_reviewers_file_decision")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_reviewers_file_attachment_id_attachment"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"],
            ["attachment.id"],
            name=op.f("fk_reviewers_file_replaced_by_attachment"),
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_reviewers_file")),
    )


def downgrade() -> None:
    op.drop_table("reviewers_file")
