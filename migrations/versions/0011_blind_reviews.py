"""Calls reviewed blind, clean copies of files, recommended amounts, and reviewers' own notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0011"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    blind = sa.Column("is_blind", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("call", blind)
    op.add_column("review", sa.Column("recommended_amount", sa.BigInteger(), nullable=True))
    op.create_table(
        "clean_copy",
        sa.Column("attachment_id", sa.Uuid(), sa.ForeignKey("attachment.id"), primary_key=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "review_note",
        sa.Column("process_id", sa.Uuid(), sa.ForeignKey("process.id"), primary_key=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("review_note")
    op.drop_table("clean_copy")
    op.drop_column("review", "recommended_amount")
    op.drop_column("call", "is_blind")
