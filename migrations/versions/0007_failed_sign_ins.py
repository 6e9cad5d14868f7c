"""Failed attempts to sign in, by which further ones are slowed down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from funding_app.models.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_failed_sign_in_address", "failed_sign_in", ["address", "at"])
    op.create_index("ix_failed_sign_in_at", "failed_sign_in", ["at"])


def downgrade() -> None:
    op.drop_table("failed_sign_in")
