"""A review that was handed over names the one before it, and carries notes that were passed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022b"
down_revision = "0023a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review", sa.Column("predecessor_id", sa.Uuid()))
    op.add_column("review", sa.Column("passed_on", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_review_predecessor_id"), "review", ["predecessor_id"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_review_predecessor_id"), "review")
    op.drop_column("review", "passed_on")
    op.drop_column("review", "predecessor_id")
